from dataclasses import replace

from index.types import Hit, Passage
from qa.formatting import place_name, to_json, to_markdown, to_terminal, to_text
from qa.types import Answer, Citation, NoAnswer


def test_a_slip_that_was_put_right_is_said():
    citation = Citation(
        number=1, quote="Tea.", start=0, end=4, passage=Passage(path="a.md", start=0, end=4, text="Tea.")
    )
    reply = Answer(question="te?", citations=(citation,), confidence=1.0, searched="tea?")
    assert to_markdown(reply).startswith("Searched for: tea?\n\nTea.[^1]")


def test_json_has_the_fields_that_scripts_rely_on():
    passage = Passage(
        path="a.md", start=5, end=14, text="One. Two.", sentences=((5, 9), (10, 14)), section=("Top", "Under")
    )
    data = to_json(
        Answer(
            question="q",
            citations=(Citation(number=1, quote="Two.", start=10, end=14, passage=passage),),
            confidence=0.75,
            hits=(Hit(passage=passage, score=0.5, bm25_rank=1, semantic_rank=2),),
            generation=3,
        ),
        0.01,
    )
    assert {name: data[name] for name in data if name not in ("citations", "hits")} == {
        "question": "q",
        "searched": "",
        "follows": "",
        "kind": "answer",
        "notice": "",
        "scope": "",
        "unknown": [],
        "choices": [],
        "answered": True,
        "answer": "Two.",
        "confidence": 0.75,
        "written": False,
        "writer": "",
        "statements": [],
        "generation": 3,
        "seconds": 0.01,
    }
    place = {
        "document": "a.md",
        "page": None,
        "page_name": "",
        "unit": "page",
        "recognised": False,
        "copies": [],
        "section": "Top › Under",
    }
    assert data["citations"] == [
        {
            "number": 1,
            **place,
            "start": 10,
            "end": 14,
            "quote": "Two.",
            "marks": [],
            "current": True,
            "lead": None,
            "more": 0,
            "differs_from": None,
            "similar": 0,
            "date": "",
        }
    ]
    hit = {"rank": 1, **place, "start": 5, "end": 14, "score": 0.5, "text": "One. Two."}
    why = {"keyword_rank": 1, "meaning_rank": 2, "similarity": 0.0, "word_score": 0.0, "coverage": 0.0, "matched": []}
    assert data["hits"] == [{**hit, **why, "marks": []}]


def test_a_refusal_is_data_too():
    data = to_json(NoAnswer(question="q", nearest=(), confidence=0.1, generation=3), 0.0)
    assert (data["answered"], data["citations"], data["hits"]) == (False, [], [])


def test_markdown_has_footnotes_and_no_live_markup():
    passage = Passage(path="a.md", start=0, end=11, text="<x> 2*3 a_b", sentences=((0, 11),), section=("Top",))
    assert to_markdown(
        Answer(
            question="q",
            citations=(Citation(number=1, quote="<x> 2*3 a_b", start=0, end=11, passage=passage),),
            confidence=1.0,
        )
    ) == ("\\<x\\> 2\\*3 a\\_b[^1]\n\n[^1]: a.md, Top")


def test_a_refusal_in_markdown_names_the_nearest():
    text = to_markdown(
        NoAnswer(question="q", nearest=(Hit(passage=Passage(path="a.md", start=0, end=4, text="Tea."), score=1.0),))
    )
    assert text == "The documents do not answer this.\n\nNearest passages:\n\n- Tea. (a.md)"


def test_plain_text_numbers_its_quotes_and_names_their_places():
    passage = Passage(path="a.md", start=0, end=9, text="One.\nTwo.", sentences=((0, 4), (5, 9)), section=("Top",))
    reply = Answer(
        question="q",
        citations=(
            Citation(number=1, quote="One.\nTwo.", start=0, end=9, passage=passage),
            Citation(number=2, quote="Two.", start=5, end=9, passage=passage),
        ),
        confidence=1.0,
    )
    assert to_text(reply) == "One. Two. [1] Two. [2]\n\n[1] a.md, Top\n[2] a.md, Top"
    assert to_text(NoAnswer(question="q")) == "The documents do not answer this."


