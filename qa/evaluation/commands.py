"""The commands `evaluate` and `calibrate`: ask a file of questions, and print what that shows."""

import argparse
import json
import math
import tempfile
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from index.__main__ import show_progress
from index.embed.encoder import Encoder, load_encoder
from index.ingest.limits import Limits, limits_of
from index.library import Library
from index.search.baseline import PlainSearcher
from index.text.analysis import stem, stems
from qa.answer.confidence import logistic
from qa.commands import bring_up_to_date
from qa.errors import UsageError
from qa.evaluation.dataset import (
    Dataset,
    Question,
    in_uppercase,
    read_dataset,
    with_typo,
    with_unrelated_history,
)
from qa.evaluation.metrics import DEPTH, by_kind, evaluation_of, gains, means, measures, retrieval, without_conversation
from qa.evaluation.report import Measures, kinds_table, measures_table, reliability_table, to_data
from qa.evaluation.run import ask_each
from qa.evaluation.types import Outcome
from qa.service import QAService

_THRESHOLDS = [step / 100 for step in range(2, 41, 2)]
_FIRST_PARAGRAPHS = (3, 10)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Run:
    """A set of questions, the documents that it brings, and the folder and index to ask.

    `chosen` are the documents that --articles selects. The others serve as documents that hold no answer.
    """

    dataset: Dataset
    chosen: Sequence[str]
    sources: Path
    index: Path
    encoder: Encoder
    limits: Limits

    @property
    def questions(self) -> list[Question]:
        return self.dataset.questions

    @property
    def documents(self) -> dict[str, str]:
        return self.dataset.documents

    @property
    def others(self) -> list[str]:
        """The documents that were not chosen."""
        return [path for path in self.documents if path not in self.chosen]

    def ask(self, questions: Sequence[Question], documents: Mapping[str, str] | None = None) -> list[Outcome]:
        """Ask questions of some of the documents that the set brings, or of the folder if it brings none.

        A question about a document that is left out is off topic.
        """
        documents = self.documents if documents is None else documents
        if self.documents:
            self._write(documents)
            questions = [q if q.document in documents else replace(q, answerability="off_topic") for q in questions]
        bring_up_to_date(self.sources, self.index, self.encoder, self.limits)
        service = QAService(Library(self.sources, self.index, lambda: self.encoder, self.limits), keeps_history=False)
        outcomes = []
        for outcome in ask_each(questions, service.ask_at_any_confidence):
            outcomes.append(outcome)
            show_progress(f"Asking {len(outcomes)}/{len(questions)}")
        show_progress("")
        return outcomes

    def part(self, paths: Collection[str]) -> dict[str, str]:
        """Return some of the documents with their texts."""
        return {path: text for path, text in self.documents.items() if path in paths}

    def _write(self, documents: Mapping[str, str]) -> None:
        for path in self.documents.keys() - documents.keys():
            (self.sources / path).unlink(missing_ok=True)
        for path, text in documents.items():
            (self.sources / path).write_bytes(text.encode())


def run_evaluate(options: argparse.Namespace) -> int:
    """Ask a file of questions and print the measures."""
    with _open(options) as run:
        questions = _perturbed(run, options.perturb)
        if options.unrelated_history:
            questions = with_unrelated_history(questions, run.documents)
        outcomes = run.ask(questions)
        beside: dict[str, Measures] = {}
        if options.baseline:
            beside["baseline"] = _baseline(run, questions)
        if options.off_topic:
            outcomes += run.ask(_off_topic(options, questions))
        elif len(run.documents) > 1 and not options.unrelated_history:
            about = [question for question in questions if question.document in run.chosen]
            outcomes += run.ask(about, run.part(run.others))
        if any(question.turns for question in questions):
            alone = without_conversation(run.ask([replace(question, turns=()) for question in questions]))
            beside |= {"alone": measures(alone), "gain": gains(outcomes[: len(questions)], alone)}
    found = evaluation_of(outcomes)
    if options.json:
        print(json.dumps(to_data(found, beside, by_kind(found.outcomes))))
    else:
        tables = measures_table(found.measures, beside), kinds_table(found.outcomes), reliability_table(found.bins)
        print(*filter(None, tables), sep="\n\n")
    return 0


def run_calibrate(options: argparse.Namespace) -> int:
    """Fit the confidence to a file of questions; print the constants, and the errors at each threshold."""
    with _open(options) as run:
        if len(run.documents) < 2:
            raise UsageError(f"{options.file} brings no documents: name a file with SQuAD's layout.")
        outcomes = _calibration_outcomes(run)
    is_about = [outcome.question.answerability != "off_topic" for outcome in outcomes]
    about = [outcome for outcome, is_on_topic in zip(outcomes, is_about, strict=True) if is_on_topic]
    relevance = _fit([outcome.signals.of_relevance for outcome in outcomes], is_about)
    answerability = _fit(
        [outcome.signals.of_answerability for outcome in about], [outcome.is_right for outcome in about]
    )
    for name, model in (("RELEVANCE", relevance), ("ANSWERABILITY", answerability)):
        print(f"{name}_BIAS = {model.bias:.2f}")
        print(f"{name}_WEIGHTS = ({', '.join(f'{weight:.2f}' for weight in model.weights)})")
    by_answerability: dict[str, list[float]] = {}
    for outcome in outcomes:
        likely = relevance.probability(outcome.signals.of_relevance)
        likely *= answerability.probability(outcome.signals.of_answerability)
        by_answerability.setdefault(outcome.question.answerability, []).append(likely)
    _print_thresholds(by_answerability)
    return 0


