"""Questions that sentences and lines of documents answer or ask."""

import pytest

from qa.answer.sentence_questions import asked_question, question_for

TEXT = "All employees and the agency talk to Russia, to Clef, and about military cooperation and receipts, a battery."


@pytest.mark.parametrize(
    ("sentence", "question"),
    [
        ("Employees get 20 days of paid vacation each year.", "How many days of paid vacation do employees get?"),
        (
            "You can request up to 240 hours of advanced sick leave.",
            "How many hours of advanced sick leave can I request?",
        ),
        ("You have 30 days to return your bicycle.", "How many days do I have to return my bicycle?"),
        ("We pay 400 € towards a desk and a chair.", ""),
        ("Clef pays up to $500 for a new chair.", "How much does Clef pay for a new chair?"),
        ("The chain should be oiled every 300 kilometres.", "How often should the chain be oiled?"),
        ("The receipts must be sent within 30 days.", "When must the receipts be sent?"),
        ("The old bridge, inaugurated in May 2013, links two towns.", "When was the old bridge inaugurated?"),
        ("Military cooperation included arms sales and training.", "What did military cooperation include?"),
        ("Russia advocates for dialogue and peace in the region.", "What does Russia advocate for?"),
        ("Zanzibar includes many islands and some old towns.", ""),  # a name or not?
        ("The agency must generate all documentation required for it.", ""),
        ("It includes arms sales, training and joint exercises.", ""),
        ("They have 30 days to return the old bicycle.", ""),
        ("You have 30 days to return it to them.", ""),
        ("Too short for this.", ""),
    ],
)
def test_a_sentence_of_a_known_form_answers_a_question(sentence, question):
    assert question_for(sentence, TEXT) == question


@pytest.mark.parametrize(
    ("line", "question"),
    [
        ("**Can I change my seat?**", "Can I change my seat?"),
        ("Q: What happens if I miss my train?", "What happens if I miss my train?"),
        ("3. How do I get a refund?", "How do I get a refund?"),
        ("What is an incident?", "What is an incident?"),
        ("How can I contribute?", ""),  # to what?
        ("How does it solve that problem?", ""),
        ("What gnarled stretch, what depth of shade, is his?", ""),
        ("Is $1 million per year of savings for each of the teams enough to overcome objections?", ""),
        ("Questions?", ""),
        ("Take a seat.", ""),
    ],
)
def test_a_line_is_a_question_if_it_says_what_it_asks(line, question):
    assert asked_question(line) == question
