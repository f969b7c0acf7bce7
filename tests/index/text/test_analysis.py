import pytest
from support.memory import measured

from index.text.analysis import compounds, content_stems, forms, name_text, query_words, stems, words
from index.text.codes import MAX_CODE, POINT, find_codes
from index.text.stemming import fold, stem


def codes(text):
    """Return the terms of the words that hold others, which are the codes of a text."""
    found = words(text)
    return [
        one.term
        for one in found
        if any(one[:2] != other[:2] and one.start <= other.start and other.end <= one.end for other in found)
    ]


def test_case_endings_and_accents_do_not_matter():
    assert stems("Railways RAILWAY naïve naive") == ["railway", "railway", "naiv", "naiv"]


def test_hyphenated_words_are_their_parts():
    assert stems("Rajin-Khasan") == stems("Rajin Khasan")


def test_a_typographic_apostrophe_is_an_apostrophe():
    assert stems("Russia’s") == stems("Russia's") == ["russia"]


def test_function_words_of_a_question_do_not_count_unless_they_are_all_there_is():
    assert content_stems("What is the railway for?") == ["railway"]
    assert content_stems("To be or not to be") == ["to", "be", "or", "not"]


@pytest.mark.parametrize(
    ("question", "terms"),
    [
        ("Hello, could you please explain what happens when the valve closes? Thanks", ["valv", "close"]),
        ("hi, im wondering whats the rent", ["rent"]),
        ("What’s meant by escrow?", ["escrow"]),
        ("I don't know how the fee is paid", ["fee", "pay"]),
        ("does anybody know something about parking", ["park"]),
    ],
)
def test_words_that_only_frame_a_question_do_not_count(question, terms):
    assert content_stems(question) == terms


@pytest.mark.parametrize(
    ("question", "terms"),
    [
        ("how long does the battery last", ["long", "batteri"]),
        ("How long will the delivery take?", ["long", "deliveri"]),
        ("how long does the last lap take?", ["long", "last", "lap"]),
        ("the last meeting", ["last", "meet"]),
        ("how long is the last lap", ["long", "last", "lap"]),
        ("who takes the minutes", ["take", "minut"]),
    ],
)
def test_the_verb_of_a_question_about_a_time_does_not_count(question, terms):
    assert content_stems(question) == terms


@pytest.mark.parametrize(
    ("question", "language", "terms"),
    [
        ("Wie lange dauert die Prüfung der Anlage?", "german", ["lang", "dauert", "prufung", "anlag"]),
        ("Quelle est la durée du contrat ?", "french", ["dur", "contrat"]),
        ("Qu’est-ce que la TVA ?", "french", ["tva"]),
        ("¿Qué es el contrato?", "spanish", ["contrat"]),
        ("Was ist what?", "german", ["was", "ist", "what"]),
    ],
)
def test_function_words_are_those_of_the_language_and_of_english(question, language, terms):
    assert content_stems(question, language) == terms


def test_function_words_of_another_language_count_in_english():
    assert content_stems("die der") == ["die", "der"]


@pytest.mark.parametrize(
    ("forms", "term"),
    [
        ("buy bought buys buying", "buy"),
        ("pay paid pays", "pay"),
        ("child children", "child"),
        ("mouse mice", "mous"),
        ("foot feet", "foot"),
        ("wolf wolves", "wolf"),
        ("write wrote written", "write"),
        ("bring brought", "bring"),
        ("ox oxen", "ox"),
    ],
)
def test_irregular_forms_have_one_term(forms, term):
    assert set(stems(forms)) == {term}


def test_another_word_is_not_taken_for_an_irregular_form():
    assert stem("better") != stem("good")
    assert stem("left") != stem("leave")


@pytest.mark.parametrize(
    ("word", "folded"),
    [
        ("Łódź", "lodz"),
        ("Ørsted", "orsted"),
        ("Đorđe", "dorde"),
        ("ðat", "dat"),
        ("I\u011fd\u0131r", "igdir"),
        ("Straße", "strasse"),
        ("STRASSE", "strasse"),
        ("Þór", "thor"),
        ("Ægir", "aegir"),
        ("Œuvre", "oeuvre"),
        ("İzmir", "izmir"),
    ],
)
def test_letters_are_folded_to_plain_ones(word, folded):
    assert fold(word) == folded


@pytest.mark.parametrize(
    ("one", "other"), [("Größe", "Groesse"), ("Müller", "Mueller"), ("Überweisung", "Ueberweisungen"), ("Maß", "Mass")]
)
def test_german_umlauts_match_their_two_letters(one, other):
    assert stem(one, "german") == stem(other, "german")


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("E-1043", "e1043"),
        ("E1043", "e1043"),
        ("e_1043", "e1043"),
        ("TX-4411/B", "tx4411b"),
        ("TX4411B", "tx4411b"),
        ("DN50", "dn50"),
        ("DN-50", "dn50"),
        ("COVID-19", "covid19"),
        ("12,500", "12500"),
        ("12'500", "12500"),
        ("1.000.000", "1000000"),
        ("1,234,567.50", f"1234567{POINT}50"),
        ("1234567.50", f"1234567{POINT}50"),
        ("4.2", f"4{POINT}2"),
        ("4,2", f"4{POINT}2"),
        ("1.5.2", f"1{POINT}5{POINT}2"),
        ("v2.10.3", f"2{POINT}10{POINT}3"),
        ("2.10.3", f"2{POINT}10{POINT}3"),
        ("16:30", f"16{POINT}30"),
        ("MAX_RETRIES", "maxretri"),
        ("get_user_by_id", "getuserbyid"),
        ("getUserById", "getuserbyid"),
    ],
)
def test_a_code_is_one_term_however_it_is_written(text, code):
    if "'" in text:  # an apostrophe does not part words
        assert set(stems(text)) == {code}
    else:
        assert codes(f"Read {text} again.")[0] == code


