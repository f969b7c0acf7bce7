"""Compare how fast Footnote and `SentenceTransformer.encode` (fp32) encode passages and questions.

    python tests/benchmarks/encoding.py [FILE]

Rates are medians over rounds in which both take turns. With a file in SQuAD's format, its paragraphs are encoded and
recall@1 is compared too; without one, passages are generated.
"""

import argparse
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

import torch
from corpus import write_corpus

from index.build import build
from index.embed.encoder import Encoder, load_encoder
from index.ingest.formats import read
from index.ingest.scan import read_bytes, scan
from index.search.searcher import Searcher
from index.text.chunking import split
from index.types import Passage
from qa.answer.pipeline import answer
from qa.evaluation.dataset import Question, read_dataset
from qa.evaluation.metrics import means
from qa.evaluation.run import ask_each

ROUNDS = 5
PEAK_SIZE = 2048


@dataclass
class Baseline:
    """`SentenceTransformer.encode` with its defaults: one vector for each passage."""

    encoder: Encoder

    def passages(self, passages: Sequence[Passage]) -> None:
        self.encoder._model.encode([passage.text for passage in passages], show_progress_bar=False)

    def question(self, question: str) -> None:
        self.encoder._model.encode(question, show_progress_bar=False)


@dataclass
class Ours:
    """Footnote: vectors for each passage, its sentences and tokens."""

    encoder: Encoder

    def passages(self, passages: Sequence[Passage]) -> None:
        for _ in self.encoder.encode_passages(passages):
            pass

    def question(self, question: str) -> None:
        self.encoder.encode_question(question)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("file", nargs="?", type=Path, help="questions in SQuAD's format")
    parser.add_argument("--passages", type=int, default=400, help="how many passages to encode (400)")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        sources = Path(scratch, "sources")
        sources.mkdir()
        if options.file:
            dataset = read_dataset(options.file)
            questions, documents = dataset.questions, dataset.documents
            for path, text in documents.items():
                (sources / path).write_bytes(text.encode())
        else:
            questions = [Question(question=asked, facts=((found,),)) for asked, found in write_corpus(sources, 1_000)]
        encoder = load_encoder()
        documents = [read(path, read_bytes(sources, path)) for path in scan(sources).files]
        passages = [passage for document in documents for passage in split(document, encoder.count, encoder.limit)]
        passages = sorted(
            passages[:: max(1, len(passages) // options.passages)], key=lambda passage: -len(passage.text)
        )
        tokens = sum(encoder.count([passage.text for passage in passages]))
        print(
            f"{len(passages)} passages of {tokens / len(passages):.0f} tokens, {torch.get_num_threads()} threads; "
            f"Footnote encodes in {encoder.method}\n"
        )
        rates(encoder, passages, [question.question for question in questions[:100]], tokens)
        if options.file:
            quality(encoder, sources, Path(scratch), [question for question in questions if question.facts])


def rates(encoder: Encoder, passages: Sequence[Passage], questions: Sequence[str], tokens: int) -> None:
    """Print passages a second and milliseconds a question for both."""
    ways = Baseline(encoder), Ours(encoder)
    taken: dict[str, list[list[float]]] = {"passages": [[], []], "questions": [[], []]}
    for way in ways:
        way.passages(passages[:: len(passages) // 40])
        way.question(questions[0])
    for _ in range(ROUNDS):
        for number, way in enumerate(ways):
            taken["passages"][number].append(timed(lambda way=way: way.passages(passages)))
            taken["questions"][number] += [
                timed(lambda way=way, asked=asked: way.question(asked)) for asked in questions
            ]
    (plain, ours), (plain_question, our_question) = ([median(times) for times in both] for both in taken.values())
    print("|                    | baseline (fp32) | Footnote | ratio |\n|---|---|---|---|")
    print(f"| passages a second  | {len(passages) / plain:.1f} | {len(passages) / ours:.1f} | {plain / ours:.2f} |")
    print(
        f"| a question, ms     | {plain_question * 1e3:.1f} | {our_question * 1e3:.1f} "
        f"| {plain_question / our_question:.2f} |"
    )
    rate, peaks = flops(encoder, tokens) / ours / 1e9, [peak(kind) / 1e9 for kind in (torch.float32, torch.bfloat16)]
    print(
        f"\n{rate:.0f} GFLOP/s of matrix products, where torch multiplies {PEAK_SIZE} x {PEAK_SIZE} matrices at "
        f"{peaks[0]:.0f} in float32 and {peaks[1]:.0f} in bfloat16: {rate / max(peaks):.2f} of the higher."
    )


def flops(encoder: Encoder, tokens: int) -> float:
    """Return the operations of the matrix products with weights, without those of attention (about 5 % more)."""
    config = encoder._model[0].auto_model.config
    weights = config.num_hidden_layers * (4 * config.hidden_size**2 + 2 * config.hidden_size * config.intermediate_size)
    return 2.0 * weights * tokens


def peak(kind: torch.dtype) -> float:
    """Return the most operations a second that a square matrix product reaches on this machine."""
    one, two = (torch.rand(PEAK_SIZE, PEAK_SIZE).to(kind) for _ in range(2))
    return 2 * PEAK_SIZE**3 / min(timed(lambda: one @ two) for _ in range(8))


def timed(function: Callable[[], object]) -> float:
    started = time.perf_counter()
    function()
    return time.perf_counter() - started


def quality(encoder: Encoder, sources: Path, scratch: Path, questions: Sequence[Question]) -> None:
    """Print recall@1 with the vectors of both, and the difference."""
    sys.modules["openvino"] = None  # type: ignore[assignment]
    right = []
    for name, way in (("fp32", load_encoder()), ("Footnote's", encoder)):
        for _ in build(sources, scratch / name, way):
            pass
        searcher = Searcher(scratch / name, way)
        outcomes = list(
            ask_each(questions, lambda question, turns, searcher=searcher: answer(question, searcher, threshold=0.0))
        )
        right.append([outcome.values["recall@1"] for outcome in outcomes])
        print(
            f"\nWith {name} vectors the right paragraph comes first for {sum(right[-1]) / len(questions):.4f}", end=""
        )
    rows = [{"difference": ours - plain} for plain, ours in zip(*right, strict=True)]
    found = means(rows)["difference"]
    print(
        f"\nThe difference is {found.value:+.4f} [{found.low:+.4f}, {found.high:+.4f}] of {len(questions)} questions."
    )


if __name__ == "__main__":
    main()
