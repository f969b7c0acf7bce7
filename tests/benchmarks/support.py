"""Measure the checker of written answers on answers that people wrote or corrected.

Run `python tests/benchmarks/support.py PLACE`. PLACE is a folder with documents/ and questions.jsonl, or a file in
SQuAD's layout, whose own sentences are then the supported side. An answer's passages are the documents with which it
shares runs of words, so only answers that can be traced are used. Their sentences are the supported side. The
unsupported side is the same sentences with a number, a name or a negation changed, and the sentences against other
documents on the same subject.
"""

import argparse
import json
import random
import re
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))


from index.embed.encoder import Encoder, load_encoder
from index.ingest.formats import read
from index.text.analysis import content_stems, is_function_word, stems
from index.text.chunking import sentences, split
from index.types import Hit, Passage
from qa.evaluation.metrics import auroc
from qa.evaluation.types import Measure
from qa.written.checking import Check, check
from qa.written.sources import Sources

RUN = 5  # words that an answer and a document must share to be traced
MIN_RUNS = 3
MAX_DOCUMENTS = 3
PARAGRAPH_STEP = 12  # of SQuAD
CLOSELY_TRACED = 0.8
TRACED = 0.5  # the share of a sentence's words in runs of four that a document has
KINDS = ("number", "name", "negation", "other passage")


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """A sentence, its kind (`supported` or how it was changed), and the conversation that it is from."""

    text: str
    kind: str
    conversation: str
    documents: tuple[str, ...]
    traced: float

    @property
    def is_traced(self) -> bool:
        """Whether at least half of the sentence's words stand in runs that a document has."""
        return self.traced >= TRACED


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """A text whose sentences are checked, with the documents that it is from and others on the same subject."""

    name: str
    text: str
    documents: list[str]
    others: list[str]


def answers_of(folder: Path, documents: dict[str, str], encoder: Encoder) -> Iterator[Origin]:
    """Yield the answers of conversations that can be traced to documents."""
    runs = _runs_of(documents)
    vectors = {path: encoder.encode_question(text).vector for path, text in documents.items()}
    for conversation, answer in _answers(folder):
        found = Counter(path for run in _runs(answer) for path in sorted(runs.get(run, ())))
        traced = [path for path, count in found.most_common(MAX_DOCUMENTS) if count >= MIN_RUNS]
        if traced:
            own = encoder.encode_question(answer).vector
            near = sorted(vectors, key=lambda path: -float(vectors[path] @ own))
            others = [path for path in near if path not in found][:MAX_DOCUMENTS]
            yield Origin(name=conversation, text=answer, documents=traced, others=others)


def paragraphs_of(file: Path, documents: dict[str, str]) -> Iterator[Origin]:
    """Yield some paragraphs in SQuAD's layout, with those after it as others; put all into `documents`."""
    for article in json.loads(file.read_text("utf-8"))["data"]:
        paths = []
        for number, paragraph in enumerate(article["paragraphs"]):
            paths.append(f"{article['title']}-{number}.txt")
            documents[paths[-1]] = paragraph["context"]
        for number in range(0, len(paths) - MAX_DOCUMENTS, PARAGRAPH_STEP):
            own, *others = paths[number : number + 1 + MAX_DOCUMENTS]
            yield Origin(name=own, text=documents[own], documents=[own], others=others)


def samples(origin: Origin, documents: dict[str, str], draw: random.Random, draws: int) -> Iterator[Sample]:
    """Yield the sentences of a text, and changed ones: those with another number or name `draws` times."""
    texts = [documents[path] for path in origin.documents]
    found = {name for text in texts for name in re.findall(r"(?<=[a-z,] )[A-Z][a-z]{3,}", text)}
    names = sorted(name for name in found if not is_function_word(name))
    for start, end in _sentences(origin.text):
        text = _MARKUP.sub("", origin.text[start:end]).strip()
        if len(content_stems(text)) < 4:
            continue
        changes = [("supported", text), ("other passage", text), ("negation", change_negation(text))]
        for _ in range(draws):
            changes += [("number", change_number(text, draw)), ("name", change_name(text, names, draw))]
        for kind, changed in dict.fromkeys(changes):
            if changed:
                yield Sample(
                    text=changed,
                    kind=kind,
                    conversation=origin.name,
                    documents=tuple(origin.others if kind == "other passage" else origin.documents),
                    traced=traced_share(text, texts),
                )


