"""Check a written sentence against the documents' sentences: is each fact and each word of it in them?"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from index.embed.late_interaction import Floats
from index.text.analysis import is_function_word, words
from index.text.codes import Word
from index.text.stemming import stem
from index.types import Span
from qa.types import Support
from qa.written.facts import Fact, facts
from qa.written.placement import is_among, is_beside, is_replaced, slots
from qa.written.polarity import CUES, disagreement
from qa.written.sources import Sources, SourceSentence

MAX_EVIDENCE = 5
MIN_GAIN = 0.4  # in words, of a further sentence
MAX_NEIGHBOURS = 3  # words on each side of a fact
MARGIN = 0.05  # how much worse than the best its neighbours may match
COVERED = 0.6  # the match of a word that counts as mentioned
SUPPORTED = 0.85
OF_HEADING = 0.98  # the match of a word that only the headings have
LEAD = 0.7  # of the words, in one sentence
TOGETHER = 0.97  # of the words, in sentences of one document
PARTLY = 0.6

# Words that join sentences, which no document has to have.
_CONNECTIVES = frozenset(
    "additionally addition however furthermore moreover therefore thus overall sure finally specifically generally "
    "example instance contrast summary following according".split()
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """How far the documents support a sentence.

    `evidence` are the sentences that support it, best first. It `is_faithful` if no fact is missing and nothing
    contradicts it. `coverage` is the mean match of its words, 0 to 1.
    `missing` are the words and facts that the evidence does not have, as [start, end) of the sentence, or by which it
    says the opposite.
    """

    support: Support
    evidence: tuple[SourceSentence, ...]
    coverage: float
    missing: tuple[Span, ...] = ()
    contradicts: str = ""
    is_faithful: bool = False

    @property
    def score(self) -> float:
        """The coverage, less if it is not supported, and half of it if a fact is missing or it is contradicted."""
        return self.coverage * (1.0 if self.support == "supported" else 0.75 if self.is_faithful else 0.5)


def check(sentence: str, sources: Sources, cited: Sequence[int] = ()) -> Check:
    """Check a sentence against the sentences of its numbers in `cited` and, if they do not support it, against all."""
    if not sources.sentences:
        return Check(support="unsupported", evidence=(), coverage=0.0)
    if any(not 1 <= number <= len(sources.sentences) for number in cited):
        return Check(support="unsupported", evidence=(), coverage=0.0)
    checking = _Checking(sentence, sources)
    if cited:
        found = checking.against([number - 1 for number in cited], adds=False)
        if found.support == "supported":
            return found
    return checking.against(list(range(len(sources.sentences))))


class _Checking:
    """One sentence, compared with all sentences of the sources."""

    def __init__(self, sentence: str, sources: Sources) -> None:
        self._sentence = sentence
        self._sources = sources
        self._facts = facts(sentence, sources.names)
        exact = [one for one in self._facts if one.is_exact]
        self._slots = slots(sentence, sources.names)
        self._opening = self._slots[0].start if self._slots else -1
        self._words = [
            word
            for word in _content_words(sentence)
            if not any(one.start < word.end and word.start < one.end for one in exact)
        ]
        matches = sources.match(sentence)
        self._scores = np.array(
            [self._word_scores(word, matches.of_range(word.start, word.end)) for word in self._words], dtype=np.float32
        ).reshape(len(self._words), len(sources.sentences))

    def _word_scores(self, word: Word, cosines: Floats) -> Floats:
        """Return how well each sentence matches a word: 1 if it has the word itself, less if its headings have it."""
        has = np.array([word.term in terms for terms in self._sources.terms], dtype=bool)
        is_above = np.array([word.term in terms for terms in self._sources.heading_terms], dtype=bool)
        return np.where(has, 1.0, np.where(is_above, OF_HEADING, np.minimum(cosines, 0.95))).astype(np.float32)

    def against(self, candidates: Sequence[int], adds: bool = True) -> Check:
        """Check against some sentences, given by their rows; with `adds`, against the few that match best."""
        chosen = _choose(self._weights, candidates) if adds else list(candidates)
        evidence = [self._sources.sentences[number] for number in chosen]
        lacking = [one for one in self._facts if not self._is_held(one, chosen)]
        best = self._scores[:, chosen].max(axis=1, initial=0.0)
        coverage = float(best.mean()) if len(best) else 1.0
        opposite = disagreement(self._sentence, [one.text for one in evidence])
        uncovered = [word for word, score in zip(self._words, best, strict=True) if score < COVERED]
        is_other = bool(uncovered) and self._stands_for_name(uncovered[0], chosen)
        is_faithful = not lacking and not opposite and not is_other
        return Check(
            support=self._support(coverage, chosen, is_faithful),
            evidence=tuple(evidence),
            coverage=coverage,
            missing=_spans([*lacking, *uncovered]),
            contradicts=opposite,
            is_faithful=is_faithful,
        )

    def _support(self, coverage: float, chosen: Sequence[int], is_faithful: bool) -> Support:
        if coverage < PARTLY or not (self._words or self._facts):
            return "unsupported"
        return "supported" if is_faithful and self._is_covered(coverage, chosen) else "partly"

    def _is_covered(self, coverage: float, chosen: Sequence[int]) -> bool:
        """Say whether one sentence has nearly all words, or sentences of one document have all together."""
        count = len(self._words)
        lead = float(self._scores[:, list(chosen)].sum(axis=0).max(initial=0.0))
        documents = {self._sources.sentences[number].hit.passage.path for number in chosen}
        is_led = count - lead <= max(1.0, (1 - LEAD) * count)
        return coverage >= SUPPORTED and (is_led or (coverage >= TOGETHER and len(documents) == 1))

    def _is_held(self, fact: Fact, chosen: Sequence[int]) -> bool:
        """Say whether the evidence has a fact, in the sentence that matches the words around it best."""
        holders = [number for number in chosen if self._has(fact, number)]
        near = self._near(fact)
        if fact.kind == "quote" or not near:
            return bool(holders)
        matching = self._matching(near, chosen)
        if len(fact.name) > 1:
            return self._has_name(fact, chosen, [*matching, *self._matching_one_side(fact, near, chosen)])
        replaced = [is_replaced(fact, self._slots, self._sources.slots(number)) for number in matching]
        if True in replaced and False not in replaced:
            return False
        return any(number in matching and self._is_placed(fact, near, number) for number in holders)

    def _matching_one_side(self, fact: Fact, near: Sequence[int], chosen: Sequence[int]) -> list[int]:
        """Return the sentences that match the words before a fact best, and those that match the words after it."""
        before = [row for row in near if self._words[row].start < fact.start]
        after = [row for row in near if self._words[row].start > fact.start]
        return [*self._matching(before, chosen), *self._matching(after, chosen)]

    def _stands_for_name(self, word: Word, chosen: Sequence[int]) -> bool:
        """Say whether a word at the start stands where the evidence has a name."""
        if word.start != self._opening:
            return False
        name = Fact(kind="name", start=word.start, end=word.end, text="", form=word.term)
        return any(is_replaced(name, self._slots, self._sources.slots(number)) for number in chosen)

    def _matching(self, near: Sequence[int], chosen: Sequence[int]) -> list[int]:
        """Return the sentences that match some words best, none if there are no words."""
        if not near:
            return []
        context = self._scores[list(near)].mean(axis=0)
        least = float(context[list(chosen)].max(initial=0.0)) - MARGIN
        return [number for number in chosen if context[number] >= least]

    def _has(self, fact: Fact, number: int) -> bool:
        """Say whether a sentence has a fact, or its headings have it.

        A name of the headings does not count if the sentence has another name, which the checked one lacks.
        """
        if fact in self._sources.facts[number]:
            return True
        others = self._sources.sentence_names[number] - {one.form for one in self._facts}
        return fact in self._sources.heading_facts[number] and not (fact.kind == "name" and others)

    def _has_name(self, fact: Fact, chosen: Sequence[int], matching: Sequence[int]) -> bool:
        """Say whether a matching sentence has a name of several words, or calls it by some of them."""
        holders = [number for number in chosen if self._has(fact, number) and self._has_order(fact, number)]
        if not holders:
            longer = [run for number in chosen for run in self._runs(number) if run.issuperset(fact.name)]
            return bool(longer) and any(self._is_called(fact, number, longer) for number in matching)
        return any(number in holders or self._is_meant(fact, number, chosen) for number in matching)

    def _is_meant(self, fact: Fact, number: int, chosen: Sequence[int]) -> bool:
        """Say whether a sentence calls a name, which another one has, by some of its words and no others."""
        name = frozenset(fact.name)
        called = self._sources.name_order(number).naming(name)
        if not called:
            return self._has(fact, number) or not name.isdisjoint(self._sources.heading_terms[number])
        if all(one <= name for one in called):
            return True
        longer = [run for other in chosen for run in self._runs(other) if name <= run]
        return self._is_called(fact, number, longer)

    def _is_called(self, fact: Fact, number: int, longer: Sequence[frozenset[str]]) -> bool:
        """Say whether a longer name has both a name and what a sentence calls it."""
        called = self._sources.name_order(number).naming(fact.name)
        return any(one.union(fact.name) <= run for one in called for run in longer)

    def _has_order(self, fact: Fact, number: int) -> bool:
        """Say whether a sentence or its headings have the word of a name beside another of it, or in another form."""
        orders = self._sources.name_order(number), self._sources.heading_names(number)
        if not any(fact.name[fact.at] in order.terms for order in orders):
            return self._has(fact, number)
        return any(order.has(fact.name, fact.at) for order in orders)

    def _runs(self, number: int) -> list[frozenset[str]]:
        return [*self._sources.name_order(number).runs, *self._sources.heading_names(number).runs]

    def _is_placed(self, fact: Fact, near: Sequence[int], number: int) -> bool:
        """Say whether a name stands among the same words in a sentence. Other facts may stand anywhere in it."""
        term, sources = stem(fact.form), self._sources
        beside = [self._words[row].term for row in self._near(fact, 1)]
        return (
            fact.kind != "name"
            or is_beside(term, beside, (sources.orders[number], sources.heading_orders[number]))
            or (self._is_first(fact) and sources.name_order(number).begins_with(term))
            or is_among(term, [self._words[row].term for row in near], sources.orders[number])
        )

    def _is_first(self, fact: Fact) -> bool:
        return self._opening == fact.start

    def _near(self, fact: Fact, count: int = MAX_NEIGHBOURS) -> list[int]:
        """Return the words around a fact, by their rows."""
        others = set(fact.name) if count > 1 else set()
        rows = [row for row, word in enumerate(self._words) if word.term not in others]
        before = [row for row in rows if self._words[row].end <= fact.start]
        after = [row for row in rows if self._words[row].start >= fact.end]
        return [*before[-count:], *after[:count]]

    @property
    def _weights(self) -> Floats:
        """How well each sentence matches each word, and whether it has each fact: (words + facts, sentences)."""
        facts = [one for one in self._facts if one.is_exact]
        rows = range(len(self._sources.sentences))
        has = np.array([[self._has(one, number) for number in rows] for one in facts], dtype=np.float32)
        return np.vstack([self._scores, has.reshape(len(facts), len(rows))])


def _choose(weights: Floats, candidates: Sequence[int]) -> list[int]:
    """Choose the sentences that together match best: each adds to those before it."""
    chosen: list[int] = []
    best = np.zeros(len(weights), dtype=np.float32)
    while len(chosen) < min(MAX_EVIDENCE, len(candidates)):
        left = [number for number in candidates if number not in chosen]
        gains = np.maximum(weights[:, left], best[:, None]).sum(axis=0) - best.sum()
        if chosen and gains.max() < MIN_GAIN:
            break
        chosen.append(left[int(gains.argmax())])
        best = np.maximum(best, weights[:, chosen[-1]])
    return chosen


def _content_words(sentence: str) -> list[Word]:
    found, end = [], 0
    for word in words(sentence):
        text = sentence[word.start : word.end]
        if word.start >= end and not is_function_word(text) and text.lower() not in _CONNECTIVES | CUES:
            found.append(word)
            end = word.end
    return found


def _spans(parts: Sequence[Fact | Word]) -> tuple[Span, ...]:
    """Return the ranges of facts and words in order, without those inside another."""
    joined: list[Span] = []
    for start, end in sorted({(one.start, one.end) for one in parts}, key=lambda span: (span[0], -span[1])):
        if not joined or start >= joined[-1][1]:
            joined.append((start, end))
    return tuple(joined)
