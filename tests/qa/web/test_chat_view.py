from dataclasses import replace
from html.parser import HTMLParser

import pytest

from index.types import Hit, Passage
from qa.types import Answer, Citation, Exchange, NoAnswer
from qa.web.chat_view import announcement, reply_html, suggestions_html, turn_html, welcome_html
from qa.web.evidence_view import evidence_html

HOSTILE = '<script>alert(1)</script> <img src=x onerror=alert(2)> ${alert(3)} `x` $$y$$ &lt; [a](http://b) "q" \x01'
PATH = 'a"><b onclick=x>.md'


class Seen(HTMLParser):
    """The tags, the attributes' names and the text of some HTML."""

    def __init__(self, html):
        super().__init__()
        self.tags, self.attributes, self.text = set(), set(), ""
        self.feed(str(html))

    def handle_starttag(self, tag, attrs):
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}

    def handle_data(self, data):
        self.text += data


def hostile_answer():
    passage = Passage(
        path=PATH,
        start=0,
        end=len(HOSTILE),
        text=HOSTILE,
        sentences=((0, len(HOSTILE)),),
        section=(HOSTILE,),
        pages=((0, 3),),
    )
    return Answer(
        question=HOSTILE,
        citations=(Citation(number=1, quote=HOSTILE, start=0, end=len(HOSTILE), passage=passage, is_current=False),),
        confidence=0.9,
        hits=(Hit(passage=passage, score=0.5),),
        generation=4,
    )


@pytest.mark.parametrize(
    "render",
    [
        lambda reply: turn_html(HOSTILE, "k1") + reply_html(Exchange(HOSTILE, reply), "k1"),
        lambda reply: announcement(Exchange(HOSTILE, reply)),
        lambda reply: evidence_html(reply, "k1"),
        lambda reply: welcome_html(HOSTILE, [reply.question]),
    ],
)
def test_what_documents_and_questions_contain_is_shown_as_text(render):
    html = render(hostile_answer())
    seen = Seen(html)
    assert not seen.tags & {"script", "img", "iframe", "b", "style", "link", "object", "form", "input"}
    assert not {name for name in seen.attributes if name.startswith("on") or name in ("src", "style")}
    assert "<script>alert(1)</script>" in seen.text
    assert not any(mark in html for mark in ("${", "`", "$$", "\x01"))


def cited(number=1, text="Tea.", path="a.md", start=0, **more):
    passage = Passage(path=path, start=start, end=start + len(text), text=text, **more)
    return Citation(number=number, quote=text, start=start, end=start + len(text), passage=passage)


def answer(*citations, question="q", confidence=1.0, **more):
    return Answer(question=question, citations=citations or (cited(),), confidence=confidence, **more)


def show(reply, question="q"):
    return reply_html(Exchange(question, reply), "k1")


def test_an_answer_has_quotes_with_footnotes_its_confidence_and_its_documents():
    passage = Passage(path="a.md", start=5, end=14, text="One. Two.", sentences=((5, 9), (10, 14)), section=("Top",))
    html = show(answer(Citation(number=1, quote="Two.", start=10, end=14, passage=passage), confidence=0.62))
    assert '<q dir="auto">Two.</q>&NoBreak;<sup><a class="footnote" href="#quote-k1-1"' in html
    assert 'aria-label="Footnote 1: a.md, Top"' in html
    tip = "Of 100 answers with this confidence, about 62 are right."
    assert f'data-tip="{tip}">May answer your question</span> · From a.md</p>' in html


def test_the_documents_of_an_answer_are_named_once_with_their_pages():
    first = cited(1, "One.", "a.pdf", pages=((0, 3),))
    second = cited(2, "Two.", "a.pdf", start=9, pages=((9, 4),))
    assert "From a.pdf (pages 3, 4), b.md</p>" in show(answer(first, second, cited(3, "Three.", "b.md")))


def test_quotes_beyond_a_readable_length_are_folded():
    long = "word " * 80 + "end."
    html = show(answer(cited(1, long), cited(2, "Short."), cited(3, long, "b.md")))
    shown, folded = html.split('<details class="more"><summary>1 more quote</summary>')
    assert "Short." in shown and "#quote-k1-3" not in shown and "#quote-k1-3" in folded
    assert "<details" not in show(answer(cited(1, long * 3)))