@contextmanager
def _open(options: argparse.Namespace) -> Iterator[_Run]:
    """Read the chosen questions of a file. Documents that it brings get a folder and an index of their own."""
    dataset = read_dataset(options.file)
    chosen = list(dataset.documents)[0 if options.articles == "even" else 1 :: 2]
    encoder = load_encoder(options.model, options.index)
    with tempfile.TemporaryDirectory() as scratch:
        sources, index = options.sources, options.index
        if dataset.documents:
            sources, index = Path(scratch, "sources"), Path(scratch, "index")
            sources.mkdir()
        yield _Run(
            dataset=replace(dataset, questions=_sample(_chosen(options, dataset, chosen), options.sample)),
            chosen=chosen,
            sources=sources,
            index=index,
            encoder=encoder,
            limits=limits_of(options),
        )


def _chosen(options: argparse.Namespace, dataset: Dataset, chosen: Collection[str]) -> list[Question]:
    """Select every second document's questions, or every second conversation's, as --articles says."""
    if options.articles == "all":
        return dataset.questions
    if dataset.documents:
        return [question for question in dataset.questions if question.document in chosen]
    is_even = options.articles == "even"
    return [question for question in dataset.questions if question.is_of_even_conversation == is_even]


def _perturbed(run: _Run, how: str | None) -> list[Question]:
    if how == "typo":
        counts = Counter(word for text in run.documents.values() for word in stems(text))
        return [with_typo(question, lambda word: counts[stem(word)]) for question in run.questions]
    if how == "uppercase":
        return [in_uppercase(question) for question in run.questions]
    return run.questions


def _baseline(run: _Run, questions: Sequence[Question]) -> Measures:
    """Measure how well whole passages ranked by cosine find the right one."""
    retriever = PlainSearcher(run.index, run.encoder)
    searched = [(q, retriever.search(q.question, DEPTH).hits) for q in questions if q.facts]
    return means([retrieval(question, hits) for question, hits in searched])


def _off_topic(options: argparse.Namespace, questions: Sequence[Question]) -> list[Question]:
    """Read questions about other documents. Each gets the history of one of the questions."""
    histories = [question.turns for question in questions]
    read = _sample(read_dataset(options.off_topic).questions, options.sample)
    return [
        replace(question, answerability="off_topic", turns=histories[number % len(histories)])
        for number, question in enumerate(read)
    ]


def _calibration_outcomes(run: _Run) -> list[Outcome]:
    """Ask questions of the other documents, of ever fewer of the chosen ones, and of the first paragraphs of each.

    Every size of the index gets as many off-topic questions as others, or else the size would separate them.
    """
    about = _about(run.questions, run.chosen)
    outcomes = run.ask(about, run.part(run.others))
    for power in range(len(run.chosen).bit_length()):
        some = run.chosen[:: 2**power]
        outcomes += run.ask(_with_off_topic(_about(about, some), about, some), run.part(some))
    for path in run.chosen:
        for here in _first_paragraphs(_about(run.questions, [path])):
            end = max(question.span[1] for question in here if question.span)
            outcomes += run.ask(_with_off_topic(here, about, [path]), {path: run.documents[path][:end]})
    return outcomes


def _about(questions: Sequence[Question], paths: Collection[str]) -> list[Question]:
    return [question for question in questions if question.document in paths]


def _with_off_topic(here: list[Question], questions: Sequence[Question], paths: Collection[str]) -> list[Question]:
    """Add as many questions about other documents."""
    elsewhere = [question for question in questions if question.document not in paths]
    return [*here, *_sample(elsewhere, len(here))]


def _first_paragraphs(questions: Sequence[Question]) -> Iterator[list[Question]]:
    """Yield the questions about a document's first three paragraphs, and first ten: folders are often that small."""
    spans = sorted({question.span for question in questions if question.span})
    for count in _FIRST_PARAGRAPHS:
        first = spans[:count]
        if first:
            yield [question for question in questions if question.span in first]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Logistic:
    bias: float
    weights: list[float]

    def probability(self, signals: Sequence[float]) -> float:
        return logistic(self.bias, self.weights, signals)


def _fit(signals: Sequence[Sequence[float]], labels: Sequence[bool]) -> _Logistic:
    """Fit the logistic model that explains the labels best."""
    from sklearn.linear_model import LogisticRegression

    model = LogisticRegression(C=math.inf, max_iter=1000).fit(signals, labels)
    return _Logistic(bias=float(model.intercept_[0]), weights=[float(weight) for weight in model.coef_[0]])


def _print_thresholds(confidences: Mapping[str, Sequence[float]]) -> None:
    """Print the shares of each kind of error, by threshold."""
    print("threshold  answerable refused  off-topic answered  unanswerable answered")
    for threshold in _THRESHOLDS:
        below = {name: sum(one < threshold for one in ones) / len(ones) for name, ones in confidences.items()}
        print(
            f"{threshold:9.2f}  {below['answerable']:18.3f}  {1 - below['off_topic']:18.3f}"
            f"  {1 - below.get('unanswerable', math.nan):21.3f}"
        )


def _sample(questions: list[Question], size: int | None) -> list[Question]:
    """Take `size` of the questions, evenly spaced."""
    return questions[:: max(1, len(questions) // size)][:size] if size else questions
