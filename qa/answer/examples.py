"""Find questions to begin with: those that a person would ask, from all over the folder, each answered (pure)."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise, product

from index.types import Passage
from qa.answer.clarification import name_of
from qa.answer.pipeline import Retriever, answer
from qa.answer.requests import recognise
from qa.answer.sentence_questions import asked_question, question_for
from qa.answer.suggestions import EMPHASIS, MIN_CONFIDENCE, one_per_group, question_about, question_of
from qa.types import Answer

MAX_EXAMPLES = 4
MAX_CHECKED = 60
MAX_OF_A_KIND = 2
MAX_CHARACTERS = 80
KINDS = ("asked", "sentence", "line", "definition", "task")
_MIXED_CASE = re.compile(r"[a-z] [A-Z][a-z]+ (?:\w+ )*[A-Z][a-z]")  # a heading whose names are not known
_BROKEN = re.compile(r"[*_`#\[\]{}<>|\\=]|\bhttps?:")


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """A question, how it was made, and the passage that it was made from."""

    question: str
    kind: str
    passage: Passage


def find_examples(passages: Sequence[Passage], retriever: Retriever) -> list[str]:
    """Return up to four questions, each answered by the passage that it was made from.

    Questions that the documents ask themselves come first, then those of sentences and of instructions. The first round
    takes one of each group of documents, and at most two of a kind. If there are fewer than two questions, the topics
    of headings follow.
    """
    passages = one_per_group(passages)
    search = _Search(retriever=retriever, found=[], checked=set())
    by_kind: dict[str, list[Example]] = {kind: [] for kind in (*KINDS, "topic")}
    for example in _candidates(passages):
        by_kind[example.kind].append(example)
    for is_first, kind in product((True, False), KINDS):
        search.add(by_kind[kind], is_first)
    if len(search.found) < 2:
        search.add(by_kind["topic"], is_first=False)
    return [example.question for example in search.found]


@dataclass(slots=True, kw_only=True)
class _Search:
    """The examples that were found, and the questions that were checked."""

    retriever: Retriever
    found: list[Example]
    checked: set[str]

    def add(self, candidates: Sequence[Example], is_first: bool) -> None:
        """Add those that are answered. In the first round, take one of a group and two of a kind."""
        for one in candidates:
            if len(self.found) == MAX_EXAMPLES or len(self.checked) >= MAX_CHECKED:
                return
            groups = {_group(other) for other in self.found}
            alike = sum(other.kind == one.kind for other in self.found)
            if is_first and (_group(one) in groups or alike == MAX_OF_A_KIND):
                continue
            if one.question.casefold() in self.checked:
                continue
            self.checked.add(one.question.casefold())
            if _is_answered(one, self.retriever):
                self.found.append(one)


def _candidates(passages: Sequence[Passage]) -> Iterator[Example]:
    for passage in passages:
        for kind, question in _questions(passage):
            if question and len(question) <= MAX_CHARACTERS and not _BROKEN.search(question):
                yield Example(question=question, kind=kind, passage=passage)


def _questions(passage: Passage) -> Iterator[tuple[str, str]]:
    """Yield questions that a passage answers, each with its kind."""
    yield from _of_heading(name_of(passage) if passage.section else "", passage.text)
    lines = {line.strip().rstrip("*_ ") for line in passage.text.splitlines()}
    sentences = [passage.quote(start, end).strip() for start, end in passage.sentences]
    for sentence, following in pairwise([*sentences, "?"]):
        is_line = sentence.rstrip("*_ ") in lines and not following.rstrip("*_ ").endswith("?")
        yield "line", asked_question(sentence) if is_line else ""
        yield from _of_sentence(EMPHASIS.sub("", " ".join(sentence.split())), passage.text)


def _of_heading(name: str, text: str) -> Iterator[tuple[str, str]]:
    if asked := asked_question(name):
        yield "asked", asked
        return
    about = question_about(name, text)
    if about.startswith("How do I ") and not _MIXED_CASE.search(about[9:]):
        yield "task", about
    elif " " in about and not about.endswith("?"):
        yield "topic", about


def _of_sentence(sentence: str, text: str) -> Iterator[tuple[str, str]]:
    if question := question_for(sentence, text):
        yield "sentence", question
        return
    question = question_of(sentence, text)
    yield "definition", question if question and _names_something(question, text) else ""


def _names_something(question: str, text: str) -> bool:
    """Say whether what a question asks for is a term of its text, and no everyday word such as "water"."""
    what = re.match(r"What (?:is|are) (.+)\?$", question)
    if not what:
        return not re.search(r"\b(?:do|does|did|is|was) the \w+\?$", question)
    words = what[1].removeprefix("the ").split()
    is_term = len(words) > 1 or words[0].isupper()
    return is_term and text.count(what[1]) > 1 and not re.match(r"(?:every|each|any)\b", what[1])


def _group(example: Example) -> str:
    return example.passage.path.partition("/")[0]


def _is_answered(example: Example, retriever: Retriever) -> bool:
    if recognise(example.question):
        return False
    reply = answer(example.question, retriever)
    is_sure = isinstance(reply, Answer) and reply.confidence >= MIN_CONFIDENCE
    return is_sure and reply.citations[0].passage == example.passage
