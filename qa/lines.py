"""Divide a passage into the lines of its lists, tables, code and running text (pure)."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import pairwise
from pathlib import PurePosixPath
from typing import Literal

from index.types import Passage, Span
from qa.list_numbers import ListNumbers
from qa.markup import BLOCK_TAG, CELL_EDGE, Style, is_markdown, style_of, visible

MAX_CACHED = 256  # passages; each is shown in an answer and beside it
Kind = Literal["text", "item", "row", "code", "none"]
# Line ends of these have a meaning of their own, or are wraps; in other documents, each begins something new.
_CODE = frozenset(
    ".sql .py .js .ts .jsx .tsx .java .c .h .cc .cpp .hpp .cs .go .rs .rb .php .pl .lua .r .m .swift .kt .scala .sh"
    " .bash .ps1 .bat .css .yaml .yml .toml .ini .cfg .conf .properties".split()
)
_MARKED = frozenset(".md .markdown .mdown .ipynb .rst .adoc .asciidoc .org".split())
_WRAPPED = _MARKED | frozenset(".txt .text .log .asc".split())
_MAIL = frozenset(".eml .msg .mbox".split())  # breaks of full lines are wraps, those of short ones are not
_MIN_FULL, _MAX_FULL = 50, 100  # characters of a line that is full
_MIN_WRAP = 65  # the least width at which programs wrap text
_ITEM = re.compile(
    r"[ \t>]*(?:[-*+•‣▪◦–·]|(\(?(?:\d{1,3}|[a-zA-Z])[.)]))[ \t]+(?:\[[ xX]\][ \t]+)?|<li\b[^<>]*>\s*", re.I
)
_BULLET = re.compile(r"^ *- ", re.MULTILINE)
_FENCE = re.compile(r"[ \t>]*(?:```|~~~)")
_RULE = re.compile(r"[ \t>]*\|?[\s:|-]*-[\s:|-]*\|?\s*$")
_DIVIDER = re.compile(r"[ \t>]*(?:(?:[-*_=~^][ \t]*){3,}|\[[^\]\n]+\]:[ \t]+\S.*)$")
_HEADING = re.compile(r"[ \t>]*(?:#{1,6}|={2,6})[ \t]+")
_SEPARATED = re.compile(r"(?<!\\)[ \t]\|[ \t]|\t")
_SENTENCE_END = re.compile(r"[.:!?…][\"'”’)*_]*\s*$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A line of a passage, without its marker: its kind, and its range in the passage's text.

    An item has a `depth` from 0, and its `number` if it is numbered. `is_header` marks the header of a table.
    """

    kind: Kind
    start: int
    end: int
    depth: int = 0
    number: str = ""
    is_header: bool = False


def lines_of(passage: Passage) -> list[Line]:
    """Divide a passage into lines. The lines of one item or paragraph are joined.

    >>> [line.kind for line in lines_of(Passage(path="a.md", start=0, end=16, text="Bring:\\n* a cup\\n\\n"))]
    ['text', 'item', 'none']
    """
    return list(_lines_of(passage.text, passage.path, passage.unit == "row"))


@lru_cache(maxsize=MAX_CACHED)
def _lines_of(text: str, path: str, has_rows: bool) -> tuple[Line, ...]:
    suffix = PurePosixPath(path.lower().removesuffix(".gz")).suffix
    if suffix in _CODE:
        return (Line(kind="code", start=0, end=len(text.rstrip())),)
    style = style_of(text, path)
    segments = list(_segments(text, is_markdown(path)))
    found: list[Line] = []
    for line in _lines(text, segments, style, has_rows):
        _append(
            found, line, text, is_wrapped=suffix in _WRAPPED or (suffix in _MAIL and _is_after_full(found, line, text))
        )
    found = _with_first_item(found, text)
    return tuple(_renumbered(found, text) if is_markdown(path) else found)


def is_wrapped(path: str) -> bool:
    """Whether a line end within a paragraph of a document has no meaning."""
    return PurePosixPath(path.lower().removesuffix(".gz")).suffix in _MARKED


