import json

import pytest
from support.memory import measured

from index.search.searcher import Searcher
from index.store.embedded import index_of
from index.text.language import STEMMED, language_of
from index.text.stemming import stem
from index.verify import verify

GERMAN = """Die Häuser am Hafen wurden nach dem Brand von 1842 wieder aufgebaut. Sie stehen auf Pfählen aus Eichenholz,
die tief in den Schlick getrieben sind. Im Erdgeschoss lagern die Händler ihre Waren, darüber wohnen sie mit ihren
Familien.

Die Speicher werden mit Winden beladen, die an den Giebeln hängen. Jeden Morgen legen Kähne an, und die Arbeiter heben
Säcke mit Kaffee, Tee und Gewürzen auf die Böden.
"""
FRENCH = """Les maisons du port ont été reconstruites après l'incendie de 1842. Elles reposent sur des pieux de chêne
enfoncés dans la vase. Au rez-de-chaussée, les marchands gardent leurs marchandises et vivent au-dessus avec leurs
familles.
"""


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (GERMAN, "german"),
        (FRENCH, "french"),
        ("The houses by the harbour were built again after the fire. " * 9, "english"),
        (GERMAN[:60], "german"),
        ("Der Hafen brennt.", "english"),
        ("Peter Müller, Hafenstraße 12, Hamburg, Telefon 040 123456, Rechnung", "english"),
        (f"{GERMAN}\n\n{FRENCH}", "english"),
        (json.dumps({f"key_{number}": [number, "x" * 9] for number in range(200)}), "english"),
        ("茶は二分間蒸らす。" * 50, "english"),
        ("", "english"),
    ],
)
def test_a_text_is_of_the_language_that_it_is_plainly_written_in(text, expected):
    assert language_of(text) == expected


@pytest.mark.parametrize("language", sorted(set(STEMMED.values())))
def test_every_language_has_a_stemmer(language):
    assert stem("2020", language) == "2020"


def test_a_question_in_the_language_of_a_document_finds_other_forms_of_its_words(run, folder, index, encoder):
    (folder / "hafen.txt").write_text(GERMAN, "utf-8")
    run()
    search = Searcher(index, encoder).search
    hit = search("Welches Haus hat einen Pfahl?", 1).hits[0]
    assert (hit.passage.path, hit.passage.language, hit.bm25_rank) == ("hafen.txt", "german", 1)
    assert {"haus", "pfahl"} <= set(hit.matched)
    assert {hit.passage.text[start:end] for start, end in hit.marks} >= {"Häuser", "Pfählen"}
    assert search("Who is steeping black tea?", 1).hits[0].matched == ("steep", "black", "tea")
    with index_of(index).open() as store:
        assert store.languages() == ["english", "german"]
        assert verify(store, folder) == []
    (folder / "hafen.txt").unlink()
    run()
    assert search("Welches Haus hat einen Pfahl?", 1).hits[0].matched == ()


def test_a_word_of_any_length_takes_little_memory():
    text = "茶" * 3_000_000
    with measured() as memory:
        assert language_of(text) == "english"
    assert memory.peak_mb < 30
