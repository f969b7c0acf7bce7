"""The nouns of the index: documents, passages and hits.

Every position is a count of characters from the start of the document's text; a `Span` is the half-open range
[start, end).
"""

from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from operator import itemgetter
from typing import Literal, Self

Span = tuple[int, int]
Pages = tuple[tuple[int, int], ...]
Counts = tuple[tuple[str, int], ...]
BlockKind = Literal["paragraph", "heading", "list_item", "table_row", "code", "quote", "formula"]


@dataclass(frozen=True, slots=True)
class Block:
    """A heading (level 1 and up) or a paragraph, list item, table row etc. (level 0), as a range of its document.

    `kind` says what a reader of the file sees there. Text outside all blocks (fences of code, labels of buttons) stays
    in the document and is never quoted.
    """

    start: int
    end: int
    level: int = 0
    kind: BlockKind = "paragraph"


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """One file as it was read. `path` is relative to the folder, with forward slashes, and identifies it.

    `pages` has the start and number of each page; `unit` says what is numbered: page, slide, row, chapter or cell.
    `page_labels` has the number printed on each page, such as iii, if one differs from the page's place in the
    file. `note` says which part of the file could not be read. `left_out` counts what is not part of the text, such as
    running heads. The text of the pages in `ocr_pages` was recognised by OCR and may contain errors. `date` is the day
    that the file itself gives (YYYY-MM-DD). `language` selects the stemmer.
    """

    path: str
    text: str
    sha256: str = ""
    title: str = ""
    blocks: tuple[Block, ...] = ()
    pages: Pages = ()
    unit: str = "page"
    page_labels: tuple[str, ...] = ()
    note: str = ""
    left_out: Counts = ()
    ocr_pages: tuple[int, ...] = ()
    date: str = ""
    language: str = "english"

    def page_at(self, position: int) -> int | None:
        """Return the number of the page at a position; None if the document has no pages."""
        return _page_at(self.pages, position)

    def page_name(self, number: int) -> str:
        """Name a page by the number printed on it, and by its place in the file if that differs.

        >>> Document(path="tea.pdf", text="", page_labels=("i", "1", "2")).page_name(3)
        '2 (3 of 3)'
        """
        label = self.page_labels[number - 1] if number <= len(self.page_labels) else ""
        return f"{label} ({number} of {len(self.page_labels)})" if label not in ("", str(number)) else str(number)


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """Some paragraphs of one document: the unit of search.

    `pages` has the start and number of each page, the first at the passage's start, and `page_names` their names, if
    those are not the numbers. `copies` are other files with the same content. `is_ocr` marks text that was recognised
    by OCR.
    """

    path: str
    start: int
    end: int
    text: str
    sentences: tuple[Span, ...] = ()
    section: tuple[str, ...] = ()
    pages: Pages = ()
    page_names: tuple[str, ...] = ()
    unit: str = "page"
    is_ocr: bool = False
    copies: tuple[str, ...] = ()
    language: str = "english"

    def __post_init__(self) -> None:
        if self.end - self.start != len(self.text):
            raise ValueError(f"{self.path}: [{self.start}, {self.end}) is not as long as its text")

    @property
    def spans(self) -> list[Span]:
        """Return the sentences as ranges of the passage's own text."""
        return [(start - self.start, end - self.start) for start, end in self.sentences]

    def page_at(self, position: int) -> int | None:
        """Return the number of the page at a position of the document; None if it has no pages.

        >>> Passage(path="tea.pdf", start=9, end=12, text="tea", pages=((9, 3), (11, 4))).page_at(10)
        3
        """
        return _page_at(self.pages, position)

    def page_name_at(self, position: int) -> str:
        """Return the name of the page at a position of the document; "" if it has no pages.

        >>> names = ("2 (5 of 6)",)
        >>> Passage(path="tea.pdf", start=9, end=12, text="tea", pages=((9, 5),), page_names=names).page_name_at(9)
        '2 (5 of 6)'
        """
        number = self.page_at(position)
        names = dict(zip((page for _, page in self.pages), self.page_names, strict=False))
        return "" if number is None else names.get(number, str(number))

    def quote(self, start: int, end: int) -> str:
        """Return the text of the range [start, end) of the document, which must lie in the passage."""
        return self.text[start - self.start : end - self.start]

    @classmethod
    def cut(
        cls, document: Document, start: int, end: int, sentences: Sequence[Span] = (), section: tuple[str, ...] = ()
    ) -> Self:
        """Cut [start, end) out of a document.

        >>> Passage.cut(Document(path="tea.md", text="Steep for four minutes."), 10, 22).text
        'four minutes'
        """
        if not 0 <= start < end <= len(document.text):
            raise ValueError(f"{document.path}: no passage at [{start}, {end})")
        first = bisect_right(document.pages, start, key=itemgetter(0)) - 1
        last = bisect_left(document.pages, end, key=itemgetter(0))
        pages = tuple((max(begin, start), number) for begin, number in document.pages[max(first, 0) : last])
        return cls(
            path=document.path,
            start=start,
            end=end,
            text=document.text[start:end],
            sentences=tuple(sentences),
            section=section,
            pages=pages,
            page_names=tuple(document.page_name(number) for _, number in pages) if document.page_labels else (),
            unit=document.unit,
            is_ocr=any(number in document.ocr_pages for _, number in pages),
            language=document.language,
        )


