import pytest

from qa.answer.wording import dependence, is_bare_topic, points_to_unnamed, refers, without_new_subject


@pytest.mark.parametrize(
    "question",
    [
        "And who paid for it?",
        "what about 2013?",
        "why not",
        "so how do I see it",
        "what goes in instead?",
        "what if I lose the key?",
        "someone has to look after my dog meanwhile. do they pay for that",
        "back to the court thing, what if I'm only called as a witness?",
    ],
)
def test_a_question_that_continues_depends_on_the_conversation(question):
    assert dependence(question) == "continues"


@pytest.mark.parametrize(
    "question",
    [
        "Who paid for it?",
        "When did they leave?",
        "How do I make one?",
        "do I keep earning vacation days during it",
        "do the unused ones get paid out when I leave?",
        "does unlocking the phone count as one of the factors there",
        "is it still any good after I've reset the password?",
    ],
)
def test_a_pronoun_without_an_antecedent_depends_on_the_conversation(question):
    assert dependence(question) == "refers"


@pytest.mark.parametrize(
    "question",
    [
        "The cost",
        "how long",
        "how far ahead",
        "who do I have to tell",
        "do I need permission first?",
        "what temperature for the oven",
        "what do I have to do when I get back",
        "what happens in week 2",
    ],
)
def test_a_fragment_that_names_no_subject_depends_on_the_conversation(question):
    assert dependence(question) == "fragment"


@pytest.mark.parametrize(
    "question",
    [
        "How tall is the Eiffel Tower?",
        "When did Genghis Khan leave his tents?",
        "how do I shape the sourdough before it goes in the basket",
        "my sourcegraph laptop is ancient. how do I order a new one",
        "acidulated water - what on earth is that",
        "git refuses to add a file because its ignored, how do I add it anyway",
        "are people allowed their phones in a retro",
        "me and my colleague changed the same line, how do I sort the conflict out",
        "how can I get ls to show the hidden files in my home folder too",
        "Is it true that tea is hot?",
        "how do you make filtered coffee?",
    ],
)
def test_a_complete_question_does_not_depend_on_the_conversation(question):
    assert dependence(question) == "none"


def test_a_bare_topic_has_no_question_in_it():
    assert [is_bare_topic(text) for text in ("Black tea", "why", "what's tea", "how the old tea is made")] == [
        True,
        False,
        False,
        False,
    ]


def test_a_pronoun_late_in_a_question_may_be_left_out_of_account():
    question = "Which of the old harbours pleased him?"
    assert (refers(question), refers(question, within=5)) == (True, False)


def test_a_demonstrative_points_to_something_unless_it_is_a_time_or_a_name_is_before_it():
    questions = ("Where is this river?", "Who won this year?", "Where does the Rhine, this river, end?")
    assert [points_to_unnamed(question) for question in questions] == [True, False, False]


@pytest.mark.parametrize(
    ("question", "rest"),
    [
        ("ok different thing: how is tea made?", "how is tea made?"),
        ("Another question, how is tea made?", "how is tea made?"),
        ("Another tea is made how?", "Another tea is made how?"),
    ],
)
def test_words_that_announce_another_subject_are_not_searched(question, rest):
    assert without_new_subject(question) == rest