def is_hard_wrapped(text: str) -> bool:
    """Whether each line end of a paragraph comes from a program that wraps at a width, as those of mail.

    >>> full = "The offsite takes place in March, and we have booked rooms in"
    >>> is_hard_wrapped(f"{full}\\nLisbon."), is_hard_wrapped("Kind regards\\nAda"), is_hard_wrapped("Tea.")
    (True, False, False)
    """
    lines = text.strip().splitlines()
    return len(lines) > 1 and all(_is_full(line, after) for line, after in pairwise(lines))


def _is_full(line: str, after: str) -> bool:
    """Whether a line has no room for the first word of the line after it."""
    word = (after.split(maxsplit=1) or [""])[0]
    return _MIN_FULL <= len(line) <= _MAX_FULL and len(line) + 1 + len(word) > _MIN_WRAP


def _is_after_full(found: Sequence[Line], line: Line, text: str) -> bool:
    return bool(found) and _is_full(
        text[found[-1].start : found[-1].end].rpartition("\n")[2], text[line.start : line.end]
    )


def within(lines: Sequence[Line], start: int, end: int) -> list[Line]:
    """Return the parts of lines that lie in a range."""
    return [
        replace(line, start=max(line.start, start), end=min(line.end, end))
        for line in lines
        if max(line.start, start) < min(line.end, end)
    ]


def plain_text(passage: Passage, span: Span) -> str:
    """Write a range of a passage's document without marks: one line for each paragraph, item and row."""
    inside = within(lines_of(passage), span[0] - passage.start, span[1] - passage.start)
    is_list = sum(line.kind != "none" for line in inside) > 1
    written = []
    for line in inside:
        raw = passage.text[line.start : line.end]
        text = raw if line.kind == "code" else " ".join(visible(raw, passage.path).split())
        if line.kind == "item" and is_list:
            text = f"{'  ' * line.depth}{line.number or '-'} {text}"
        elif line.kind == "row" and passage.unit != "row":
            text = re.sub(r"[ \t]*(?<!\\)\|[ \t]*", " | ", CELL_EDGE.sub("|", raw.strip(" |")))
            text = " ".join(visible(text, passage.path).split())
        if line.kind != "none" and text:
            written.append(text)
    return "\n".join(written)


def as_one_line(passage: Passage) -> str:
    """Write a passage as one line, without its marks and the bullets of its lists."""
    return " ".join(_BULLET.sub("", plain_text(passage, (passage.start, passage.end))).split())


def _segments(text: str, has_tags: bool) -> Iterator[Span]:
    """Cut a text at its line ends, and around HTML's block elements, but not within code."""
    position, is_code = 0, _starts_in_code(text)
    for raw in text.splitlines(keepends=True):
        cuts = {position, position + len(raw)}
        if has_tags and not is_code and not raw.lstrip().startswith("|"):
            cells = [found.span() for found in CELL_EDGE.finditer(raw)]
            for tag in BLOCK_TAG.finditer(raw):
                if any(start <= tag.start() < end for start, end in cells):
                    continue
                cuts.add(position + (tag.end() if tag.group().startswith("</") else tag.start()))
        yield from pairwise(sorted(cuts))
        position += len(raw)
        is_code ^= bool(_FENCE.match(raw))


def _starts_in_code(text: str) -> bool:
    """Whether a text begins within a block of code, whose end is the first fence in it."""
    fences = [raw for raw in text.splitlines() if _FENCE.match(raw)]
    return len(fences) % 2 == 1 and not fences[0].strip(" >`~")


def _lines(text: str, segments: Sequence[Span], style: Style, has_rows: bool) -> Iterator[Line]:
    is_code = _starts_in_code(text)
    for start, end in segments:
        raw = text[start:end]
        end = start + len(raw.rstrip())
        if _FENCE.match(raw):
            is_code = not is_code
            yield Line(kind="none", start=start, end=end)
        elif is_code:
            yield Line(kind="code", start=start, end=end)
        else:
            yield _line(raw, start, end, style, has_rows)