def _page_at(pages: Pages, position: int) -> int | None:
    found = bisect_right(pages, position, key=itemgetter(0))
    return pages[max(found, 1) - 1][1] if pages else None


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoredSentence:
    """A sentence of a hit and how well it matches the question. Every score is absolute, about 0 to 1.

    `similarity` is its cosine. `term_coverage` is the share of the question's term weight that it has. `maxsim` is its
    late-interaction score, and `maxsim_with_previous` the same together with the sentence before.
    """

    start: int
    end: int
    similarity: float
    term_coverage: float
    maxsim: float = 0.0
    maxsim_with_previous: float = 0.0
    matched: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class RankSignals:
    """What the score of a passage is computed from.

    `fused` is the first-stage score of semantic search and BM25. `maxsim` and `sentence_maxsim` are late-interaction
    scores of the passage and of its best sentence. `section_coverage` is the share of the question's term weight that
    the headings hold. `answer_type` is 1 if the passage holds the kind of thing that is asked for. `length` and
    `sentences` are the logarithms of its words and of its sentences, and `questions` is the share of its sentences
    that ask.
    """

    fused: float = 0.0
    maxsim: float = 0.0
    sentence_maxsim: float = 0.0
    section_coverage: float = 0.0
    answer_type: float = 0.0
    length: float = 0.0
    sentences: float = 0.0
    questions: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """A passage that was found for a question, and why. Higher scores are better; ranks start at 1, None is unranked.

    `score` is the probability that the passage holds the answer, if a candidate does. `similarity` is the best cosine
    of the passage or a sentence of it, and `passage_similarity` its own. `term_coverage` is the share of the question's
    term weight that it or its headings hold. `maxsim` is its late-interaction score, and `weakest_match` the same for
    the question's worst matched words. `similar` counts passages that were left out since they differ from this one in
    numbers only. `marks` are the ranges of the document whose words match the question's.
    """

    passage: Passage
    score: float
    bm25_rank: int | None = None
    semantic_rank: int | None = None
    similarity: float = 0.0
    term_coverage: float = 0.0
    matched: tuple[str, ...] = ()
    maxsim: float = 0.0
    passage_similarity: float = 0.0
    weakest_match: float = 0.0
    sentences: tuple[ScoredSentence, ...] = ()
    marks: tuple[Span, ...] = ()
    signals: RankSignals = RankSignals()
    similar: int = 0


@dataclass(frozen=True, slots=True)
class ContextText:
    """A text that a question is searched together with, and its weight; the question's own is 1."""

    text: str
    weight: float


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchResult:
    """The result of a search: the hits, best first, of one generation with `total_passages`.

    `question` is the question as it was searched, with its spelling corrected. `unknown` are its codes and names that
    no document holds, as they are written in it.
    """

    question: str
    generation: int
    hits: tuple[Hit, ...] = ()
    total_passages: int = 0
    unknown: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Picture:
    """An image of a page, its `number` from 1, and the number of `pages`.

    `marks` has the left, top, right and bottom of each line of a quote, as shares of the page's width and height. It is
    empty if the quote was not found on the page.
    """

    png: bytes
    number: int
    pages: int
    marks: tuple[tuple[float, float, float, float], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class FolderContents:
    """The documents of one generation: their titles and dates by path, and how many passages they have.

    A date (YYYY-MM-DD) is the one that the file gives itself, or else the day on which it was last changed.
    """

    generation: int
    total_passages: int
    titles: Mapping[str, str]
    dates: Mapping[str, str] = field(default_factory=dict)
    languages: tuple[str, ...] = ()
