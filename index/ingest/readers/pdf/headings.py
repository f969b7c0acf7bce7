"""Recognise headings by the outline, their looks, length and ending (pure)."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence

from index.ingest.readers.pdf.layout import Row, Run
from index.ingest.readers.pdf.numbered_headings import NumberedHeadings

_NUMBERING = re.compile(
    r"^(?:(?i:chapter|appendix|part|section) )?(?:\d{1,3}|[A-Za-z]|[IVXLC]{1,5})(?:\.\d+)*[.:]?\s+(?=\S)"
)
_DEPTH = re.compile(r"\d{1,3}(?:\.\d{1,3})*\.?(?=\s)")
_SENTENCE_END = re.compile(r"[.;,。;][\"'”’»)\]]*$")
_SENTENCE_WITHIN = re.compile(r"[^\W\d]{3,}[.!?] +[^\W\d_]|。.")
LEVELS = ((1.6, 1), (1.25, 2), (1.13, 3))
MIN_NUMBERED = 0.75  # of the size of the text: capitals are often small ones
MAX_ROWS = 3
MAX_LENGTH = 120
MAX_WORDS = 12


def key(title: str) -> str:
    """Return a heading's letters without its number, for comparison."""
    return "".join(filter(str.isalpha, _NUMBERING.sub("", title.strip()).casefold()))


def is_sentence(title: str) -> bool:
    """Say whether a title in an outline ends like a sentence, or is as long as one."""
    return bool(_SENTENCE_END.search(title.strip())) or len(title.split()) > 2 * MAX_WORDS


class Headings:
    """Finds the headings of a document. `outline` has the level of a heading by its page and `key`."""

    def __init__(self, outline: Mapping[tuple[int, str], int]) -> None:
        self._outline = outline
        self._sizes: Counter[tuple[float, bool]] = Counter()
        self._numbered = NumberedHeadings()

    @property
    def body_size(self) -> float:
        """Return the font size of most of the text so far; 0 before any."""
        return self._usual[0] if self._usual else 0.0

    @property
    def _usual(self) -> tuple[float, bool] | None:
        """Return the font size of most of the text so far, and whether it is bold."""
        return self._sizes.most_common(1)[0][0] if self._sizes else None

    def learn(self, runs: Iterable[Run]) -> None:
        """Count the letters of each font size."""
        for run in runs:
            self._sizes[round(run.size * 2) / 2, run.bold] += len(run.text)

    def is_listed(self, text: str, page: int) -> bool:
        return (page, key(text)) in self._outline

    def listed_level(self, text: str, page: int, level: int) -> int:
        """Return a heading's level in the outline, or `level`."""
        return self._outline.get((page, key(text)), level)

    def levels(self, rows: Sequence[Row], page: int) -> list[int]:
        """Return the level of the heading that each row belongs to; 0 for other rows.

        Rows that look like a heading and are long, or end like a sentence, are text in a large font.
        """
        found = [self._level(row, page) for row in rows]
        for at in range(1, len(rows)):
            if found[at - 1] and not found[at] and _continues(rows[at - 1], rows[at]):
                found[at] = found[at - 1]
        for start, end in _groups(rows, found):
            listed = any(self.is_listed(row.text, page) for row in rows[start:end])
            if not listed and _is_text([row.text for row in rows[start:end]]):
                found[start:end] = [0] * (end - start)
        return found

    def _level(self, row: Row, page: int) -> int:
        listed = self.listed_level(row.text, page, 0) if key(row.text) else 0
        if listed or not _can_be_heading(row):
            return listed
        text, main = row.text, row.main
        body, is_body_bold = self._usual or (main.size, False)
        if level := _level_by_size(main.size, body):
            return _numbered_level(text, level)
        if main.fixed:
            return 0
        numbered = self._numbered.level(text) if main.size >= MIN_NUMBERED * body else 0
        is_bold = main.bold and not is_body_bold and main.size > 0.97 * body
        return numbered or 3 * (is_bold and _is_title(text))


def _level_by_size(size: float, body: float) -> int:
    return next((level for ratio, level in LEVELS if size >= ratio * body), 0)


def _numbered_level(text: str, level: int) -> int:
    """Return the level of a heading whose number may say that it is a deeper one."""
    numbered = _DEPTH.match(text)
    return min(max(level, len(numbered[0].strip(".").split("."))), 3) if numbered else level


def _can_be_heading(row: Row) -> bool:
    """Say whether a row is one cell with more letters than other characters, short, and no address of a page."""
    letters = sum(map(str.isalpha, row.text))
    is_short = len(row.cells) == 1 and letters > 1 and 2 * letters >= len(row.text) <= MAX_LENGTH
    return is_short and "://" not in row.text


def _is_title(text: str) -> bool:
    return len(text) < 90 and text[0].isalnum() and not text[0].islower() and text[-1] not in ".,;:"


def _groups(rows: Sequence[Row], levels: Sequence[int]) -> Iterator[tuple[int, int]]:
    """Yield the ranges of rows that are one heading by their level, font and distance."""
    start = 0
    for position in range(1, len(rows) + 1):
        if position < len(rows) and levels[position] == levels[start] and _go_on(rows[position - 1], rows[position]):
            continue
        if levels[start]:
            yield start, position
        start = position


def _go_on(above: Row, below: Row) -> bool:
    last, run = above.main, below.main
    is_alike = last.bold == run.bold and abs(last.size - run.size) <= 0.08 * run.size
    return is_alike and 0 < last.base - run.base < 1.8 * run.size


def _continues(above: Row, below: Row) -> bool:
    """Say whether a bold row goes on with a small letter in the next bold row."""
    is_bold = above.main.bold and below.main.bold
    return is_bold and len(below.cells) == 1 and below.text[:1].islower() and _go_on(above, below)


def _is_text(texts: Sequence[str]) -> bool:
    words = max(sum(len(text.split()) for text in texts), len("".join(texts)) // 8)  # some scripts have no blanks
    ends = bool(_SENTENCE_END.search(texts[-1]))
    is_long = len(texts) > MAX_ROWS and words > MAX_WORDS
    return (
        is_long
        or (ends and words > MAX_WORDS)
        or (words > MAX_WORDS and bool(_SENTENCE_WITHIN.search(" ".join(texts))))
    )