def test_a_code_stands_before_its_parts():
    assert stems("TX-4411/B") == ["tx4411b", "tx", "4411", "b"]
    assert stems("getUserById") == ["getuserbyid", "get", "user", "by", "id"]
    assert stems("MAX_RETRIES") == ["maxretri", "max", "retri"]
    assert [tuple(word)[:2] for word in words("See E-1043.")] == [(0, 3), (4, 10), (4, 5), (6, 10)]


def test_a_typographic_apostrophe_groups_digits_too():
    assert set(stems("38’750")) == set(stems("38'750")) == set(stems("38750")) == {"38750"}


@pytest.mark.parametrize(
    ("one", "other"),
    [("4.2", "42"), ("v2.10.3", "2.1.3"), ("2.10.3", "2.103"), ("2.1.03", "2.10.3"), ("12.5", "125"), ("1,5", "15")],
)
def test_numbers_that_differ_have_different_terms(one, other):
    assert stems(one)[0] != stems(other)[0]


@pytest.mark.parametrize(
    "text", ["3-5", "10-20", "2019/2020", "24/7", "and/or", "rain-forest", "I/O", "e.g.", "foo.bar"]
)
def test_ranges_and_neighbours_are_no_codes(text):
    assert codes(text) == []


@pytest.mark.parametrize(
    "text",
    [
        "2024-03-11",
        "2024-3-11",
        "11 March 2024",
        "11 Mar 2024",
        "11th of March 2024",
        "11th March, 2024",
        "March 11, 2024",
        "Mar. 11th, 2024",
        "MARCH 11 2024",
    ],
)
def test_a_date_is_one_term_however_it_is_written(text):
    assert stems(f"On {text} it was.")[1] == "20240311"


@pytest.mark.parametrize("text", ["2024-13-40", "March 2024", "40 March 2024", "11 Marching 2024", "0 May 2024"])
def test_what_is_no_date_has_no_term_of_one(text):
    assert not [term for term in stems(text) if len(term) == 8 and term.isdigit()]


def test_a_long_chain_is_no_code():
    assert codes("a_" * 30 + "a") == []


def test_a_code_stands_for_its_parts_in_a_question_if_the_documents_hold_it():
    assert content_stems("What does E-1043 mean?", held={"e1043", "e", "1043"}) == ["e1043"]
    assert content_stems("What does E-1043 mean?", held={"1043"}) == ["e1043"]
    assert content_stems("What does getUserById do?", held={"getuserbyid", "user"}) == ["getuserbyid"]


def test_a_name_of_words_is_its_words_if_no_document_holds_it():
    assert content_stems("Where is getUserById?", held={"user"}) == ["get", "user"]
    assert content_stems("Which MAX_RETRIES?", held={"retri"}) == ["max", "retri"]


def test_words_of_a_question_keep_their_places():
    question = "Does the E-1043 valve leak?"
    assert [question[word.start : word.end] for word in query_words(question)] == ["E-1043", "valve", "leak"]


def test_neighbours_are_one_word_unless_one_is_a_function_word():
    assert compounds("Is the rain-forest by the tea pot?") == ["rainforest", "teapot"]
    assert compounds("tea  pot") == []


def test_the_name_of_a_file_is_its_words_without_the_suffix():
    assert name_text("a.b/Terms v2.1.pdf") == "a.b / Terms v2.1"
    assert name_text("README") == "README"
    assert name_text(".profile") == ".profile"
    assert {"vacat", "sick", "leav"} <= set(stems(name_text("office/vacation_and-sick leaving.md")))


def test_words_are_placed_in_characters_even_after_an_emoji():
    assert words("🍵 tea") == [(2, 5, "tea")]


def test_other_scripts_are_words():
    assert stems("чай 茶") == ["чаи", "茶"]


def test_what_is_written_without_spaces_is_found_by_any_two_characters_of_it():
    assert stems("北京大学 2024") == ["北京", "京大", "大学", "2024"]
    assert set(stems("京大")) <= set(stems("北京大学"))
    assert stems("USB接口") == ["usb", "接口"]
    assert stems("กาแฟ") == ["กา", "าแ", "แฟ"]


def test_vowel_signs_are_part_of_a_word():
    assert [end for _, end, _ in words("हिन्दी चाय")] == [6, 10]
    assert len(words("שָׁלוֹם")) == len(words("سَلَام")) == 1


@pytest.mark.parametrize("text", ["x" * 50_000, "aB" * 25_000, "a-" * 25_000, "1," * 25_000, "a'" * 25_000])
def test_a_giant_word_is_no_code(text):
    assert not [code for code in find_codes(text) if code.end - code.start > MAX_CODE]


def test_words_of_more_than_64_letters_are_no_forms():
    assert forms(f"tea {'x' * 64} {'y' * 65}") == {"x" * 64}


def test_forms_are_whole_words_however_long_the_text_is(monkeypatch):
    text = "green leaves steep slowly " * 10
    whole = forms(text)
    for size in (7, 20, 31):
        monkeypatch.setattr("index.text.analysis._FORMS_PIECE", size)
        assert forms(text) == whole == {"green", "leaves", "steep", "slowly"}


def test_a_text_of_random_words_has_so_many_forms_and_takes_little_memory(monkeypatch):
    monkeypatch.setattr("index.text.analysis._MAX_FORMS", 10_000)
    letters = str.maketrans("0123456789", "abcdefghij")
    text = " ".join(f"{number:07}".translate(letters) for number in range(500_000))
    with measured() as memory:
        found = forms(text)
    assert 10_000 <= len(found) < 80_000  # whole pieces
    assert memory.peak_mb < 40