_MARKUP = re.compile(r"^\s*(?:[-*•]+\s+|\(?\d{1,2}[.)]\s+)+|\*\*|^#+\s+")


def traced_share(text: str, documents: list[str]) -> float:
    """Return the share of a sentence's words that stand in runs of four which one document has."""
    own = [word.lower() for word in re.findall(r"\w+", text)]
    shares = [0.0]
    for document in documents:
        words = [word.lower() for word in re.findall(r"\w+", document)]
        held = set(zip(words, words[1:], words[2:], words[3:], strict=False))
        inside = {at + step for at in range(len(own) - 3) if tuple(own[at : at + 4]) in held for step in range(4)}
        shares.append(len(inside) / max(len(own), 1))
    return max(shares)


def _sentences(answer: str) -> Iterator[tuple[int, int]]:
    start = 0
    for line in answer.splitlines(keepends=True):
        yield from sentences(answer, start, start + len(line))
        start += len(line)


def _answers(folder: Path) -> Iterator[tuple[str, str]]:
    """Yield each assistant's message once, with its conversation."""
    seen = set()
    for line in (folder / "questions.jsonl").read_text("utf-8").splitlines():
        row = json.loads(line)
        for message in row["history"]:
            if message["role"] == "assistant" and message["content"] not in seen:
                seen.add(message["content"])
                yield row["conversation"], message["content"]


def _runs(text: str) -> list[tuple[str, ...]]:
    found = [word.lower() for word in re.findall(r"\w+", text)]
    return [tuple(found[number : number + RUN]) for number in range(len(found) - RUN + 1)]


def _runs_of(documents: dict[str, str]) -> dict[tuple[str, ...], set[str]]:
    found: dict[tuple[str, ...], set[str]] = defaultdict(set)
    for path, text in documents.items():
        for run in _runs(text):
            found[run].add(path)
    return found


def change_number(text: str, draw: random.Random) -> str:
    """Change one number of a text to another of as many digits, or return ""."""
    found = list(re.finditer(r"\d+", text))
    if not found:
        return ""
    chosen = draw.choice(found)
    old = chosen[0]
    new = old
    while new == old or int(new) == int(old):
        new = str(draw.randint(10 ** (len(old) - 1), 10 ** len(old) - 1))
    return text[: chosen.start()] + new + text[chosen.end() :]


def change_name(text: str, names: list[str], draw: random.Random) -> str:
    """Replace one name of a text by another name of its passages, or return ""."""
    found = [one for one in re.finditer(r"(?:(?<=[a-z,] )|^)[A-Z][a-z]{3,}\b", text) if one.start() or one[0] in names]
    others = [name for name in names if name not in text]
    if not found or not others:
        return ""
    chosen = draw.choice(found)
    return text[: chosen.start()] + draw.choice(others) + text[chosen.end() :]


_NEGATED = re.compile(
    r"\b(is|are|was|were|do|does|did|can|could|will|would|should|may|must|has|have|had) ?(not|n['’]t)\b ?"
)
_PLAIN = re.compile(r"\b(is|are|was|were|can|could|will|would|should|may|must)\b(?! not|n't)")


def change_negation(text: str) -> str:
    """Remove the negation of a text, or add one after its first auxiliary verb. Return "" if it has none."""
    if found := _NEGATED.search(text):
        return text[: found.start()] + f"{found[1]} " + text[found.end() :]
    if found := _PLAIN.search(text):
        return f"{text[: found.end()]} not{text[found.end() :]}"
    return ""


