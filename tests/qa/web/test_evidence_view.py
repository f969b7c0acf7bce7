from index.types import Hit, Passage
from qa.types import Answer, Citation, NoAnswer
from qa.web.evidence_view import evidence_html


def test_two_quotes_of_one_passage_share_a_card():
    passage = Passage(path="a.md", start=5, end=16, text="One. Two. 3", sentences=((5, 9), (10, 14)))
    html = evidence_html(
        Answer(
            question="q",
            citations=(
                Citation(number=1, quote="One.", start=5, end=9, passage=passage),
                Citation(number=2, quote="Two.", start=10, end=14, passage=passage),
            ),
            confidence=1.0,
        ),
        "k2",
    )
    assert html.count('class="card"') == 1
    assert '<mark id="quote-k2-1">One.</mark> <mark id="quote-k2-2">Two.</mark> 3' in html


def test_in_a_quote_the_words_that_meet_the_question_are_set_off():
    passage = Passage(path="a.md", start=5, end=16, text="One. Two. 3", sentences=((5, 9), (10, 14)))
    html = evidence_html(
        Answer(
            question="q",
            citations=(Citation(number=1, quote="Two.", start=10, end=14, passage=passage, marks=((10, 13),)),),
            confidence=1.0,
        ),
        "k0",
    )
    assert 'One. <mark id="quote-k0-1"><b>Two</b>.</mark> 3' in html


def test_a_card_says_why_its_passage_was_found():
    passage = Passage(path="a.md", start=0, end=4, text="Tea.")
    hit = Hit(
        passage=passage,
        score=0.5,
        bm25_rank=2,
        semantic_rank=3,
        similarity=0.61,
        term_coverage=0.4,
        matched=("tea", "hot"),
        maxsim=0.72,
    )
    html = evidence_html(
        Answer(
            question="q",
            citations=(Citation(number=1, quote="Tea.", start=0, end=4, passage=passage),),
            confidence=1.0,
            hits=(hit,),
        ),
        "k0",
    )
    assert "<li>2nd best by matching words (tea, hot)</li>" in html
    assert "<li>3rd best by meaning (similarity 0.61)</li>" in html
    assert "<li>its words are 72% similar to yours</li>" in html
    assert "<li>contains 40% of your words, weighted by rarity</li>" in html


def test_a_card_says_when_its_document_has_changed():
    passage = Passage(path="a.md", start=0, end=4, text="Tea.")
    stale, fresh = (
        Answer(
            question="q",
            citations=(Citation(number=1, quote="Tea.", start=0, end=4, passage=passage, is_current=is_current),),
            confidence=1.0,
        )
        for is_current in (False, True)
    )
    assert '<p class="stale" data-stale>This document has changed since.' in evidence_html(stale, "k0")
    assert '<p class="stale" data-stale hidden>' in evidence_html(fresh, "k0")


def test_a_refusal_shows_the_three_nearest_passages():
    hits = tuple(
        Hit(passage=Passage(path=f"{number}.md", start=0, end=4, text="Tea."), score=1.0) for number in range(5)
    )
    html = evidence_html(NoAnswer(question="q", nearest=hits), "k0")
    assert html.count('class="card"') == 3
    assert "<h2>Closest passages</h2>" in html
    assert evidence_html(NoAnswer(question="q"), "k0") == ""


def test_a_card_opens_its_quote_in_its_document():
    passage = Passage(path="a.md", start=5, end=16, text="One. Two. 3", sentences=((5, 9), (10, 14)))
    html = evidence_html(
        Answer(
            question="q",
            citations=(Citation(number=1, quote="Two.", start=10, end=14, passage=passage),),
            confidence=1.0,
        ),
        "k0",
    )
    assert 'data-action="open" data-document="a.md" data-start="10" data-end="14" data-quote="Two."' in html
