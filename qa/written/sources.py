"""The passages that a language model writes from: their sentences, numbered, with the vectors of their tokens."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Protocol

import numpy as np

from index.embed.late_interaction import EncodedPassage, EncodedQuestion, Floats, unit
from index.text.analysis import is_function_word, stems, words
from index.text.stemming import WORD, stem
from index.types import Hit, Passage, Span
from qa.written.fact_index import FactIndex
from qa.written.facts import names_of
from qa.written.names import NameOrder, single_words
from qa.written.placement import Slot, slots


class TextEncoder(Protocol):
    """What checking needs of the embedding model."""

    name: str

    def encode_question(self, question: str) -> EncodedQuestion: ...
    def encode_passages(self, passages: Iterable[Passage]) -> Iterable[EncodedPassage]: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceSentence:
    """A sentence of a passage, [start, end) of its document, with its number from 1.

    `lead_in` is the sentence before it that announces it, such as the question before an answer.
    """

    number: int
    hit: Hit
    start: int
    end: int
    lead_in: str = ""

    @property
    def text(self) -> str:
        """The sentence, exactly."""
        return self.hit.passage.quote(self.start, self.end)

    @property
    def heading(self) -> str:
        """The headings above it, the sentence that announces it, and the name of its file."""
        passage = self.hit.passage
        return " \n".join([*passage.section, self.lead_in, passage.path.rpartition(".")[0]])


class Sources:
    """The numbered sentences of some hits. They are encoded when the first sentence is checked, or by `prepare`."""

    def __init__(self, hits: Sequence[Hit], encoder: TextEncoder) -> None:
        self.hits = tuple(hits)
        self._encoder = encoder
        self._name_orders: dict[int, NameOrder] = {}
        self._heading_names: dict[str, NameOrder] = {}
        self._slots: dict[int, list[Slot]] = {}
        self.sentences: list[SourceSentence] = []
        for hit in hits:
            lead_in = ""
            for start, end in _whole(hit.passage):
                number = len(self.sentences) + 1
                one = SourceSentence(number=number, hit=hit, start=start, end=end, lead_in=lead_in)
                self.sentences.append(one)
                lead_in = one.text if one.text.endswith((":", "?")) else lead_in

    def prepare(self) -> None:
        """Encode the passages, which takes some tens of milliseconds each."""
        _ = (
            self._tokens,
            self.names,
            self.terms,
            self.heading_terms,
            self.facts,
            self.heading_facts,
            self.sentence_names,
            self.orders,
            self.heading_orders,
        )

    @cached_property
    def names(self) -> frozenset[str]:
        """The names in the passages, folded."""
        return frozenset().union(*(names_of(hit.passage.text) for hit in self.hits))

    @cached_property
    def terms(self) -> list[frozenset[str]]:
        """The terms of each sentence."""
        return [_terms(one.text) for one in self.sentences]

    @cached_property
    def heading_terms(self) -> list[frozenset[str]]:
        """The terms of the headings of each sentence."""
        known = {heading: _terms(heading) for heading in {one.heading for one in self.sentences}}
        return [known[one.heading] for one in self.sentences]

    def name_order(self, number: int) -> NameOrder:
        """Return the names of a sentence, by its row."""
        if number not in self._name_orders:
            self._name_orders[number] = NameOrder(self.sentences[number].text, self.names)
        return self._name_orders[number]

    def heading_names(self, number: int) -> NameOrder:
        """Return the names of the headings of a sentence, by its row."""
        heading = self.sentences[number].heading
        if heading not in self._heading_names:
            self._heading_names[heading] = NameOrder(heading, self.names)
        return self._heading_names[heading]

    def slots(self, number: int) -> list[Slot]:
        """Return the words and facts of a sentence in order, by its row."""
        if number not in self._slots:
            self._slots[number] = slots(self.sentences[number].text, self.names)
        return self._slots[number]

    @cached_property
    def orders(self) -> list[list[str]]:
        """The terms of each sentence in order, without function words."""
        return [_telling(one.text) for one in self.sentences]

    @cached_property
    def heading_orders(self) -> list[list[str]]:
        """The terms of the headings of each sentence in order."""
        return [_telling(one.heading) for one in self.sentences]

    @cached_property
    def facts(self) -> list[FactIndex]:
        """The facts of each sentence."""
        return [FactIndex([one.text]) for one in self.sentences]

    @cached_property
    def heading_facts(self) -> list[FactIndex]:
        """The facts of the headings of each sentence."""
        known = {heading: FactIndex([heading]) for heading in {one.heading for one in self.sentences}}
        return [known[one.heading] for one in self.sentences]

    @cached_property
    def sentence_names(self) -> list[frozenset[str]]:
        """The names in each sentence, folded."""
        return [names_of(one.text, self.names) for one in self.sentences]

    @cached_property
    def _tokens(self) -> Floats:
        """The unit vectors of all tokens, (tokens, width)."""
        return unit(np.concatenate([encoded.tokens for encoded in self._encoded]))

    @cached_property
    def _encoded(self) -> list[EncodedPassage]:
        return list(self._encoder.encode_passages([hit.passage for hit in self.hits]))

    @cached_property
    def _owners(self) -> list[np.ndarray[tuple[int], np.dtype[np.int64]]]:
        """The rows of each sentence's tokens."""
        rows, first = [], 0
        for hit, encoded in zip(self.hits, self._encoded, strict=True):
            begins, ends = encoded.offsets[:, 0].astype(int), encoded.offsets[:, 1].astype(int)
            at = hit.passage.start
            for start, end in _whole(hit.passage):
                rows.append(first + np.flatnonzero((begins >= start - at) & (ends <= end - at) & (ends > begins)))
            first += len(encoded.offsets)
        return rows

    def match(self, text: str) -> "Matches":
        """Compare a text with every sentence by late interaction."""
        encoded = self._encoder.encode_question(text)
        found = unit(encoded.tokens) @ self._tokens.T
        best = [found[:, rows].max(axis=1) if len(rows) else np.zeros(len(found)) for rows in self._owners]
        return Matches(spans=np.array(encoded.spans).reshape(-1, 2), cosines=np.array(best).reshape(-1, len(found)))


