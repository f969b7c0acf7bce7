"""The commands `evaluate` and `calibrate`: ask a file of questions, and print what that shows."""

import argparse
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from index.__main__ import show_progress
from index.build import Report, build
from index.embed.encoder import Encoder, load_encoder
from index.ingest.limits import Limits, limits_of
from index.library import Library
from index.location import chosen_index, folder_of
from index.output import write, write_json
from index.search.baseline import BaselineSearcher
from index.search.searcher import Searcher
from index.store.protocols import Index
from index.text.analysis import stems
from index.text.stemming import stem
from qa.commands import bring_up_to_date
from qa.evaluation.calibration import judge_each, search_each
from qa.evaluation.calibration_report import confidence_constants, confidence_tables, ranking_constants, ranking_table
from qa.evaluation.corpora import Corpus, off_topic_questions, read_corpora
from qa.evaluation.dataset import (
    Dataset,
    Question,
    in_uppercase,
    read_dataset,
    with_typo,
    with_unrelated_history,
)
from qa.evaluation.fitting import (
    Candidates,
    JudgedReply,
    fit_confidence,
    fit_ranking,
    held_out_confidences,
    held_out_ranks,
)
from qa.evaluation.metrics import DEPTH, by_kind, evaluation_of, gains, means, measures, retrieval, without_conversation
from qa.evaluation.report import Measures, kinds_table, measures_table, reliability_table, to_data
from qa.evaluation.run import ask_each
from qa.evaluation.types import Evaluation, Outcome
from qa.evaluation.written import measure_written
from qa.service import QAService
from qa.written.connection import Endpoint
from qa.written.options import llm_of


@dataclass(frozen=True, slots=True, kw_only=True)
class _Run:
    """A set of questions, the documents that it brings, and the folder and index to ask.

    `chosen` are the documents that --articles selects. The others serve as documents that hold no answer.
    """

    dataset: Dataset
    chosen: Sequence[str]
    sources: Path
    index: Path | Index
    encoder: Encoder
    limits: Limits
    endpoint: Endpoint | None = None
    is_strict: bool = False

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
        service = self._service()
        outcomes = []
        for outcome in ask_each(questions, service.ask_at_any_confidence):
            outcomes.append(outcome)
            show_progress(f"Asking {len(outcomes)}/{len(questions)}")
        show_progress("")
        return outcomes

    def write(self, questions: Sequence[Question]) -> Measures:
        """Let the language model answer the questions, and measure what it writes."""
        if self.documents:
            self._write(self.documents)
        service = self._service()
        found = measure_written(
            questions, service.answers, lambda done: show_progress(f"Writing {done}/{len(questions)}")
        )
        show_progress("")
        return found

    def _service(self) -> QAService:
        bring_up_to_date(self.sources, self.index, self.encoder, self.limits)
        library = Library(self.sources, self.index, lambda: self.encoder, self.limits)
        return QAService(library, keeps_history=False, endpoint=self.endpoint, is_strict=self.is_strict)

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
        written = run.write(questions) if run.endpoint else {}
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
    _print(evaluation_of(outcomes), beside, written, as_json=options.json)
    return 0


def _print(found: Evaluation, beside: Mapping[str, Measures], written: Measures, as_json: bool) -> None:
    if as_json:
        others = {**beside, "written": written} if written else beside
        write_json(to_data(found, others, by_kind(found.outcomes)))
        return
    tables = (
        measures_table(found.measures, beside),
        f"Written answers\n{measures_table(written, {})}" if written else "",
        kinds_table(found.outcomes),
        reliability_table(found.bins),
    )
    write("\n\n".join(filter(None, tables)))


def run_calibrate(options: argparse.Namespace) -> int:
    """Fit ranking and confidence to sets of questions; print the constants, and the figures of held-out questions."""
    corpora = read_corpora(options.sets, options.articles, options.sample)
    encoder = load_encoder(options.model, folder_of(options.index))
    candidates: list[Candidates] = []
    asked: list[JudgedReply] = []
    with tempfile.TemporaryDirectory() as scratch:
        for number, corpus in enumerate(corpora):
            searcher = _searcher(corpus, Path(scratch, str(number)), encoder, limits_of(options))
            step = f"{corpus.name} ({number + 1}/{len(corpora)})"
            candidates += search_each(corpus, searcher, _counter(f"Searching {step}"))
            questions = [*corpus.questions, *off_topic_questions(corpus, corpora)]
            asked += judge_each(corpus, questions, searcher, _counter(f"Asking {step}"))
    show_progress("")
    write(ranking_constants(fit_ranking(candidates)), end="\n\n")
    write(confidence_constants(fit_confidence(asked)), end="\n\n")
    write(ranking_table(candidates, held_out_ranks(candidates)), end="\n\n")
    write(confidence_tables(asked, held_out_confidences(asked)))
    return 0


def _counter(step: str) -> Callable[[int], None]:
    return lambda done: show_progress(f"{step}: {done}")


def _searcher(corpus: Corpus, scratch: Path, encoder: Encoder, limits: Limits) -> Searcher:
    """Index the documents of a set in a temporary folder."""
    for step in build(corpus.sources(scratch), scratch / "index", encoder, limits=limits):
        if isinstance(step, Report):
            for problem in step.unreadable.values():
                print(problem, file=sys.stderr)
        else:
            show_progress(f"{corpus.name}: {step}.")
    return Searcher(scratch / "index", encoder)


@contextmanager
def _open(options: argparse.Namespace) -> Iterator[_Run]:
    """Read the chosen questions of a file. Documents that it brings get another folder and index."""
    endpoint = llm_of(options)
    dataset = read_dataset(options.file)
    chosen = list(dataset.documents)[0 if options.articles == "even" else 1 :: 2]
    encoder = load_encoder(options.model, folder_of(options.index))
    with tempfile.TemporaryDirectory() as scratch:
        sources, index = options.sources, chosen_index(options)
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
            endpoint=endpoint,
            is_strict=options.strict,
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
    retriever = BaselineSearcher(run.index, run.encoder)
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


def _sample(questions: list[Question], size: int | None) -> list[Question]:
    """Take `size` of the questions, evenly spaced."""
    return questions[:: max(1, len(questions) // size)][:size] if size else questions
