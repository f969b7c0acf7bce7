"""The command `python -m qa`: ask, evaluate, calibrate and keep users."""

import argparse
import getpass
import json
import math
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, replace
from itertools import chain
from pathlib import Path

from index.__main__ import run_build, show_progress
from index.build import build, check_fits, why_build
from index.embed.encoder import Encoder, load_encoder
from index.errors import FootnoteError, IndexUnusableError
from index.freshness import Freshness
from index.ingest.limits import add_limits, limits_of
from index.search.baseline import PlainSearcher
from index.search.searcher import Searcher
from index.store.store import Store
from index.text.analysis import stem, stems
from qa.answer.confidence import logistic
from qa.answer.pipeline import PASSAGES, answer
from qa.evaluation.dataset import Question, after_others, in_capitals, read_questions, with_a_slip
from qa.evaluation.report import measures_table, reliability_table, to_data
from qa.evaluation.run import (
    DEPTH,
    Evaluation,
    Measure,
    Outcome,
    ask_each,
    asked_alone,
    gains,
    means,
    measures,
    retrieval,
)
from qa.formatting import change_markdown, to_json, to_markdown
from qa.history import read_history
from qa.question_log import asked, changes, remember
from qa.types import Answer, NoAnswer, Turn, as_turn
from qa.web.users import add_user, remove_user


