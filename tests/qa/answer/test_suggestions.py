import pytest

from index.search.searcher import Searcher
from index.types import Passage
from qa.answer.pipeline import answer
from qa.answer.suggestions import one_per_group, question_about, question_of, suggest
from qa.types import Answer, as_turn


@pytest.mark.parametrize(
    ("sentence", "question"),
    [
        ("The old bridge was opened in May 1911 by the mayor.", "When was the old bridge opened?"),
        ("The harbour was designed by Anna Lee and her sons.", "Who designed the harbour?"),
        ("The city has 23 museums and a zoo.", "How many museums does the city have?"),
        ("The stadium is located in the north of the city.", "Where is the stadium?"),
        ("The slow fermentation takes about 14 days in a jar.", "How long does the slow fermentation take?"),
        ("The parcel costs $12 within the country.", "How much does the parcel cost?"),
        ("A kimono is a robe that is worn in Japan.", ""),
        ("Oolong is a tea that is half oxidised.", "What is Oolong?"),
        ("It was opened in 1911 by the mayor himself.", ""),
        ("The man who was opened in 1911 is a friend.", ""),
        ("Anna Lee is a builder of many old ships.", ""),
        ("Too short.", ""),
    ],
)
def test_a_sentence_of_a_known_form_answers_a_question(sentence, question):
    assert question_of(sentence, "") == question


def test_what_a_document_is_named_after_is_not_asked_for():
    assert question_of("Oolong is a tea that is half oxidised.", "", "Oolong tea.md") == ""
    assert question_of("The bears are an old family of the north.", "") == "What are the bears?"


@pytest.mark.parametrize(
    ("heading", "question"),
    [
        ("How do I leave?", "How do I leave?"),
        ("How can tea be kept", "How can tea be kept?"),
        ("Backup strategy", "Backup strategy"),
        ("Backup the files", "How do I backup the files?"),
        ("Frequently asked questions", ""),
        ("About trees", ""),
        ("How to brew green Tea", "How do I brew green tea?"),
        ("Brewing green tea", "How do I brew green tea?"),
        ("Brew", "Brew"),
        ("Why tea matters", "Why tea matters"),
        ("Green Tea", "Green tea"),
        ("Russia's relations with others", "Russia's relations with others"),
        ("SHELL COMMANDS", "Shell commands"),
        ("Polonia's other grounds", "Polonia's other grounds"),
        ("Introduction", ""),
        ("Save you and your family", ""),
        ("", ""),
    ],
)
def test_a_heading_becomes_a_question_or_a_topic_unless_it_says_too_little(heading, question):
    assert question_about(heading, "We drink green tea, as Russia's people do, not Polonia.") == question


def test_one_passage_of_each_group_comes_first_and_of_the_largest_before_the_others():
    paths = ["tea.md", "trips/boat.md", "trips/train.md", "trips/train.md", "food/cake.md", "food/tart.md"]
    passages = [Passage(path=path, start=0, end=4, text="Text") for path in paths]
    found = [passage.path for passage in one_per_group(passages)]
    assert found == ["trips/boat.md", "food/cake.md", "tea.md", "trips/train.md", "food/tart.md", "trips/train.md"]


@pytest.fixture
def ask(run, folder, index, encoder):
    tea = (
        "# Tea\n\n## Green tea\n\nGreen tea steeps for two minutes.\n\n## Black tea\n\nBlack tea steeps for five "
        "minutes.\n\n## Introduction\n\nTea steeps in water for some minutes.\n"
    )
    (folder / "tea.md").write_text(tea, "utf-8")
    run()
    searcher = Searcher(index, encoder)
    return lambda question, *turns: (answer(question, searcher, turns=turns), searcher)


def test_the_next_questions_are_answered_and_were_not_asked(ask):
    reply, searcher = ask("How long does green tea steep?")
    suggested = suggest(reply, [], searcher)
    assert suggested == ("Black tea",)
    turn = as_turn(reply)
    following, _ = ask(suggested[0], turn)
    assert isinstance(following, Answer)
    assert following.citations[0].quote == "Black tea steeps for five minutes."
    assert suggest(following, [turn], searcher) == ()
