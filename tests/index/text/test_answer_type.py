import pytest

from index.text.answer_type import matches_answer_type


@pytest.mark.parametrize(
    ("question", "sentence", "expected"),
    [
        ("When was the port opened?", "The port opened in May 1911.", True),
        ("When was the port opened?", "The port opened with a feast.", False),
        ("What happened when 1911 began?", "In 1911 the port opened.", False),
        ("In what year did it open?", "It opened in 1911.", True),
        ("How many cups are there?", "There are twelve cups.", True),
        ("How many cups are there?", "There are cups.", False),
        ("Who met Putin?", "There Putin met Kim.", True),
        ("Who met Putin?", "There Putin met nobody.", False),
        ("Where is the port?", "The port lies near Rajin.", True),
        ("What is a port?", "It holds 12 ships.", False),
    ],
)
def test_a_sentence_fits_if_it_holds_what_is_asked_for_and_the_question_has_not(question, sentence, expected):
    assert matches_answer_type(question, sentence) is expected
