import pytest
from support.hits import hit

from index.types import Block, Document
from qa.answer.extremes import asks_for_extreme, find_extreme

CARDS = [
    "name: A; type: gpu; memory (GB): 8; price: $1,200; power: 30 W.",
    "name: B; type: gpu; memory (GB): 24; price: $900; power: 200 W.",
    "name: C Pro; type: tpu; memory (GB): 128; price: $9,000; power: 1.2 kW.",
    "name: D; type: gpu; memory (GB): 24; price: n/a; power: 90 W.",
]
PLANS = ["Plan | Monthly fee", "Small | 5 EUR", "Large | 12 EUR", "Club | 3 EUR"]


def table(path, rows):
    """A document with a table between two paragraphs, and a hit on its second row."""
    text = "\n".join(["Before.", *rows, "After."])
    starts = [text.index(row) for row in rows]
    cells = [Block(start, start + len(row), kind="table_row") for start, row in zip(starts, rows, strict=True)]
    document = Document(path=path, text=text, blocks=(Block(0, 7), *cells, Block(len(text) - 6, len(text))))
    found = hit(path, (text[: starts[1] + len(rows[1])], 0.9))
    return document, found


def best(question, rows=CARDS, path="cards.csv", is_answered=True):
    document, found = table(path, rows)
    extreme = find_extreme(question, [found], {path: document}, is_answered=is_answered)
    return extreme and [document.text[start:end].split("; ")[0] for start, end in extreme.rows]


@pytest.mark.parametrize(
    ("question", "names"),
    [
        ("which card has the most memory?", ["name: C Pro"]),
        ("which gpu has the most memory", ["name: B", "name: D"]),
        ("what is the cheapest card", ["name: B"]),
        ("the most expensive one", ["name: C Pro"]),
        ("lowest memory", ["name: A"]),
    ],
)
def test_the_best_rows_of_the_whole_table_are_found(question, names):
    assert best(question) == names


def test_rows_with_bars_have_the_columns_of_the_first():
    assert best("which plan is the cheapest?", PLANS) == ["Club | 3 EUR"]
    assert best("which plan has the highest fee?", PLANS) == ["Large | 12 EUR"]


@pytest.mark.parametrize(
    ("question", "why"),
    [
        ("which card uses the most power", "units differ"),
        ("which card has the most cores", "no column has the word"),
        ("which pro card has the most memory", "a word of some cells"),
        ("which card is the fastest", "no column has a speed"),
        ("how much memory is it at most", "a limit"),
        ("which card is the most popular", "no quantity"),
    ],
)
def test_nothing_is_found_if_it_is_not_certain(question, why):
    assert best(question) is None, why


def test_words_as_values_are_not_compared():
    assert best("which plan has the highest fee?", [*PLANS, "Staff | on request"]) is None


def test_what_is_not_answered_needs_a_table_with_all_words_of_the_question():
    assert best("which card has the most memory", is_answered=False) == ["name: C Pro"]
    assert best("which printer has the most memory", is_answered=False) is None
    assert best("which printer has the most memory", is_answered=True) == ["name: C Pro"]


def test_the_message_says_what_is_compared():
    document, found = table("cards.csv", CARDS)
    extreme = find_extreme("which has the most memory", [found], {"cards.csv": document}, is_answered=True)
    assert extreme.message == "The highest “memory (GB)” of 4 rows:"


def test_a_limit_is_no_superlative():
    assert asks_for_extreme("which office has the lowest rent?")
    assert not asks_for_extreme("how long may it take at most?")
    assert not asks_for_extreme("who was at the most recent meeting?")


def test_a_passage_without_a_table_has_no_best_row():
    document = Document(path="a.md", text="The best has the most memory.", blocks=(Block(0, 29),))
    found = hit("a.md", ("The best has the most memory.", 0.9))
    assert find_extreme("which has the most memory", [found], {"a.md": document}, is_answered=True) is None