def test_the_first_sentences_of_each_further_quote_are_shown_rather_than_none():
    first = cited(1, "word " * 70 + "end.")
    text = "Coffee is roasted. " + "It is brown. " * 20
    sentences = ((0, 18), *((19 + 13 * n, 31 + 13 * n) for n in range(20)))
    html = show(answer(first, cited(2, text.strip(), "b.md", sentences=sentences)))
    assert "<details" not in html
    opening = "Coffee is roasted. " + "It is brown. " * 11 + "It is brown."
    assert f'<q dir="auto">{opening}</q><span class="quiet"> …</span>&NoBreak;<sup>' in html
    late = replace(cited(2, text.strip(), "b.md", sentences=sentences), lead=sentences[20])
    assert '<q dir="auto">It is brown.</q>&NoBreak;<sup>' in show(answer(first, late))


def test_a_quote_of_a_changed_document_is_marked():
    (citation,) = answer().citations
    assert '<p class="stale" data-stale hidden>' in show(answer())
    html = show(answer(replace(citation, is_current=False)))
    assert '<p class="stale" data-stale><span>a.md has changed since this answer.</span>' in html


def test_a_corrected_question_is_shown():
    assert '<p class="searched">Showing results for: tea? <button' in show(answer(question="te?", searched="tea?"))


def test_without_an_answer_the_closest_passages_are_offered():
    hits = tuple(Hit(passage=Passage(path=f"{n}.md", start=0, end=4, text="Tea."), score=1.0) for n in range(5))
    html = show(NoAnswer(question="q", nearest=hits))
    assert "<strong>I found no answer in your documents.</strong> These passages come closest:" in html
    assert html.count('data-action="closest"') == 3
    listed = Passage(path="a.md", start=0, end=21, text="Bring:\n- a cup\n- milk")
    assert '<span dir="auto">Bring: a cup milk</span>' in show(
        NoAnswer(question="q", nearest=(Hit(passage=listed, score=1.0),))
    )
    assert "come closest" not in show(NoAnswer(question="q"))
    assert "nothing more about this" in show(NoAnswer(question="q", follows="p"))


def test_a_problem_offers_to_ask_again():
    html = reply_html(Exchange("q", problem="There are no documents yet."), "k1")
    assert '<p class="problem">There are no documents yet.</p>' in html
    assert '<button type="button" class="act" data-action="again">Ask again</button>' in html


def test_an_answer_can_be_copied_as_text_and_as_markdown():
    html = show(answer(), "Hot?")
    assert 'data-text="Hot?\n\nTea. [1]\n\n[1] a.md\n"' in html
    assert 'data-markdown="**Hot?**\n\nTea.[^1]\n\n[^1]: a.md\n"' in html


def test_the_announcement_is_the_reply():
    assert announcement(Exchange("q", answer())) == "Tea. [1] [1] a.md"
    assert announcement(Exchange("q", problem="No documents.")) == "No documents."


def test_a_follow_up_names_the_earlier_question_and_can_be_asked_without_it():
    html = show(answer(follows="Is tea hot?"))
    assert "Asked about: Is tea hot?" in html
    assert 'data-action="standalone" title="Ask as a new question"' in html


def test_a_correction_and_a_scope_can_be_taken_back_and_a_notice_is_shown():
    html = show(answer(searched="Hot tea?", scope="tea.md", notice="Your documents are in German."), "Hot teaa?")
    assert 'data-action="astyped"' in html and "Search instead for" in html
    assert 'data-action="everywhere" title="Ask again in all documents"' in html
    assert html.index("Your documents are in German.") < html.index("Tea.")


def test_an_underspecified_question_offers_topics():
    html = show(NoAnswer(question="cost?", clarifications=("Tea: cost?", "Milk: cost?")))
    assert html.index('data-question="Tea: cost?"') < html.index('data-question="Milk: cost?"')
    assert "Which topic do you mean?" in html


def test_related_questions_are_buttons():
    assert 'data-action="ask" data-question="Is milk cold?"' in suggestions_html(["Is milk cold?"])
    assert suggestions_html([]).strip() == ""


def listing(message, *paths):
    return show(
        answer(*(cited(number, path=path) for number, path in enumerate(paths, 1)), kind="documents", message=message)
    )


