import pytest
from support.hits import hit

from qa.answer.question_language import is_other_language, language_notice


@pytest.mark.parametrize(
    ("question", "languages", "is_other"),
    [
        ("Wie lange dauert die Fahrt?", ["english"], True),
        ("wie hoch ist die gebühr", ["english", "french"], True),
        ("Combien de jours de vacances ?", ["english"], True),
        ("How long does the trip take?", ["german"], True),
        ("Кто живёт здесь?", ["english"], True),
        ("Wie lange dauert die Fahrt?", ["english", "german"], False),
        ("Кто живёт здесь?", ["english", "russian"], False),
        ("How long does the trip take?", ["english"], False),
        ("What did Die Zeit write?", ["english"], False),
        ("Kandji", ["english"], False),
        ("42?", ["english"], False),
        ("Wie lange dauert die Fahrt?", [], False),
    ],
)
def test_a_question_in_no_language_of_the_documents_is_recognised(question, languages, is_other):
    assert is_other_language(question, languages) is is_other


def test_the_notice_names_the_languages_unless_the_documents_hold_the_words():
    question = "Wie lange dauert die Fahrt?"
    assert language_notice(question, ["english"], [hit("trip.md", ("The trip is long.", 0.1))]) == (
        "Your documents are in English. Ask in English for better results."
    )
    assert language_notice(question, ["english", "french"], []) == (
        "Your documents are in English and French. Ask in English or French for better results."
    )
    assert language_notice(question, ["english"], [hit("trip.md", ("The trip is long.", 0.9))]) == ""
