"""Read the sets that ranking and confidence are fitted to: documents with questions about them."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Literal

from qa.errors import DatasetError
from qa.evaluation.dataset import SQUAD, Question, read_dataset

DOCUMENTS, QUESTIONS = "documents", "questions.jsonl"
# Few unanswerable questions of SQuAD count: most are about what their paragraph says, and few people ask like that.
UNANSWERABLE_STEP = 15
MIN_OFF_TOPIC, MAX_OFF_TOPIC = 10, 240  # off-topic questions for each index

Layout = Literal["folder", "folders", "squad"]
Articles = Literal["all", "even", "odd"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Corpus:
    """Some documents with questions about them. `name` is the set that they belong to.

    `documents` holds the texts of a SQuAD file by path. Else the documents are in `folder`.
    """

    name: str
    layout: Layout
    questions: tuple[Question, ...]
    folder: Path
    documents: dict[str, str] = field(default_factory=dict)

    def group(self, question: Question) -> str:
        """Name the questions that are left out together: those about one document, or of one small folder."""
        if self.layout == "folders":
            return str(self.folder)
        return f"{self.name}/{min(question.expected_documents, default=question.question)}"

    def sources(self, scratch: Path) -> Path:
        """Return the folder of the documents. The texts of a SQuAD file are written to one in the folder `scratch`."""
        if not self.documents:
            return self.folder
        folder = scratch / "sources"
        folder.mkdir(parents=True)
        for path, text in self.documents.items():
            (folder / path).write_bytes(text.encode())
        return folder

    def off_topic_elsewhere(self) -> list[Question]:
        """Return the questions that these documents answer, as questions for other documents."""
        return [replace(one, answerability="off_topic") for one in self.questions if one.facts and not one.turns]


def read_corpora(paths: Sequence[Path], articles: Articles, most: int) -> list[Corpus]:
    """Read sets: SQuAD files, folders with documents and questions, and folders of those.

    Of a SQuAD file, `articles` are asked about. At most `most` questions of each set are taken.

    Raises:
        DatasetError: a path is no set, or its questions cannot be read.
    """
    found = [corpus for path in paths for corpus in _read(path, articles, most)]
    if len(found) == 1 and found[0].documents:
        found += _other_articles(found[0], articles)
    return found


def _read(path: Path, articles: Articles, most: int) -> list[Corpus]:
    if path.suffix.lower() == SQUAD and not path.is_dir():
        return [_read_squad(path, articles, most)]
    if (path / QUESTIONS).is_file() and (path / DOCUMENTS).is_dir():
        return [_read_folder(path, path.resolve().name, "folder", most)]
    folders = sorted(found.parent for found in path.glob(f"*/{QUESTIONS}") if (found.parent / DOCUMENTS).is_dir())
    if not folders:
        raise DatasetError(
            f"{path} is not a set: name a SQuAD file ({SQUAD}), a folder with {DOCUMENTS}/ and {QUESTIONS}, or a "
            "folder of those."
        )
    return [_read_folder(folder, path.resolve().name, "folders", most) for folder in folders]


def _read_folder(path: Path, name: str, layout: Layout, most: int) -> Corpus:
    read = read_dataset(path / QUESTIONS).questions
    questions = [replace(one, question=" ".join(one.question.split())) for one in read]
    return Corpus(name=name, layout=layout, questions=tuple(sample(questions, most)), folder=path / DOCUMENTS)


def _read_squad(path: Path, articles: Articles, most: int) -> Corpus:
    found = read_dataset(path)
    paths = list(found.documents)
    chosen = {"all": paths, "even": paths[::2], "odd": paths[1::2]}[articles]
    about = [replace(one, question=one.question.strip()) for one in found.questions if one.document in chosen]
    thinned = {id(one) for one in [one for one in about if not one.facts][::UNANSWERABLE_STEP]}
    questions = [one for one in about if one.facts or id(one) in thinned]
    return Corpus(
        name=path.name,
        layout="squad",
        questions=tuple(sample(questions, most)),
        folder=path,
        documents=found.documents,
    )


def _other_articles(corpus: Corpus, articles: Articles) -> list[Corpus]:
    """Take the articles that are not asked about as a set: the questions about the others are off topic there."""
    paths = list(corpus.documents)
    others = {"all": [], "even": paths[1::2], "odd": paths[::2]}[articles]
    documents = {path: corpus.documents[path] for path in others}
    return [replace(corpus, questions=(), documents=documents)] if others else []


def off_topic_questions(corpus: Corpus, corpora: Sequence[Corpus]) -> list[Question]:
    """Take answerable questions of other sets, or of other folders if there is one set only."""
    others = [other for other in corpora if other.name != corpus.name]
    others = others or [other for other in corpora if other is not corpus]
    by_name: dict[str, list[Question]] = {}
    for other in others:
        by_name.setdefault(other.name, []).extend(other.off_topic_elsewhere())
    count = min(MAX_OFF_TOPIC, max(MIN_OFF_TOPIC, len(corpus.questions) or MAX_OFF_TOPIC))
    share = -(-count // max(1, len(by_name)))
    return [question for questions in by_name.values() for question in sample(questions, share)]


def sample(questions: Sequence[Question], most: int) -> list[Question]:
    """Take at most `most` of the questions, evenly spaced."""
    if len(questions) <= most:
        return list(questions)
    return [questions[number * len(questions) // most] for number in range(most)]
