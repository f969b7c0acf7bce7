from index.types import Hit, Passage, ScoredSentence
from qa.answering import answer
from qa.types import Answer, NoAnswer


class Found:
    """A retriever that finds the same hits for every question."""

    def __init__(self, *hits):
        self.hits = list(hits)

    def search(self, question, k):
        return 7, self.hits[:k]


def hit(path, sentences, score=1.0):
    """A hit on sentences given as (text, similarity), coverage alike."""
    spans, text = [], ""
    for sentence, similarity in sentences:
        spans.append(ScoredSentence(len(text), len(text) + len(sentence), similarity, similarity))
        text += sentence + " "
    passage = Passage(path, 0, len(text.strip()), text.strip(), tuple((s.start, s.end) for s in spans))
    best = max(similarity for _, similarity in sentences)
    return Hit(passage, score, similarity=best, coverage=best, sentences=tuple(spans))


def quotes(*hits):
    reply = answer("why?", Found(*hits))
    assert isinstance(reply, Answer)
    return [(citation.passage.path, citation.quote) for citation in reply.citations]


def test_the_sentence_that_is_close_is_quoted_and_the_others_are_not():
    assert quotes(hit("a.md", [("Far off.", 0.1), ("Close by.", 0.9)])) == [("a.md", "Close by.")]


def test_sentences_of_one_passage_keep_its_order():
    found = hit("a.md", [("First one.", 0.85), ("Second part.", 0.9)])
    assert quotes(found) == [("a.md", "First one."), ("a.md", "Second part.")]


def test_what_was_said_is_not_quoted_again():
    assert quotes(hit("a.md", [("Tea is hot.", 0.9)]), hit("b.md", [("Tea is hot.", 0.9)])) == [("a.md", "Tea is hot.")]


def test_at_most_three_sentences_are_quoted():
    found = hit("a.md", [("One is.", 0.9), ("Two are.", 0.9), ("Three were.", 0.9), ("Four be.", 0.9)])
    assert [quote for _, quote in quotes(found)] == ["One is.", "Two are.", "Three were."]


def test_too_far_is_declined_with_the_nearest():
    far = hit("a.md", [("Something else.", 0.3)])
    assert answer("why?", Found(far)) == NoAnswer("why?", (far,), 0.3, 7)


def test_nothing_found_is_declined():
    assert answer("why?", Found()) == NoAnswer("why?", (), 0.0, 7)


def test_a_changed_file_is_said_on_its_citation():
    reply = answer("why?", Found(hit("a.md", [("Close by.", 0.9)])), is_current=lambda passage: False)
    assert isinstance(reply, Answer)
    assert [citation.is_current for citation in reply.citations] == [False]
