import pytest

from index.types import Block, Document, FolderContents, Passage
from qa.answer.parts import find, headings, numbered_parts
from qa.answer.place import quote_place
from qa.answer.place_numbers import number_key
from qa.answer.requests import recognise
from qa.types import Answer, NoAnswer


def document(*lines, pages=(), unit="page"):
    """Make a document of lines: "# " begins a heading, "## " one below it."""
    blocks, text = [], ""
    for line in lines:
        level = len(line) - len(line.lstrip("#"))
        content = line.lstrip("# ")
        blocks.append(Block(start=len(text), end=len(text) + len(content), level=level))
        text += content + "\n\n"
    return Document(path="a.md", text=text, blocks=tuple(blocks), pages=pages, unit=unit)


def texts(made, parts):
    return [" ".join(made.text[part.start : part.end].split()) for part in parts]


def test_a_part_ends_at_the_next_heading_of_its_level_and_holds_those_below():
    made = document("# 1 Tea", "It is hot.", "## 1.1 Green", "Two minutes.", "# 2 Ice", "It is cold.")
    assert [part.name for part in headings(made)] == ["1 Tea", "1.1 Green", "2 Ice"]
    assert texts(made, find(numbered_parts(made), "section", "1")) == ["It is hot. 1.1 Green Two minutes."]
    assert texts(made, find(numbered_parts(made), "clause", "1.1")) == ["Two minutes."]
    assert find(numbered_parts(made), "section", "1.2") == []


def test_headings_of_one_level_are_divided_by_their_numbers():
    made = document("# 4 Tea", "# 4.1 Green", "Two minutes.", "# 5 Ice", "It is cold.")
    assert texts(made, find(numbered_parts(made), "section", "4")) == ["4.1 Green Two minutes."]


def test_a_line_with_a_label_begins_a_part_and_a_label_wins_over_a_bare_number():
    made = document("Article 3", "Members pay.", "Article 12", "They meet.", "# 3 Ice", "It is cold.")
    parts = numbered_parts(made)
    assert texts(made, find(parts, "article", "3")) == ["Members pay."]
    assert texts(made, find(parts, "article", "12")) == ["They meet."]
    assert texts(made, find(parts, "section", "3")) == ["It is cold."]


def test_a_chapter_is_the_part_itself_and_not_its_entry_in_the_contents():
    made = document(
        "03 Ice | 20\n04 End | 50", "01 Tea", "It is hot.", "03 Ice", "It is cold.", "Very.", "04 End", "Bye."
    )
    assert texts(made, find(numbered_parts(made), "chapter", "3")) == ["03 Ice It is cold. Very."]


@pytest.mark.parametrize(("written", "key"), [("three", "3"), ("III", "3"), ("xiv", "14"), ("4.02", "4.2"), ("B", "b")])
def test_a_number_is_one_however_it_is_written(written, key):
    assert number_key(written) == key


class Folder:
    """One document, each of its paragraphs a passage of one sentence."""

    def __init__(self, made):
        self.made = made

    def contents(self):
        return FolderContents(generation=7, total_passages=3, titles={"a.md": "A"})

    def document(self, path):
        return self.made

    def passages_of(self, path):
        spans = [(block.start, block.end) for block in self.made.blocks if not block.level]
        return [(Passage.cut(self.made, start, end, [(start, end)]), None) for start, end in spans]

    def still_says(self, path, quote):
        return True


def quote(question, made):
    return quote_place(recognise(question), Folder(made), ["a.md"], question)


def test_a_page_slide_or_row_is_quoted_by_its_number():
    made = document("Ice is cold.", "Tea is hot.", "Milk is white.", pages=((0, 1), (14, 2)), unit="slide")
    reply = quote("What does slide 2 say?", made)
    assert isinstance(reply, Answer)
    assert [citation.quote for citation in reply.citations] == ["Tea is hot.", "Milk is white."]
    assert (reply.message, reply.generation) == ("Slide 2 in a.md:", 7)
    missing = quote("What does slide 9 say?", made)
    assert isinstance(missing, NoAnswer)
    assert missing.text == "a.md has no slide 9. a.md has slides 1 to 2."


def test_a_long_part_is_quoted_from_its_beginning_after_the_names_of_its_parts():
    made = document("# 1 Tea", "## 1.1 Green", "Steep it. " * 120, "## 1.2 Black", "Steep it longer.")
    reply = quote("section 1", made)
    assert reply.message == "1 Tea in a.md has these parts: 1.1 Green and 1.2 Black. It begins:"
    assert len(reply.citations) == 1


def test_the_number_of_a_point_may_stand_inside_its_paragraph_if_the_document_is_named():
    made = document("Make a plan for the event of 11 being offline.", "Be nice.")
    assert quote("What does point 11 of a.md say?", made).citations[0].quote.startswith("Make a plan")
    assert quote("What does point 12 of a.md say?", made) is None
    assert quote("What does point 11 say?", made) is None
