from html.parser import HTMLParser

import pytest

from index.types import Hit, Passage
from qa.types import Answer, Citation, Exchange, NoAnswer
from qa.web.chat_view import all_evidence_html, announcement, archive_html, chat_html, suggestions_html, welcome_html
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
        lambda reply: chat_html([Exchange(HOSTILE, reply)]),
        lambda reply: announcement(Exchange(HOSTILE, reply)),
        lambda reply: evidence_html(reply, 0),
        lambda reply: archive_html([[Exchange(HOSTILE, reply)]]),
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


def test_an_answer_has_quotes_with_footnotes_and_its_confidence():
    passage = Passage(path="a.md", start=5, end=14, text="One. Two.", sentences=((5, 9), (10, 14)), section=("Top",))
    html = chat_html(
        [
            Exchange(
                "q",
                Answer(
                    question="q",
                    citations=(Citation(number=1, quote="Two.", start=10, end=14, passage=passage),),
                    confidence=0.62,
                ),
            )
        ]
    )
    assert (
        '<q dir="auto">Two.</q>&NoBreak;<sup><a class="footnote" href="#quote-0-1"\n title="Footnote 1: a.md, Top"'
        in html
    )
    assert ">May answer your question · 62 %</p>" in html


def test_a_quote_of_a_changed_document_is_marked():
    citation = Citation(
        number=1,
        quote="Tea.",
        start=0,
        end=4,
        passage=Passage(path="a.md", start=0, end=4, text="Tea."),
        is_current=False,
    )
    assert "This document has changed since." in chat_html(
        [Exchange("q", Answer(question="q", citations=(citation,), confidence=1.0))]
    )


def test_a_corrected_question_is_shown():
    citation = Citation(
        number=1, quote="Tea.", start=0, end=4, passage=Passage(path="a.md", start=0, end=4, text="Tea.")
    )
    assert '<p class="searched">Showing results for: tea?</p>' in chat_html(
        [Exchange("te?", Answer(question="te?", citations=(citation,), confidence=1.0, searched="tea?"))]
    )


def test_a_refusal_says_so_and_a_problem_offers_to_ask_again():
    assert "<strong>I found no answer in your documents.</strong>" in chat_html([Exchange("q", NoAnswer(question="q"))])
    html = chat_html([Exchange("q", problem="There are no documents yet.")])
    assert '<p class="problem">There are no documents yet.</p>' in html
    assert '<button type="button" class="act" data-action="again" data-turn="0">Ask again</button>' in html


def test_an_answer_can_be_copied_as_text_and_as_markdown():
    citation = Citation(
        number=1, quote="Tea.", start=0, end=4, passage=Passage(path="a.md", start=0, end=4, text="Tea.")
    )
    html = chat_html([Exchange("Hot?", Answer(question="Hot?", citations=(citation,), confidence=1.0))])
    assert 'data-text="Hot?\n\nTea. [1]\n\n[1] a.md\n"' in html
    assert 'data-markdown="**Hot?**\n\nTea.[^1]\n\n[^1]: a.md\n"' in html


def test_only_the_last_sources_are_shown():
    html = all_evidence_html(
        [Exchange("a", NoAnswer(question="a")), Exchange("b", problem="no"), Exchange("c", NoAnswer(question="c"))]
    )
    assert html.index('class="evidence" data-turn="0"') < html.index('class="evidence chosen" data-turn="2"')
    assert 'data-turn="1"' not in html
    assert "The passages an answer quotes appear here." in all_evidence_html([])


def test_the_announcement_is_the_reply():
    citation = Citation(
        number=1, quote="Tea.", start=0, end=4, passage=Passage(path="a.md", start=0, end=4, text="Tea.")
    )
    assert (
        announcement(Exchange("q", Answer(question="q", citations=(citation,), confidence=1.0))) == "Tea. [1] [1] a.md"
    )
    assert announcement(Exchange("q", problem="No documents.")) == "No documents."


def test_earlier_conversations_are_listed_last_first():
    html = archive_html(
        [[Exchange("first?", NoAnswer(question="first?"))], [Exchange("second?", NoAnswer(question="second?"))]]
    )
    assert html.index("second?") < html.index("first?")
    assert 'data-action="delete" data-number="0"' in html


def test_a_follow_up_names_the_earlier_question_and_can_be_asked_standalone():
    citation = Citation(
        number=1, quote="Tea.", start=0, end=4, passage=Passage(path="a.md", start=0, end=4, text="Tea.")
    )
    html = chat_html(
        [Exchange("why?", Answer(question="why?", citations=(citation,), confidence=1.0, follows="Is tea hot?"))]
    )
    assert "Asked about: Is tea hot?" in html
    assert 'data-action="standalone" data-turn="0"' in html


def test_an_underspecified_question_offers_topics():
    html = chat_html([Exchange("cost?", NoAnswer(question="cost?", clarifications=("Tea: cost?", "Milk: cost?")))])
    assert html.index('data-question="Tea: cost?"') < html.index('data-question="Milk: cost?"')
    assert "Which topic do you mean?" in html


def test_related_questions_are_buttons():
    assert 'data-action="ask" data-question="Is milk cold?"' in suggestions_html(["Is milk cold?"])
    assert suggestions_html([]) == ""