def _whole(passage: Passage) -> list[Span]:
    """Return the sentences of a passage. One that is broken in the middle, as by a line break, is one."""
    found: list[Span] = []
    for start, end in passage.sentences:
        if found and _goes_on(passage.quote(*found[-1]), passage.quote(start, end)):
            found[-1] = (found[-1][0], end)
        else:
            found.append((start, end))
    return found


def _goes_on(before: str, text: str) -> bool:
    """Say whether a text goes on in the middle of the sentence before it.

    >>> _goes_on("The second Monday is a", "holiday."), _goes_on("proof of residence", "a photo")
    (True, False)
    """
    words = WORD.findall(before)
    return text[:1].islower() and before[-1:].isalpha() and is_function_word(words[-1])


def _terms(text: str) -> frozenset[str]:
    return frozenset([*stems(text), *(stem(text[start:end]) for start, end in single_words(text))])


def _telling(text: str) -> list[str]:
    """Return the terms of a text in order, without numbers, codes, parts of words and function words.

    >>> _telling("BSkyB sold COVID-19 tests.")
    ['bskyb', 'sell', 'covid', 'test']
    """
    found: list[str] = []
    end = 0
    for word in words(text):
        if word.start >= end and word.term.isalpha():
            end = word.end
            if not is_function_word(text[word.start : word.end]):
                found.append(word.term)
    return found


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Matches:
    """The best cosine of each token of a text in each sentence, (sentences, tokens), and each token's range."""

    spans: np.ndarray[tuple[int, int], np.dtype[np.int64]]
    cosines: Floats

    def of_range(self, start: int, end: int) -> Floats:
        """Return the mean over the tokens of [start, end) of the text, for each sentence."""
        inside = (self.spans[:, 0] < end) & (self.spans[:, 1] > start) & (self.spans[:, 1] > self.spans[:, 0])
        if not inside.any():
            return np.zeros(len(self.cosines), dtype=np.float32)
        return np.asarray(self.cosines[:, inside].mean(axis=1), dtype=np.float32)
