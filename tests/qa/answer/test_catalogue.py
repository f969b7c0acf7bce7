import pytest

from qa.answer.catalogue import Catalogue, name_words

CATALOGUE = Catalogue(
    {
        "handbook/travel.md": "Travel",
        "handbook/parental-leave.md": "Parental leave",
        "north/policy.md": "Leave",
        "south/policy.md": "Leave",
        "south/rota.xlsx": "Rota",
        "notes/2024-03-12.md": "2024-03-12",
        "budget-2024.txt": "budget-2024",
        "contract.md": "Lease of the workshop",
    }
)


def test_a_phrase_names_the_documents_with_all_its_telling_words():
    assert CATALOGUE.resolve("the travel page of my handbook") == ["handbook/travel.md"]
    assert CATALOGUE.resolve("the lease document") == ["contract.md"]
    assert CATALOGUE.resolve("the parental leave guide") == ["handbook/parental-leave.md"]  # "guide" may be missing
    assert CATALOGUE.resolve("the moon") == CATALOGUE.resolve("the document") == []


def test_the_best_document_is_one_whose_name_has_fewer_other_words():
    assert CATALOGUE.resolve("leave") == ["north/policy.md", "south/policy.md", "handbook/parental-leave.md"]
    assert CATALOGUE.best("leave") == ""
    assert CATALOGUE.best("south leave") == "south/policy.md"
    assert CATALOGUE.best("contract.md") == "contract.md"


@pytest.mark.parametrize("phrase", ["my note of 2024-03-12", "12 March 2024", "March 12th, 2024"])
def test_a_date_names_a_document_however_it_is_written(phrase):
    assert CATALOGUE.best(phrase) == "notes/2024-03-12.md"


def test_names_that_are_written_exactly_are_found_in_a_text():
    assert CATALOGUE.named_in("What does budget-2024.txt say?") == ["budget-2024.txt"]
    assert CATALOGUE.named_in("and budget-2024?") == ["budget-2024.txt"]
    assert CATALOGUE.named_in("according to north/policy.md.") == ["north/policy.md"]
    assert CATALOGUE.named_in("see policy.md") == ["north/policy.md", "south/policy.md"]
    assert CATALOGUE.named_in("the contract and the travel rota") == []


def test_folders_and_types_are_found_by_name():
    assert CATALOGUE.folder("the South folder") == "south/"
    assert CATALOGUE.folder("policy") == ""
    assert CATALOGUE.folders["south/"] == ["south/policy.md", "south/rota.xlsx"]
    assert CATALOGUE.of_type("spreadsheets") == ["south/rota.xlsx"]
    assert CATALOGUE.of_type("recipes") == []


def test_words_of_names_are_without_case_plural_and_markup():
    assert name_words("<a name='x'></a>Policies: Bus-Routes' news") == ["policy", "bus", "route", "new"]
