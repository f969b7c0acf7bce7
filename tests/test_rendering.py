from html.parser import HTMLParser

import pytest

from index.types import Block, Document, Hit, Passage
from qa.rendering import document_html, evidence_html, status_html, text_html, to_html, to_json, to_markdown
from qa.types import Answer, Citation, NoAnswer

HOSTILE = '<script>alert(1)</script> <img src=x onerror=alert(2)> ${alert(3)} `x` $$y$$ &lt; [a](http://b) "q" \x01'
PATH = 'a"><b onclick=x>.md'


class Seen(HTMLParser):
    """The tags, the attributes' names and the text of some HTML."""

    def __init__(self, html):
        super().__init__()
        self.tags, self.attributes, self.text = set(), set(), ""
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}

    def handle_data(self, data):
        self.text += data


def hostile_answer():
    passage = Passage(PATH, 0, len(HOSTILE), HOSTILE, ((0, len(HOSTILE)),), (HOSTILE,), ((0, 3),))
    return Answer(HOSTILE, (Citation(1, HOSTILE, 0, len(HOSTILE), passage, False),), 0.9, (Hit(passage, 0.5),), 4)


@pytest.mark.parametrize("render", [lambda reply: to_html(reply, 0), lambda reply: evidence_html(reply, 0)])
def test_what_documents_say_is_text_and_nothing_else(render):
    html = render(hostile_answer())
    seen = Seen(html)
    assert seen.tags <= {
        "p",
        "sup",
        "a",
        "em",
        "section",
        "h2",
        "article",
        "header",
        "span",
        "blockquote",
        "mark",
        "button",
    }
    assert not {name for name in seen.attributes if name.startswith("on") or name in ("src", "style")}
    assert "<script>alert(1)</script>" in seen.text
    assert not any(mark in html for mark in ("${", "`", "$$", "\x01"))


def test_a_document_is_text_with_its_headings_and_one_mark():
    document = Document("a.md", "Tea <b>\n\nHot ${x}. Sweet.", blocks=(Block(0, 7, 1), Block(9, 25)))
    html = document_html(document, (19, 25))
    assert "<h2>Tea &lt;b&gt;</h2>" in html
    assert "<p>Hot &#36;&#123;x}. <mark" in html
    assert ">Sweet.</mark></p>" in html


def test_a_document_shows_where_its_pages_begin():
    text = "One.\n\nMore.\n\nThree."
    blocks = (Block(0, 4), Block(6, 11), Block(13, 19))
    document = Document("a.pdf", text, blocks=blocks, pages=((0, 1), (11, 2), (13, 3)))
    html = document_html(document, (0, 4))
    assert html.index(">page 1<") < html.index("One.") < html.index("More.") < html.index(">page 3<")
    assert ">page 2<" not in html


def test_two_quotes_of_one_passage_share_a_card():
    passage = Passage("a.md", 5, 16, "One. Two. 3", ((5, 9), (10, 14)))
    html = evidence_html(
        Answer("q", (Citation(1, "One.", 5, 9, passage), Citation(2, "Two.", 10, 14, passage)), 1.0), 2
    )
    assert html.count('class="card"') == 1
    assert '<mark id="quote-2-1">One.</mark> <mark id="quote-2-2">Two.</mark> 3' in html


def test_in_a_quote_the_words_that_meet_the_question_are_set_off():
    passage = Passage("a.md", 5, 16, "One. Two. 3", ((5, 9), (10, 14)))
    html = evidence_html(Answer("q", (Citation(1, "Two.", 10, 14, passage, marks=((10, 13),)),), 1.0), 0)
    assert 'One. <mark id="quote-0-1"><b>Two</b>.</mark> 3' in html


def test_a_slip_that_was_put_right_is_said():
    citation = Citation(1, "Tea.", 0, 4, Passage("a.md", 0, 4, "Tea."))
    reply = Answer("te?", (citation,), 1.0, searched="tea?")
    assert to_html(reply, 0).startswith('<p class="searched">Searched for: tea?</p><p class="answer">Tea.')
    assert to_markdown(reply).startswith("Searched for: tea?\n\nTea.[^1]")


def test_json_has_the_fields_that_scripts_rely_on():
    passage = Passage("a.md", 5, 14, "One. Two.", ((5, 9), (10, 14)), ("Top", "Under"))
    data = to_json(Answer("q", (Citation(1, "Two.", 10, 14, passage),), 0.75, (Hit(passage, 0.5, 1, 2),), 3), 0.01)
    assert {name: data[name] for name in data if name not in ("citations", "hits")} == {
        "question": "q",
        "searched": "",
        "follows": "",
        "choices": [],
        "answered": True,
        "answer": "Two.",
        "confidence": 0.75,
        "generation": 3,
        "seconds": 0.01,
    }
    place = {
        "document": "a.md",
        "page": None,
        "unit": "page",
        "recognised": False,
        "copies": [],
        "section": "Top › Under",
    }
    assert data["citations"] == [
        {"number": 1, **place, "start": 10, "end": 14, "quote": "Two.", "marks": [], "current": True}
    ]
    hit = {"rank": 1, **place, "start": 5, "end": 14, "score": 0.5, "text": "One. Two."}
    why = {"keyword_rank": 1, "meaning_rank": 2, "similarity": 0.0, "word_score": 0.0, "coverage": 0.0, "matched": []}
    assert data["hits"] == [{**hit, **why, "marks": []}]


def test_a_refusal_is_data_too():
    data = to_json(NoAnswer("q", (), 0.1, 3), 0.0)
    assert (data["answered"], data["citations"], data["hits"]) == (False, [], [])


def test_markdown_has_footnotes_and_no_live_markup():
    passage = Passage("a.md", 0, 12, "[x](http://y", ((0, 12),), ("Top",))
    assert to_markdown(Answer("q", (Citation(1, "[x](http://y", 0, 12, passage),), 1.0)) == (
        "\\[x\\]\\(http://y[^1]\n\n[^1]: a.md, Top"
    )


def test_a_refusal_in_markdown_names_the_nearest():
    text = to_markdown(NoAnswer("q", (Hit(Passage("a.md", 0, 4, "Tea."), 1.0),)))
    assert text == "The documents do not answer this.\n\nNearest passages:\n\n- Tea. (a.md)"


def test_plain_text_and_status_are_escaped():
    assert text_html("<b>\n$x") == "<p>&lt;b&gt; &#36;x</p>"
    assert "&lt;b&gt;" in status_html("1 document", "<b>", "", None)


def test_what_a_question_follows_and_what_it_could_mean_are_said():
    unclear = NoAnswer("And *it*?", follows="Is tea hot?", choices=("Tea: is it hot?", "Ice: is it hot?"))
    assert to_markdown(unclear) == (
        "Understood as a follow\\-up to: Is tea hot?\n\nThis could mean several things.\n\n"
        "- Tea: is it hot?\n- Ice: is it hot?"
    )
    data = to_json(unclear, 0.1)
    assert (data["answered"], data["answer"]) == (False, "This could mean several things.")
    assert (data["follows"], data["choices"]) == ("Is tea hot?", ["Tea: is it hot?", "Ice: is it hot?"])