def test_a_list_of_documents_names_each_once_at_its_quote():
    html = listing("12 documents: a.md, b.md and 10 more.", "a.md", "b.md")
    assert '<p class="message">12 documents:</p>' in html
    assert '<li><span class="path" dir="auto">a.md</span> <q dir="auto">Tea.</q>' in html
    assert "and 10 more <button" in html
    html = listing("4 documents are about tea: a.md, b, c.md, d.md and e.md.", "a.md", "b, c.md")
    assert '<p class="message">4 documents are about tea:</p>' in html
    assert html.count("a.md</span>") == html.count("b, c.md</span>") == 1
    assert '<li><span class="path" dir="auto">d.md</span></li><li><span class="path" dir="auto">e.md</span>' in html
    html = listing("2 documents: a.md and b.md.", "c.md")
    assert '<p class="message">2 documents: a.md and b.md.</p>' in html


def row(number, text, passage_text, path="a.md"):
    passage = Passage(path=path, start=0, end=len(passage_text), text=passage_text)
    start = passage_text.index(text)
    return Citation(number=number, quote=text, start=start, end=start + len(text), passage=passage)


TABLE = "| Day | Hours |\n|---|---|\n| Monday | 10 |\n| Friday | 8 |"


def test_rows_are_one_table_with_the_header_that_is_quoted_or_stands_above_them():
    quoted = show(answer(*(row(n, line, TABLE) for n, line in enumerate(("| Day | Hours |", "| Friday | 8 |"), 1))))
    assert quoted.count("<table") == 1 and '<th scope="col">Day</th><th scope="col">Hours&NoBreak;<sup>' in quoted
    assert '<td>Friday</td><td>8&NoBreak;<sup><a class="footnote" href="#quote-k1-2"' in quoted
    both = show(answer(row(1, "| Day | Hours |", TABLE), row(2, "| Monday | 10 |\n| Friday | 8 |", TABLE)))
    assert both.count("<table") == 1 and "<td>10</td>" in both and '<td>8&NoBreak;<sup><a class="footnote"' in both
    above = show(answer(row(1, "| Friday | 8 |", TABLE)))
    assert '<th scope="col">Day</th><th scope="col">Hours</th>' in above


def test_of_a_wide_row_the_columns_that_match_are_shown_and_the_others_folded():
    text = "Name: Ada; Room: 4; Floor: 2; Desk: 7; Phone: 55; Badge: 9; Team: Blue; Car: no; Key: 12"
    passage = Passage(path="a.csv", start=0, end=len(text), text=text, unit="row", pages=((0, 2),))
    marks = ((text.index("Floor"), text.index("Floor") + 5),)
    html = show(answer(Citation(number=1, quote=text, start=0, end=len(text), passage=passage, marks=marks)))
    shown, folded = html.split('<details class="more"><summary>All 9 columns</summary>')
    assert '<th scope="row">Name</th><td>Ada&NoBreak;<sup>' in shown and '<th scope="row">Floor</th><td>2</td>' in shown
    assert "Desk" not in shown and '<th scope="row">Desk</th><td>7</td>' in folded


def test_a_row_of_a_few_columns_is_shown_whole_since_any_of_them_may_answer():
    text = "Model: City 3; Colour: black; Price: 2,390 €; In stock: 0; Delivery: 6 weeks"
    passage = Passage(path="a.csv", start=0, end=len(text), text=text, unit="row", pages=((0, 2),))
    marks = ((text.index("black"), text.index("black") + 5),)
    html = show(answer(Citation(number=1, quote=text, start=0, end=len(text), passage=passage, marks=marks)))
    assert '<th scope="row">Price</th><td>2,390 €</td>' in html
    assert "<details" not in html


def test_a_footnote_stands_within_the_last_item_of_its_list():
    html = show(answer(cited(1, "Bring:\n* a cup\n* milk")))
    assert '<li class="depth-0">milk&NoBreak;<sup><a class="footnote"' in html


def test_topics_are_named_without_marks():
    html = show(NoAnswer(question="q", clarifications=("`Tea` {#tea}", "Milk")))
    assert 'data-question="`Tea` {#tea}"' not in html  # escaped for Gradio
    assert ">Tea</button>" in html
