from index.types import Found, Hit, Passage, ScoredSentence
from qa.answering import answer
from qa.types import Answer, NoAnswer


class Retriever:
    """Finds the same hits for every question."""

    def __init__(self, *hits, question="why?"):
        self.found = Found(question, 7, hits)

    def search(self, question, k):
        return self.found


def hit(path, text, closeness, marks=()):
    """A hit on one sentence, as close by every signal."""
    sentence = ScoredSentence(0, len(text), closeness, closeness, closeness, closeness)
    passage = Passage(path, 0, len(text), text, ((0, len(text)),))
    return Hit(passage, closeness, None, None, closeness, closeness, (), closeness, (sentence,), marks)


def test_what_is_close_is_quoted_and_cited_with_the_words_that_meet_the_question():
    reply = answer("why?", Retriever(hit("a.md", "Close by.", 0.9, marks=((0, 5),))))
    assert isinstance(reply, Answer)
    (citation,) = reply.citations
    assert (citation.number, citation.quote, citation.start, citation.end) == (1, "Close by.", 0, 9)
    assert (citation.marks, citation.sentences, reply.generation) == (((0, 5),), ["Close by."], 7)


def test_too_far_is_declined_with_the_nearest():
    far = hit("a.md", "Something else.", 0.3)
    reply = answer("why?", Retriever(far))
    assert isinstance(reply, NoAnswer)
    assert (reply.nearest, reply.generation) == ((far,), 7)
    assert reply.confidence < 0.1


def test_the_threshold_decides():
    retriever = Retriever(hit("a.md", "Close by.", 0.9))
    assert isinstance(answer("why?", retriever, threshold=1.0), NoAnswer)
    assert isinstance(answer("why?", Retriever(hit("a.md", "Far.", 0.1)), threshold=0.0), Answer)


def test_nothing_found_is_declined():
    assert answer("why?", Retriever()) == NoAnswer("why?", (), 0.0, 7, "why?")


def test_how_many_hits_are_listed_does_not_change_the_answer():
    hits = [hit(f"{number}.md", f"Sentence {number}.", 0.9) for number in range(6)]
    few, many = (answer("why?", Retriever(*hits), k) for k in (1, 6))
    assert (len(few.hits), len(many.hits)) == (1, 6)
    assert few.citations == many.citations


def test_a_changed_file_is_said_on_its_citation():
    reply = answer("why?", Retriever(hit("a.md", "Close by.", 0.9)), is_current=lambda passage: False)
    assert [citation.is_current for citation in reply.citations] == [False]


def test_the_question_as_it_was_searched_is_kept():
    reply = answer("whi?", Retriever(hit("a.md", "Close by.", 0.9), question="why?"))
    assert (reply.question, reply.searched) == ("whi?", "why?")