def overlap(text: str, passages: list[Passage]) -> float:
    """Return the share of a sentence's terms that its passages have: the baseline."""
    own = content_stems(text)
    held = {term for passage in passages for term in stems(passage.text)}
    return sum(term in held for term in own) / max(len(own), 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """A sample with its check, the baseline's score, and the milliseconds that checking took."""

    sample: Sample
    check: Check
    overlap: float
    milliseconds: float


def measure(place: Path, encoder: Encoder, draws: int = 1) -> list[Result]:
    """Check every sample of a folder of conversations, or of a file in SQuAD's layout."""
    documents: dict[str, str] = {}
    if place.is_dir():
        documents = {path.name: path.read_text("utf-8") for path in sorted((place / "documents").iterdir())}
        origins = list(answers_of(place, documents, encoder))
    else:
        origins = list(paragraphs_of(place, documents))
    draw = random.Random(0)
    results = []
    cache: dict[tuple[str, ...], Sources] = {}
    for sample in (one for origin in origins for one in samples(origin, documents, draw, draws)):
        if sample.documents not in cache:
            passages = [
                passage
                for path in sample.documents
                for passage in split(read(path, documents[path].encode()), encoder.count, encoder.limit)
            ]
            cache[sample.documents] = Sources([Hit(passage=passage, score=1.0) for passage in passages], encoder)
            cache[sample.documents].prepare()
        sources = cache[sample.documents]
        started = time.perf_counter()
        found = check(sample.text, sources)
        milliseconds = 1000 * (time.perf_counter() - started)
        share = overlap(sample.text, [hit.passage for hit in sources.hits])
        results.append(Result(sample=sample, check=found, overlap=share, milliseconds=milliseconds))
    return results


def report(results: list[Result]) -> str:
    """Write the share that passes and the AUROC, by kind of change."""
    supported = [one for one in results if one.sample.kind == "supported" and one.sample.is_traced]
    loose = [one for one in results if one.sample.kind == "supported"]
    lines = ["| side | sentences | pass as supported | AUROC | AUROC of word overlap |", "|---|---|---|---|---|"]

    def row(name: str, group: list[Result], is_negative: bool) -> str:
        share = sum(one.check.support == "supported" for one in group) / max(len(group), 1)
        if not is_negative:
            return f"| {name} | {len(group)} | {share:.3f} | | |"
        own = auroc([one.check.score for one in supported], [one.check.score for one in group])
        plain = auroc([one.overlap for one in supported], [one.overlap for one in group])
        return f"| {name} | {len(group)} | {share:.3f} | {_cell(own)} | {_cell(plain)} |"

    lines.append(row("supported, traced", supported, False))
    closely = [one for one in supported if one.sample.traced >= CLOSELY_TRACED]
    lines.append(row("supported, closely traced", closely, False))
    lines.append(row("supported, all of the answer", loose, False))
    changed = [one for one in results if one.sample.kind != "supported" and one.sample.is_traced]
    for kind in KINDS:
        lines.append(row(kind, [one for one in changed if one.sample.kind == kind], True))
    lines.append(row("number, name or negation", [one for one in changed if one.sample.kind != "other passage"], True))
    lines.append(row("all changed", changed, True))
    near = [one for one in changed if one.sample.traced >= CLOSELY_TRACED]
    own = auroc([one.check.score for one in closely], [one.check.score for one in near])
    lines += ["", f"AUROC of closely traced sentences against all changes of them: {_cell(own)}."]
    milliseconds = sorted(one.milliseconds for one in results)
    middle, late = milliseconds[len(milliseconds) // 2], milliseconds[int(0.95 * len(milliseconds))]
    return "\n".join([*lines, "", f"Milliseconds a sentence: median {middle:.1f}, 95th percentile {late:.1f}."])


def _cell(measure: Measure) -> str:
    return f"{measure.value:.3f} ({measure.low:.3f} to {measure.high:.3f})"


def main() -> None:
    """Parse the options, measure and print a table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, help="a folder with documents/ and questions.jsonl, or SQuAD (.json)")
    parser.add_argument("--half", choices=("even", "odd"), help="only every second conversation")
    parser.add_argument("--failures", type=int, default=0, metavar="N", help="also print N wrong results of each kind")
    parser.add_argument("--draws", type=int, default=1, metavar="N", help="change each number and name N times (1)")
    options = parser.parse_args()
    results = measure(options.folder, load_encoder(), options.draws)
    if options.half:
        known = sorted({one.sample.conversation for one in results})
        chosen = set(known[options.half == "odd" :: 2])
        results = [one for one in results if one.sample.conversation in chosen]
    print(report(results))
    for kind in ("supported", *KINDS) if options.failures else ():
        wrong = [
            one
            for one in results
            if one.sample.kind == kind
            and one.sample.is_traced
            and (one.check.support == "supported") != (kind == "supported")
        ]
        for one in wrong[: options.failures]:
            missing = [one.sample.text[start:end] for start, end in one.check.missing]
            evidence = [sentence.text for sentence in one.check.evidence]
            print(f"\n{kind}: {one.sample.text}\n  {one.check.coverage:.2f} {missing} {one.check.contradicts!r}")
            print(f"  {evidence}")


if __name__ == "__main__":
    main()
