import re

import pytest

from index.text.answer_type import asks_for_kind, defined_subject, matches_answer_type, subject_pattern


@pytest.mark.parametrize(
    ("question", "sentence", "expected"),
    [
        ("When was the port opened?", "The port opened in May 1911.", True),
        ("When was the port opened?", "The port opened with a feast.", False),
        ("What happened when 1911 began?", "In 1911 the port opened.", False),
        ("In what year did it open?", "It opened in 1911.", True),
        ("What time does the pool close?", "It closes at 9 pm.", True),
        ("whens the bin collected", "It is collected on Tuesday.", True),
        ("How many cups are there?", "There are twelve cups.", True),
        ("How many cups are there?", "There are cups.", False),
        ("how much is the fee", "The fee is $12.50.", True),
        ("how long does it take", "It takes a while.", False),
        ("What is the maximum weight?", "The most that it carries is 40 kg.", True),
        ("Do 3 cups fit, and how many pots?", "It takes 3 cups.", False),
        ("Who met Putin?", "There Putin met Kim.", True),
        ("Who met Putin?", "There Putin met nobody.", False),
        ("Who do I write to?", "Write to help@example.org.", True),
        ("Where is the port?", "The port lies near Rajin.", True),
        ("What is a port?", "It holds 12 ships.", False),
        ("Why is tea hot?", "It was boiled in 1911.", False),
        ("Why is tea hot?", "It is hot because it was boiled.", True),
        ("How many states took part?", "There were forty-four states.", True),
        ("When can I join?", "You can join immediately.", True),
        ("when do i have to report it", "Report it within two hours.", True),
        ("when do i raise the number", "Raise it if you change the model.", True),
        ("when do i raise the number", "The number is raised by hand.", False),
        ("how much does the ticket cost", "The ticket has 12 pages.", False),
        ("how much does the ticket cost", "It is 12 euros.", True),
        ("What's the price of the ticket?", "The ticket is free.", True),
        ("What's the price of the ticket?", "The ticket was sold in 1911.", False),
        ("What's the price of the ticket?", "Fee: free.", True),
        ("What's the price of the ticket?", "Tickets: free of charge.", True),
        ("What's the price of the plan?", "All plans have a 30-day free trial, and two free months.", False),
        ("What's the price of the ticket?", "Part: TX-4410; Price: 12.40.", True),
        ("What's the price of the robot?", "Its speed is 0.31 m/s or 1.90 rad/s, as budgeted.", False),
        ("how much does the program cost", "It needs version 2.1.48, which pays.", False),
        ("how much does the program cost", "It needs glibc 2.35.", False),
        ("how much did we spend", "Lifeguards; Budget: 71,240.75.", True),
        ("what percentage of ships is late", "There were 12 ships.", False),
        ("what percentage of ships is late", "12 % are late.", True),
        ("How often does the ship sail?", "The ship sails with 12 crew.", False),
        ("How often does the ship sail?", "It sails twice a week.", True),
        ("how long does the trip take", "The trip has 3 stops.", False),
        ("how long does the trip take", "It takes 3 to 4 hours.", True),
        ("which temperature for the oven", "Set the oven to 200 °C.", True),
        ("which temperature for the oven", "Bake for 20 minutes.", False),
        ("where do i put the key", "It is in the menu.", True),
        ("how do I open the vault", "Click on the vault.", True),
        ("how do I open the vault", "The vault was old.", False),
        ("what are the parts of a pot", "The pot:\n- the lid\n- the handle\n- the spout", True),
        ("what are the parts of a pot", "The pot:\n- the lid", False),
        ("What was the pot made of?", "Pots:\n- clay\n- steel\n- glass", False),
        ("Can I bring a dog?", "Dogs are not allowed.", True),
        ("Can I bring a dog?", "A dog barked.", False),
    ],
)
def test_a_sentence_matches_if_it_holds_what_is_asked_for_and_the_question_does_not(question, sentence, expected):
    assert matches_answer_type(question, sentence) is expected


@pytest.mark.parametrize(
    "question",
    [
        "What is a kettle?",
        "what's a kettle",
        "what are kettles?",
        "define kettle",
        "What does kettle mean?",
        "explain what a kettle is",
        "hi, what is a kettle in cooking?",
        "the kettle, what is it?",
        "tell me what kettles are",
        "what counts as a kettle at sea?",
        "what is considered as a kettle?",
    ],
)
def test_a_definition_is_a_sentence_that_says_what_its_subject_is(question):
    assert matches_answer_type(question, "A kettle is a pot for boiling water.")
    assert matches_answer_type(question, "Kettles are pots.")
    assert matches_answer_type(question, "A **kettle** (or teakettle) refers to a pot.")
    assert not matches_answer_type(question, "Fill the kettle with water.")
    assert not matches_answer_type(question, "A pot is a kettle.")
    assert not matches_answer_type(question, "Once the kettle is filled, close its lid.")
    assert matches_answer_type(question, "The [kettle](https://example.org/kettle) is a pot.")


def test_the_subject_of_a_definition_may_have_several_words():
    assert matches_answer_type("What is a force majeure?", "Force majeure means an event that nobody controls.")
    assert not matches_answer_type("What is a force majeure?", "A force is a push.")
    assert matches_answer_type("what is a z offset", "The Z-Offset is the distance to the bed.")


def test_a_definition_or_a_mere_topic_asks_for_no_kind_that_could_be_missing():
    assert asks_for_kind("How much does it cost?")
    assert not asks_for_kind("What is a kettle?")
    assert not asks_for_kind("kettles")


@pytest.mark.parametrize(
    ("question", "subject"),
    [
        ("What's a user story?", "user story"),
        ("what are cookies, the website kind", "cookies"),
        ("what is the techfar and what's it for", "techfar"),
        ("what does the office understand by open source", "open source"),
        ("third party cookies - what are they?", "third party cookies"),
        ("what qualifies as a cookie?", "cookie"),
        ("How are cookies made?", ""),
        ("cookies", ""),
    ],
)
def test_the_subject_is_what_a_question_asks_the_meaning_of(question, subject):
    assert defined_subject(question) == subject


def test_a_subject_is_found_in_singular_and_plural():
    for subject, text in (("user stories", "A user story"), ("user story", "User *stories*"), ("cookie", "Cookies")):
        assert re.search(subject_pattern(subject), text, re.IGNORECASE)
    assert not re.search(subject_pattern("user story"), "A user's history", re.IGNORECASE)
