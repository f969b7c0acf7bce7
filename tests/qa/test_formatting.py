from index.types import Hit, Passage
from qa.formatting import to_json, to_markdown, to_text
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
        "scope": "",
        "unknown": [],
        "choices": [],
        "answered": True,
        "answer": "Two.",
        "confidence": 0.75,
        "written": False,
        "writer": "",
        "statements": [],
        "note": "",
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
        }
    ]
    hit = {"rank": 1, **place, "start": 5, "end": 14, "score": 0.5, "text": "One. Two."}
    why = {"keyword_rank": 1, "meaning_rank": 2, "similarity": 0.0, "word_score": 0.0, "coverage": 0.0, "matched": []}
    assert data["hits"] == [{**hit, **why, "marks": []}]


def test_a_refusal_is_data_too():
    data = to_json(NoAnswer(question="q", nearest=(), confidence=0.1, generation=3), 0.0)
    assert (data["answered"], data["citations"], data["hits"]) == (False, [], [])


def test_markdown_has_footnotes_and_no_live_markup():
    passage = Passage(path="a.md", start=0, end=12, text="[x](http://y", sentences=((0, 12),), section=("Top",))
    assert to_markdown(
        Answer(
            question="q",
            citations=(Citation(number=1, quote="[x](http://y", start=0, end=12, passage=passage),),
            confidence=1.0,
        )
    ) == ("\\[x\\]\\(http://y[^1]\n\n[^1]: a.md, Top")


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