def test_what_a_question_follows_and_what_it_could_mean_are_said():
    unclear = NoAnswer(
        question="And *it*?", follows="Is tea hot?", clarifications=("Tea: is it hot?", "Ice: is it hot?")
    )
    assert to_markdown(unclear) == (
        "Understood as a follow\\-up to: Is tea hot?\n\nThis could mean several things.\n\n"
        "- Tea: is it hot?\n- Ice: is it hot?"
    )
    data = to_json(unclear, 0.1)
    assert (data["answered"], data["answer"]) == (False, "This could mean several things.")
    assert (data["follows"], data["choices"]) == ("Is tea hot?", ["Tea: is it hot?", "Ice: is it hot?"])


def test_passages_like_a_quoted_one_are_counted():
    passage = Passage(path="a.md", start=0, end=4, text="Tea.")
    cited = Citation(number=1, quote="Tea.", start=0, end=4, passage=passage, similar=58)
    reply = Answer(question="q", citations=(cited,), confidence=0.75)
    assert to_text(reply).endswith("[1] a.md (and 58 more like it)")
    assert to_terminal(reply).endswith("[^1]: a.md (and 58 more like it)")


def test_quotes_that_differ_are_named():
    first, second = (
        Citation(number=number, quote=text, start=0, end=15, passage=Passage(path="a.md", start=0, end=15, text=text))
        for number, text in ((1, "It weighs 3 kg."), (2, "It weighs 4 kg."))
    )
    agreeing, differing = (
        Answer(question="q", citations=(first, one), confidence=0.75)
        for one in (second, replace(second, differs_from=1))
    )
    assert "[1] and [2] differ. Check which one is right." in to_text(differing).splitlines()
    assert r"\[1\] and \[2\] differ. Check which one is right." in to_markdown(differing).splitlines()
    dated = replace(
        differing, citations=(replace(first, date="2023-05-03"), replace(differing.citations[1], date="2024-06-02"))
    )
    assert (
        "[1] (of 2023-05-03) and [2] (of 2024-06-02) differ. Check which one is right." in to_text(dated).splitlines()
    )
    assert "differ" not in to_text(agreeing) + to_markdown(agreeing)


def quoted(text: str, path: str) -> Answer:
    passage = Passage(path=path, start=0, end=len(text), text=text)
    return Answer(
        question="q",
        citations=(Citation(number=1, quote=text, start=0, end=len(text), passage=passage),),
        confidence=1.0,
    )


def test_a_terminal_shows_a_quote_without_marks_and_escapes():
    reply = quoted("Run `a_b` \\| c on [the *page*](http://x.example).", "a(1)_b.md")
    assert to_terminal(reply) == "Run a_b | c on the page.[^1]\n\n[^1]: a(1)_b.md"


def test_a_list_stays_a_list_in_text_and_in_markdown():
    reply = quoted("Bring:\n* a *cup*\n* 2_3 milk", "a.md")
    assert to_text(reply) == "Bring:\n- a cup\n- 2_3 milk [1]\n\n[1] a.md"
    assert to_markdown(reply).startswith("Bring:\n- a cup\n- 2\\_3 milk[^1]\n")


def test_headings_are_named_without_marks():
    passage = Passage(path="a.md", start=0, end=4, text="Tea.", section=("`Tea` {#tea}", '<a name="x"></a>Hot'))
    assert place_name(passage, 0) == "a.md, Tea › Hot"


def test_rows_are_lines_below_one_another():
    text = "Days.\n\n| Day | Hours |\n|---|---|\n| Friday | 8 |"
    passage = Passage(path="a.md", start=0, end=len(text), text=text)
    cited = []
    for number, quote in enumerate(("Days.", "| Day | Hours |", "| Friday | 8 |"), 1):
        start = text.index(quote)
        cited.append(Citation(number=number, quote=quote, start=start, end=start + len(quote), passage=passage))
    reply = Answer(question="q", citations=tuple(cited), confidence=1.0)
    assert to_text(reply).startswith("Days. [1]\n\nDay | Hours [2]\nFriday | 8 [3]\n\n")
