"""Find the blocks of AsciiDoc and Org texts, with the marks in the text as they are."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from index.ingest.readers.plaintext import read_plaintext
from index.types import Block, BlockKind, Span

_LINE = re.compile(r"[^\r\n]*(?:\r\n?|\n|\Z)")
_ROW = re.compile(r"[ \t]*\|[ \t]*(\S.*?)[ \t|]*\Z")
_CELL_MARK = re.compile(r"(?:(?:\d*(?:\.\d+)?[+*])?[<^>.]*[adehlmsv]?\|[ \t]*)*")
_UNDERLINE = re.compile(r"(?:={4,}|-{4,}|~{4,}|\^{4,}|\+{4,})[ \t]*\Z")
_UNDERLINES = "=-~^+"
_TITLED = re.compile(r"[^\W_].*[^\W_].*\Z")
_MAX_UNDERLINE_OFF = 1  # letters by which the line below a title may be longer or shorter


@dataclass(frozen=True, slots=True, kw_only=True)
class _Dialect:
    """The marks of a language: those of `silent` lines and between `hidden` and its end are no text."""

    heading: re.Pattern[str]
    item: re.Pattern[str]
    code: re.Pattern[str]
    code_end: re.Pattern[str] | None
    hidden: re.Pattern[str]
    hidden_end: re.Pattern[str] | None
    silent: re.Pattern[str]
    table: re.Pattern[str]
    title: re.Pattern[str]
    is_underlined: bool


_ASCIIDOC = _Dialect(
    heading=re.compile(r"(={1,6}|#{1,6})[ \t]+(\S.*?)[ \t]*(?:=*[ \t]*)?\Z"),
    item=re.compile(r"[ \t]*(?:\*{1,5}|\.{1,5}|-)[ \t]+(?=\S)"),
    code=re.compile(r"(-{4,}|\.{4,}|`{3})[^\s`]*[ \t]*\Z"),
    code_end=None,
    hidden=re.compile(r"/{4,}[ \t]*\Z"),
    hidden_end=None,
    silent=re.compile(
        r":[\w-]+!?:(?:[ \t].*)?\Z|//.*|\[.*\][ \t]*\Z|(?:={4,}|\*{4,}|_{4,}|\+{4,}|--|'{3,}|<{3,}|\+)[ \t]*\Z"
        r"|(?:include(?:-code)?|ifn?def|ifeval|endif|image|video|audio|toc)::[^\[]*\[.*\][ \t]*\Z"
    ),
    table=re.compile(r"[|,:!]={3,}[ \t]*\Z"),
    title=re.compile(r"\.([^\s.].*?)[ \t]*\Z"),
    is_underlined=True,
)
_ORG = _Dialect(
    heading=re.compile(r"(\*{1,6})[ \t]+(?:(?:TODO|DONE)[ \t]+)?(?:\[#\w\][ \t]+)?(\S.*?)[ \t]*(?::[\w@:]+:)?\Z"),
    item=re.compile(r"(?!)"),  # it has the marks of plain text
    code=re.compile(r"[ \t]*#\+begin_(?:src|example|export)\b.*", re.IGNORECASE),
    code_end=re.compile(r"[ \t]*#\+end_(?:src|example|export)\b.*", re.IGNORECASE),
    hidden=re.compile(r"[ \t]*#\+begin_comment\b.*", re.IGNORECASE),
    hidden_end=re.compile(r"[ \t]*#\+end_comment\b.*", re.IGNORECASE),
    silent=re.compile(r"[ \t]*(?::[\w-]+!?:(?:[ \t].*)?|#\+\w+:?.*|#(?:[ \t].*)?|-{5,}|\|[-+]+\|?)[ \t]*\Z"),
    table=re.compile(r"(?!)"),
    title=re.compile(r"#\+title:[ \t]*(\S.*?)[ \t]*\Z", re.IGNORECASE),
    is_underlined=False,
)


def read_asciidoc(text: str) -> tuple[Block, ...]:
    """Return the headings, paragraphs, list items, table rows and lines of code of an AsciiDoc text.

    >>> text = "== Tea\\n\\nSteep it.\\n\\n----\\nbrew\\n----\\n"
    >>> [(text[block.start : block.end], block.kind) for block in read_asciidoc(text)]
    [('Tea', 'heading'), ('Steep it.', 'paragraph'), ('brew', 'code')]
    """
    return _Blocks(text, _ASCIIDOC).read()


def read_org(text: str) -> tuple[Block, ...]:
    """Return the headings, paragraphs, list items, table rows and lines of code of an Org text.

    >>> text = "* Tea\\nSteep it.\\n"
    >>> [(text[block.start : block.end], block.kind) for block in read_org(text)]
    [('Tea', 'heading'), ('Steep it.', 'paragraph')]
    """
    return _Blocks(text, _ORG).read()


class _Blocks:
    """Collects the blocks of a text, line by line; `_begin` is where the text begins that waits for its end."""

    def __init__(self, text: str, dialect: _Dialect) -> None:
        self._text, self._dialect = text, dialect
        self._blocks: list[Block] = []
        self._begin, self._is_item = 0, False

    def read(self) -> tuple[Block, ...]:
        lines = list(_LINE.finditer(self._text))
        at = 0
        while at < len(lines):
            at = self._take(lines, at)
        self._close(len(self._text))
        return tuple(self._blocks)

    def _take(self, lines: Sequence[re.Match[str]], at: int) -> int:
        """Read what begins in a line, and return the next line."""
        dialect, line, words = self._dialect, lines[at], _words(lines[at])
        if dialect.is_underlined and at + 1 < len(lines) and self._is_underlined(lines, at):
            level = _UNDERLINES.index(_words(lines[at + 1])[0]) + 1
            title = Block(line.start(), line.start() + len(words.rstrip()), level, "heading")
            return self._add(lines, at, title, 2)
        for opening, closing, is_code in (
            (dialect.code, dialect.code_end, True),
            (dialect.hidden, dialect.hidden_end, False),
        ):
            if opening.match(words):
                self._close(line.start())
                return self._fenced(lines, at, closing, is_code)
        if dialect.table.match(words):
            self._close(line.start())
            return self._table(lines, at + 1)
        if (found := self._line_block(words, line.start())) or dialect.silent.match(words):
            return self._add(lines, at, found)
        if mark := dialect.item.match(words):
            self._close(line.start())
            self._begin, self._is_item = line.start() + mark.end(), True
        return at + 1

    def _is_underlined(self, lines: Sequence[re.Match[str]], at: int) -> bool:
        """Say whether a line is a title, with an equally long line of signs below."""
        words, below = _words(lines[at]).rstrip(), _words(lines[at + 1]).rstrip()
        is_alone = at == 0 or not (above := _words(lines[at - 1]).strip()) or bool(self._dialect.silent.match(above))
        is_line = _UNDERLINE.match(below) is not None and abs(len(words) - len(below)) <= _MAX_UNDERLINE_OFF
        return is_alone and is_line and bool(_TITLED.match(words))

    def _fenced(self, lines: Sequence[re.Match[str]], at: int, closing: re.Pattern[str] | None, is_code: bool) -> int:
        """Read lines up to the one that closes them: the same as the first one, unless `closing` says which."""
        opened = _words(lines[at]).strip()
        at += 1
        while at < len(lines):
            words = _words(lines[at])
            if closing.match(words) if closing else words.strip() == opened.rstrip("abcdefghijklmnopqrstuvwxyz"):
                break
            if is_code and (stripped := words.strip()):
                start = lines[at].start() + words.index(stripped)
                self._blocks.append(Block(start, start + len(stripped), 0, "code"))
            at += 1
        self._begin, self._is_item = lines[at].end() if at < len(lines) else len(self._text), False
        return at + 1

    def _table(self, lines: Sequence[re.Match[str]], at: int) -> int:
        opened = _words(lines[at - 1]).strip()
        end = next((end for end in range(at, len(lines)) if _words(lines[end]).strip() == opened), len(lines))
        for start, stop in _rows(lines[at:end]):
            self._blocks.append(Block(start, stop, 0, "table_row"))
        self._begin, self._is_item = lines[end].end() if end < len(lines) else len(self._text), False
        return end + 1

    def _line_block(self, words: str, start: int) -> Block | None:
        """Return the heading, the title or the row of a table that a line is."""
        if found := self._dialect.heading.match(words):
            return Block(start + found.start(2), start + found.end(2), len(found[1]), "heading")
        if title := self._dialect.title.match(words):
            is_heading = not self._dialect.is_underlined
            kind: BlockKind = "heading" if is_heading else "paragraph"
            return Block(start + title.start(1), start + title.end(1), int(is_heading), kind)
        if not self._dialect.silent.match(words) and (row := _ROW.match(words)):
            return Block(start + row.start(1), start + row.end(1), 0, "table_row")
        return None

    def _add(self, lines: Sequence[re.Match[str]], at: int, block: Block | None, count: int = 1) -> int:
        """Close what waits before a line, add the block of one or more lines, and return the next line."""
        self._close(lines[at].start())
        self._blocks += [block] if block else []
        self._begin, self._is_item = lines[at + count - 1].end(), False
        return at + count

    def _close(self, end: int) -> None:
        """Add the blocks of the text that waits."""
        begin = self._begin
        self._blocks.extend(
            Block(begin + block.start, begin + block.end, 0, _kind(block, self._is_item and not number))
            for number, block in enumerate(read_plaintext(self._text[begin:end]))
        )


def _rows(lines: Sequence[re.Match[str]]) -> Iterator[Span]:
    """Yield where each row of a table begins and ends: its cells are on one line, or each begins a line."""
    columns, cells, start, end = 0, 0, -1, -1
    for line in lines:
        words = _words(line).rstrip()
        own = words.count("|")
        if start >= 0 and (not words or (own and cells >= columns > 0)):
            yield start, end
            start, cells = -1, 0
        columns = columns or (own if own > 1 else 0)
        if start < 0 and words.strip("| \t"):
            mark = _CELL_MARK.match(words)
            start = line.start() + (mark.end() if mark else 0)
        cells, end = cells + own, line.start() + len(words)
    if start >= 0:
        yield start, end


def _words(line: re.Match[str]) -> str:
    return line[0].rstrip("\r\n")


def _kind(block: Block, is_item: bool) -> BlockKind:
    return "list_item" if is_item else "paragraph" if block.level else block.kind
