import pytest

from index.types import Document, Passage
from qa.types import Answer, Citation


def test_a_passage_is_exactly_its_range():
    with pytest.raises(ValueError, match=r"t\.md: \[0, 3\) is not as long as its text"):
        Passage(path="t.md", start=0, end=3, text="four")


def test_a_passage_cannot_be_cut_past_the_end():
    with pytest.raises(ValueError, match=r"t\.md: no passage at \[2, 9\)"):
        Passage.cut(Document(path="t.md", text="four"), 2, 9)


def test_a_page_is_counted_from_one_and_unknown_without_pages():
    document = Document(path="t.pdf", text="aabbcc", pages=((0, 1), (2, 2), (4, 7)))
    passage = Passage.cut(document, 1, 6)
    assert passage.pages == ((1, 1), (2, 2), (4, 7))
    assert [passage.page_at(position) for position in (1, 2, 3, 4, 5)] == [1, 2, 2, 7, 7]
    assert Passage.cut(document, 2, 4).pages == ((2, 2),)
    assert Passage.cut(Document(path="t.md", text="aabb"), 0, 2).page_at(0) is None


def test_a_citation_quotes_its_range_and_nothing_else():
    passage = Passage(path="t.md", start=10, end=20, text="four words")
    assert Citation(number=1, quote="words", start=15, end=20, passage=passage).quote == "words"
    with pytest.raises(ValueError, match=r"\[14, 19\) is not the quote"):
        Citation(number=1, quote="words", start=14, end=19, passage=passage)


def test_an_answer_has_a_citation():
    with pytest.raises(ValueError, match="at least one citation"):
        Answer(question="why?", citations=(), confidence=1.0)