def main(arguments: list[str] | None = None) -> int:
    """Run the command; 0 is done, 1 an error that the user can put right."""
    options = _parser().parse_args(arguments)
    try:
        return int(options.run(options))
    except FootnoteError as error:
        print(error, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        sys.stderr.close()  # the reader of our output has gone; there is nobody to tell
        return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m qa", description="Ask a folder of documents.")
    commands = parser.add_subparsers(required=True, metavar="ask|changes|evaluate|calibrate|user")
    asking = commands.add_parser("ask", help="answer a question, or one a line from standard input")
    asking.add_argument("question", nargs="?")
    asking.add_argument("--k", type=_positive, default=PASSAGES, help=f"how many hits to list ({PASSAGES})")
    asking.add_argument("--no-build", action="store_true", help="answer from the index as it is")
    asking.add_argument("--follow", action="store_true", help="take the lines of standard input for one conversation")
    asking.add_argument("--keep-no-questions", action="store_true", help="do not keep what is asked for later")
    asking.set_defaults(run=_ask)
    changing = commands.add_parser("changes", help="ask again what was asked, and show which answers are different now")
    changing.add_argument("--no-build", action="store_true", help="answer from the index as it is")
    changing.set_defaults(run=_changes)
    evaluating = commands.add_parser("evaluate", help="measure the answers to a file of questions")
    evaluating.add_argument("--foreign", type=Path, help="a file of questions about other documents")
    evaluating.add_argument("--plain", action="store_true", help="measure the plain way beside it")
    evaluating.add_argument(
        "--disturb", choices=("slip", "capitals"), help="ask with a slip in a rare word, or in capitals"
    )
    evaluating.add_argument(
        "--after-others",
        action="store_true",
        help="ask what stands alone after something said of another document or conversation",
    )
    evaluating.set_defaults(run=_evaluate, no_build=False)
    calibrating = commands.add_parser("calibrate", help="fit the confidence to a file of questions")
    calibrating.set_defaults(run=_calibrate, no_build=False)
    using = commands.add_parser(
        "user", help="add a user who may sign in to the page, with a new password, or remove one"
    )
    using.add_argument("deed", choices=("add", "remove"))
    using.add_argument("name")
    using.add_argument("--file", type=Path, default=Path("users"), help="the file of users (users)")
    using.set_defaults(run=_user)
    for command in (evaluating, calibrating):
        command.add_argument("file", type=Path, help="of SQuAD's layout (.json), or JSON lines of question and answers")
        command.add_argument(
            "--articles",
            choices=("all", "even", "odd"),
            default="all",
            help="ask about every second document, or conversation, only",
        )
        command.add_argument("--sample", type=_positive, help="take so many of the questions, evenly spaced")
    for command in (asking, changing, evaluating, calibrating):
        command.add_argument("--sources", type=Path, default=Path("sources"), help="the folder of documents (sources)")
        command.add_argument("--index", type=Path, default=Path(".index"), help="the folder of the index (.index)")
        command.add_argument("--model", help="a sentence-transformers name or folder (all-MiniLM-L6-v2)")
        add_limits(command)
    for command in (asking, changing, evaluating):
        command.add_argument("--json", action="store_true", help="print JSON")
    return parser


def _positive(text: str) -> int:
    number = int(text)
    if number < 1:
        raise ValueError(text)
    return number


def _ask(options: argparse.Namespace) -> int:
    encoder = load_encoder(options.model, options.index)
    _bring_up_to_date(options, encoder)
    searcher = Searcher(options.index, encoder)
    freshness = Freshness(options.sources, options.index)
    said: list[Turn] = []
    for question, history in [(options.question, None)] if options.question is not None else _lines_of(sys.stdin):
        started = time.perf_counter()
        turns = said if options.follow and history is None else read_history(history or [])
        reply = answer(question, searcher, options.k, freshness.is_current, turns=turns)
        said = [*turns, as_turn(reply)]
        if not options.keep_no_questions:
            remember(options.index, reply)
        if options.json:
            print(json.dumps(to_json(reply, time.perf_counter() - started), ensure_ascii=False), flush=True)
        else:
            print(to_markdown(reply) + "\n", flush=True)
    return 0


def _changes(options: argparse.Namespace) -> int:
    encoder = load_encoder(options.model, options.index)
    _bring_up_to_date(options, encoder)
    searcher = Searcher(options.index, encoder)
    found = changes(asked(options.index), lambda question: answer(question, searcher))
    if options.json:
        print(json.dumps([asdict(change) for change in found], ensure_ascii=False))
    else:
        print("\n".join(map(change_markdown, found)) or "Every answer is what it was.")
    return 0


def _lines_of(lines: Iterator[str]) -> Iterator[tuple[str, object]]:
    """The question of each line that is not blank, and what was said before, if it tells: a line may be a JSON object
    with `question` in it, and `history`."""
    for line in map(str.strip, lines):
        history = None
        if line.startswith("{"):
            try:
                entry = json.loads(line)
            except ValueError:
                entry = None
            if isinstance(entry, dict) and isinstance(entry.get("question"), str):
                line, history = entry["question"].strip(), entry.get("history")
        if line:
            yield line, history


def _bring_up_to_date(options: argparse.Namespace, encoder: Encoder) -> None:
    """Build if the index is missing, outdated or damaged, or the folder has changed, and say so."""
    if options.no_build:
        if not Store.exists(options.index):
            raise IndexUnusableError(f"There is no index in {options.index}: leave out --no-build to make it.")
        with Store.open(options.index) as store:
            check_fits(store.describe(), encoder)
        return
    reason = why_build(options.sources, options.index, encoder)
    if not reason:
        return
    steps = build(options.sources, options.index, encoder, limits=limits_of(options))
    first = next(steps)  # whatever forbids the build is raised here, before it is announced
    print(f"{reason}: building.", file=sys.stderr)
    for problem in run_build(chain([first], steps)).unreadable.values():
        print(problem, file=sys.stderr)


def _evaluate(options: argparse.Namespace) -> int:
    with _questions(options) as (questions, documents, encoder):
        apart = _apart(options, documents)
        if options.disturb == "slip":
            counts = Counter(word for text in documents.values() for word in stems(text))
            questions = [with_a_slip(question, lambda word: counts[stem(word)]) for question in questions]
        elif options.disturb == "capitals":
            questions = [in_capitals(question) for question in questions]
        if options.after_others:
            questions = after_others(questions, documents)
        beside: dict[str, dict[str, Measure]] = {}
        outcomes = _ask_of(options, encoder, documents, documents, questions)
        if options.plain:
            retriever = PlainSearcher(options.index, encoder)
            searched = [(q, retriever.search(q.question, DEPTH).hits) for q in questions if q.answers]
            beside["plain"] = means([retrieval(question, hits) for question, hits in searched])
        if options.foreign:
            foreign = _sampled(read_questions(options.foreign)[0], options.sample)
            said = [question.turns for question in questions]
            foreign = [
                replace(question, is_off_topic=True, turns=said[number % len(said)])
                for number, question in enumerate(foreign)
            ]
            questions = [*questions, *foreign]
            outcomes += _ask_of(options, encoder, documents, documents, foreign)
        elif len(documents) > 1 and not options.after_others:
            others = [path for path in documents if path not in apart]
            about = [question for question in questions if question.document in apart]
            outcomes += _ask_of(options, encoder, documents, others, about)
        if any(question.turns for question in questions):
            single = [replace(question, turns=()) for question in questions]
            alone = asked_alone(_ask_of(options, encoder, documents, documents, single))
            beside |= {"alone": measures(alone), "gain": gains(outcomes, alone)}
    found = Evaluation.of(outcomes)
    if options.json:
        print(json.dumps(to_data(found.measures, beside, found.bins)))
    else:
        print(measures_table(found.measures, beside), reliability_table(found.bins), sep="\n\n")
    return 0


def _calibrate(options: argparse.Namespace) -> int:
    with _questions(options) as (questions, documents, encoder):
        if len(documents) < 2:
            raise FootnoteError(f"{options.file} brings no documents: calibration needs a file of SQuAD's layout.")
        apart = _apart(options, documents)
        others = [path for path in documents if path not in apart]
        about_apart = [question for question in questions if question.document in apart]
        # As many foreign questions as others for every size of the index: else the size would tell them apart.
        outcomes = _ask_of(options, encoder, documents, others, about_apart)
        for power in range(len(apart).bit_length()):
            half = apart[:: 2**power]
            here = [question for question in about_apart if question.document in half]
            elsewhere = [question for question in about_apart if question.document not in half]
            outcomes += _ask_of(options, encoder, documents, half, [*here, *_sampled(elsewhere, len(here))])
        for path in apart:
            elsewhere = [question for question in about_apart if question.document != path]
            for end, here in _first_paragraphs([question for question in questions if question.document == path]):
                parts = documents | {path: documents[path][:end]}
                outcomes += _ask_of(options, encoder, parts, [path], [*here, *_sampled(elsewhere, len(here))])
    about = [outcome.question.kind != "foreign" for outcome in outcomes]
    subject = _fit([outcome.signals.of_relevance for outcome in outcomes], about)
    held = _fit(
        [outcome.signals.of_answerability for outcome, is_about in zip(outcomes, about, strict=True) if is_about],
        [outcome.is_right for outcome, is_about in zip(outcomes, about, strict=True) if is_about],
    )
    for name, (bias, weights) in (("SUBJECT", subject), ("HELD", held)):
        print(f"{name}_BIAS = {bias:.2f}\n{name}_WEIGHTS = ({', '.join(f'{weight:.2f}' for weight in weights)})")
    by_kind: dict[str, list[float]] = {}
    for outcome in outcomes:
        sure = logistic(*subject, outcome.signals.of_relevance) * logistic(*held, outcome.signals.of_answerability)
        by_kind.setdefault(outcome.question.kind, []).append(sure)
    print("threshold  answerable refused  foreign answered  unanswerable answered")
    for threshold in (step / 100 for step in range(2, 41, 2)):
        below = {kind: sum(sure < threshold for sure in by_kind[kind]) / len(by_kind[kind]) for kind in by_kind}
        print(
            f"{threshold:9.2f}  {below['answerable']:18.3f}  {1 - below['foreign']:16.3f}"
            f"  {1 - below.get('unanswerable', math.nan):21.3f}"
        )
    return 0


def _user(options: argparse.Namespace) -> int:
    if options.deed == "remove":
        remove_user(options.file, options.name)
        print(f"{options.name} may no longer sign in by {options.file}: start the page anew.")
        return 0
    try:
        password = getpass.getpass(f"Password for {options.name}: ")
        again = getpass.getpass("The same again: ")
    except EOFError as error:
        raise FootnoteError("No password was given, so nothing is written.") from error
    if password != again:
        raise FootnoteError("The two passwords differ, so nothing is written: try again.")
    is_new = add_user(options.file, options.name, password)
    print(f"{options.name} {'may sign in' if is_new else 'has a new password'} by {options.file}.")
    return 0


def _first_paragraphs(questions: Sequence[Question]) -> Iterator[tuple[int, list[Question]]]:
    """Where the first three paragraphs that one document's questions are about end, and the first ten, with the
    questions about them: folders are often that small."""
    spans = sorted({question.span for question in questions if question.span})
    for count in (3, 10):
        first = spans[:count]
        if first:
            yield first[-1][1], [question for question in questions if question.span in first]


def _fit(signals: Sequence[Sequence[float]], labels: Sequence[bool]) -> tuple[float, list[float]]:
    """The bias and the weights of the logistic model that explains the labels best."""
    from sklearn.linear_model import LogisticRegression

    model = LogisticRegression(C=math.inf, max_iter=1000).fit(signals, labels)
    return float(model.intercept_[0]), [float(weight) for weight in model.coef_[0]]


@contextmanager
def _questions(options: argparse.Namespace) -> Iterator[tuple[list[Question], dict[str, str], Encoder]]:
    """The chosen questions of a file, the documents that it brings, and the encoder. While it lasts, the sources and
    the index of such a file are in a folder of their own."""
    questions, documents = read_questions(options.file)
    if documents and options.articles != "all":
        apart = _apart(options, documents)
        questions = [question for question in questions if question.document in apart]
    elif options.articles != "all":
        is_even = options.articles == "even"
        questions = [question for question in questions if question.is_of_even_conversation == is_even]
    with tempfile.TemporaryDirectory() as scratch:
        if documents:
            options.sources, options.index = Path(scratch, "sources"), Path(scratch, "index")
            options.sources.mkdir()
        yield _sampled(questions, options.sample), documents, load_encoder(options.model, options.index)


def _apart(options: argparse.Namespace, documents: Collection[str]) -> list[str]:
    """Every second document: the first, third ... with --articles even (counting from 0), else the others."""
    return list(documents)[0 if options.articles == "even" else 1 :: 2]


def _ask_of(
    options: argparse.Namespace,
    encoder: Encoder,
    documents: dict[str, str],
    kept: Collection[str],
    questions: Sequence[Question],
) -> list[Outcome]:
    """The outcomes of questions asked of those documents that are kept; what is about the others is foreign there."""
    for path, text in documents.items():
        if path in kept:
            (options.sources / path).write_bytes(text.encode())
        else:
            (options.sources / path).unlink(missing_ok=True)
    _bring_up_to_date(options, encoder)
    searcher = Searcher(options.index, encoder)
    here = [replace(q, is_off_topic=q.is_off_topic or (bool(documents) and q.document not in kept)) for q in questions]
    outcomes = []

    def ask(question: str, turns: Sequence[Turn]) -> Answer | NoAnswer:
        return answer(question, searcher, DEPTH, threshold=0.0, turns=turns)

    for outcome in ask_each(here, ask):
        outcomes.append(outcome)
        show_progress(f"Asking {len(outcomes)}/{len(here)}")
    show_progress("")
    return outcomes


def _sampled(questions: list[Question], size: int | None) -> list[Question]:
    return questions[:: max(1, len(questions) // size)][:size] if size else questions


if __name__ == "__main__":
    sys.exit(main())
