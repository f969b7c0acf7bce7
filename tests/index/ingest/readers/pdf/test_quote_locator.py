from index.ingest.readers.pdf.quote_locator import MAX_LETTERS, MIN_PART, find, holds


def found(quote, page):
    return [page[start:end] for start, end in find(quote, page)]


def test_blanks_line_ends_and_hyphens_do_not_count():
    page = "Tea.\r\nGreen tea is steep\x02\r\ned for two\r\nminutes. Milk."
    assert found("Green tea is steeped for two minutes.", page) == ["Green tea is steep\x02\r\ned for two\r\nminutes."]


def test_ligatures_accents_and_halves_of_letters_are_one_with_their_letters():
    assert found("The office’s café 😀 is cold", "The o\ufb03ce's cafe\u0301 \ud83d\ude00 is cold.") == [
        "The o\ufb03ce's cafe\u0301 \ud83d\ude00 is cold"
    ]


def test_the_signs_around_a_quote_belong_to_it_if_they_are_in_it():
    assert found("(It is hot.)", "Tea. (It is hot.) Milk") == ["(It is hot.)"]
    assert found("It is hot", "Tea. (It is hot.) Milk") == ["It is hot"]


def test_a_footnote_mark_or_a_picture_between_parts_it():
    page = "The tea house in Lisbon was opened3 in the year 1894 by a sailor.\r\n3 See there."
    assert found("The tea house in Lisbon was opened in the year 1894 by a sailor.", page) == [
        "The tea house in Lisbon was opened",
        "in the year 1894 by a sailor.",
    ]


def test_of_a_quote_over_two_pages_each_has_its_part():
    quote = "The lighthouse on the island of Skarvoy is 41 metres tall and shines in red."
    assert found(quote, "Towers\r\nThe lighthouse on the island of\r\n17") == ["The lighthouse on the island of"]
    assert found(quote, "Towers\r\nSkarvoy is 41 metres tall and shines in red. Its") == [
        "Skarvoy is 41 metres tall and shines in red."
    ]


def test_a_few_words_that_are_elsewhere_too_are_not_the_quote():
    page = "The kettle is made of copper, and the tower of stone."
    assert len("madeofcopper") < MIN_PART
    assert found("The old kettle was made of copper in 1894.", page) == []


def test_a_quote_without_letters_and_an_empty_one_are_nowhere():
    assert (find("", "tea"), find(" – ", "tea – "), find("tea", "")) == ([], [], [])


def test_a_page_holds_a_quote_that_is_whole_on_it():
    assert holds("It is hot-\r\nter.", "It is hotter.")
    assert not holds("It is hot", "It is hotter.")


def test_on_a_page_of_very_many_letters_only_the_whole_quote_is_sought():
    page = "The kettle is made of copper and of tin. " * (MAX_LETTERS // 30)
    assert find("The kettle is made of copper and of gold.", page) == []
    assert found("of tin. The kettle", page) == ["of tin. The kettle"]