def _line(raw: str, start: int, end: int, style: Style, has_rows: bool) -> Line:
    if _is_hidden(raw, start, style) or _DIVIDER.match(raw):
        return Line(kind="none", start=start, end=end)
    if has_rows:
        return Line(kind="row", start=start, end=end)
    if _RULE.match(raw) and "|" in raw:
        return Line(kind="none", start=start, end=end, is_header=True)
    if _is_row(raw, style):
        return Line(kind="row", start=start, end=end)
    if marker := _ITEM.match(raw):
        depth = len(raw[: len(raw) - len(raw.lstrip(" \t>"))].expandtabs(4).replace(">", "")) // 2
        return Line(kind="item", start=start + marker.end(), end=end, depth=depth, number=marker[1] or "")
    heading = _HEADING.match(raw)
    return Line(kind="text", start=start + (heading.end() if heading else 0), end=end)


def _is_row(raw: str, style: Style) -> bool:
    """Whether a line is the row of a table, by its marks or by the tags of HTML in Markdown."""
    has_cells = style.has_entities and bool(CELL_EDGE.search(raw))
    return has_cells or raw.lstrip(" >").startswith("|") or bool(_SEPARATED.search(raw.strip()))


def _is_hidden(raw: str, start: int, style: Style) -> bool:
    """Whether nothing of a segment is shown."""
    position, end = start, start + len(raw)
    for first, last in style.hidden:
        if first >= end:
            break
        if raw[position - start : max(first - start, position - start)].strip():
            return False
        position = max(position, min(last, end))
    return not raw[position - start :].strip()


def _append(found: list[Line], line: Line, text: str, is_wrapped: bool) -> None:
    """Add a line, or join it to the one before."""
    last = found[-1] if found else None
    if line.is_header:
        if last and last.kind == "row":
            found[-1] = replace(last, is_header=True)
        return
    if not last or not _continues(last, line, text):
        found.append(line)
    elif is_wrapped:
        found[-1] = replace(last, end=line.end)
    elif last.kind == "item" or text[last.start : last.end].rstrip().endswith(":"):
        found.append(replace(line, kind="item"))
    else:
        found.append(line)


def _continues(last: Line, line: Line, text: str) -> bool:
    """Whether a line of running text is right below text or an item."""
    is_text = line.kind == "text" and last.kind in ("text", "item")
    return is_text and text[last.end : line.start].strip(" \t\r>") == "\n"


def _with_first_item(lines: list[Line], text: str) -> list[Line]:
    """Make the first line an item if its marker stands before the passage, as the next line shows."""
    shown = [number for number, line in enumerate(lines) if line.kind != "none"][:2]
    if len(shown) < 2:
        return lines
    first, second = (lines[number] for number in shown)
    is_second = second.number.strip("().").lower() in ("2", "b") or _is_after_first(first, second, text)
    before = text[first.start : first.end]
    is_open = not second.number and not BLOCK_TAG.search(before) and not _SENTENCE_END.search(before)
    if first.kind == "text" and second.kind == "item" and (is_second or is_open):
        number = second.number.replace("2", "1").replace("b", "a").replace("B", "A")
        lines[shown[0]] = replace(first, kind="item", number=number, depth=second.depth)
    return lines


def _is_after_first(first: Line, second: Line, text: str) -> bool:
    """Whether a line numbered 1 goes on with a list right above it: all its items may have that number."""
    is_near = text[first.end : second.start].count("\n") < 2 and not text[first.start : first.end].endswith(":")
    return second.number in ("1.", "1)") and is_near


def _renumbered(lines: Sequence[Line], text: str) -> Iterator[Line]:
    """Number the items as a page does: in Markdown, each may be written as the first."""
    numbers = ListNumbers()
    for line in lines:
        if line.kind == "item" and line.number:
            yield replace(line, number=numbers.number(line.depth, line.number))
            continue
        if line.kind in ("text", "row", "code") and not text[line.start : line.start + 1].isspace():
            numbers.end()
        yield line
