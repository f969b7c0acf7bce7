import pytest

from qa.answer.comparison import differs, repeats

PAIRS = [
    ("Employees may carry over five days of leave.", "Employees may carry over ten days of leave."),
    ("The tent weighs 3.1 kg.", "The tent weighs 2.8 kg, by the new list."),
    ("The plot 88/2 has a floor area of 412 square metres.", "The plot 88/2 has a floor area of 421 square metres."),
    ("Dogs are allowed in the office.", "Dogs are not allowed in the office."),
    ("You can't fly business class.", "You can fly business class."),
    ("The pool closes at 21:00 on Sunday.", "The pool closes at 20:00 on Sunday."),
]


@pytest.mark.parametrize(("first", "second"), PAIRS)
def test_the_same_with_another_number_or_a_negation_differs_and_repeats_nothing(first, second):
    assert differs(first, second)
    assert differs(second, first)
    assert not repeats(first, second)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("The tent weighs 3.1 kg.", "The tent weighs 3.1 kg."),
        ("The tent weighs 3.1 kg.", "The tent has 2 doors."),
        ("Tea steeps for 5 minutes.", "Coffee is brewed for 4 minutes."),
        ("Dogs are not allowed in the office.", "Cats may sleep on the sofa."),
        ("Dogs are not allowed in the office.", "Dogs are never allowed in the office."),
        ("5", "6"),
        ("", ""),
    ],
)
def test_other_sentences_do_not_differ(first, second):
    assert not differs(first, second)
    assert not differs(second, first)


def test_a_quote_repeats_another_if_most_of_its_words_are_the_same():
    assert repeats("Steep the green tea for a while.", "Steep green tea for a while, then drink.")
    assert not repeats("Steep the green tea.", "Boil the black coffee.")
    assert not repeats("Lee leads the green team.", "Kim leads the green team.")
