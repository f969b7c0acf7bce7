from index.types import Hit, Passage
from qa.formatting import to_json, to_markdown, to_text
from qa.types import Answer, Citation, NoAnswer


def test_a_slip_that_was_put_right_is_said():
    citation = Citation(1, "Tea.", 0, 4, Passage("a.md", 0, 4, "Tea."))
    reply = Answer("te?", (citation,), 1.0, searched="tea?")
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


def test_plain_text_numbers_its_quotes_and_names_their_places():
    passage = Passage("a.md", 0, 9, "One.\nTwo.", ((0, 4), (5, 9)), ("Top",))
    reply = Answer("q", (Citation(1, "One.\nTwo.", 0, 9, passage), Citation(2, "Two.", 5, 9, passage)), 1.0)
    assert to_text(reply) == "One. Two. [1] Two. [2]\n\n[1] a.md, Top\n[2] a.md, Top"
    assert to_text(NoAnswer("q")) == "The documents do not answer this."


def test_what_a_question_follows_and_what_it_could_mean_are_said():
    unclear = NoAnswer("And *it*?", follows="Is tea hot?", choices=("Tea: is it hot?", "Ice: is it hot?"))
    assert to_markdown(unclear) == (
        "Understood as a follow\\-up to: Is tea hot?\n\nThis could mean several things.\n\n"
        "- Tea: is it hot?\n- Ice: is it hot?"
    )
    data = to_json(unclear, 0.1)
    assert (data["answered"], data["answer"]) == (False, "This could mean several things.")
    assert (data["follows"], data["choices"]) == ("Is tea hot?", ["Tea: is it hot?", "Ice: is it hot?"])
