"""Find the blocks of AsciiDoc and Org texts, with the marks in the text as they are."""

import re
from collections.abc import Callable

from index.ingest.readers.plaintext import read_plaintext
from index.types import Block, BlockKind

_LINE = re.compile(r"[^\r\n]*(?:\r\n?|\n|\Z)")
_ASCIIDOC_HEADING = re.compile(r"(={1,6})[ \t]+(\S.*?)[ \t]*(?:=*[ \t]*)?\Z")
_ORG_HEADING = re.compile(r"(\*{1,6})[ \t]+(?:(?:TODO|DONE)[ \t]+)?(\S.*?)[ \t]*(?::[\w@:]+:)?\Z")
_ASCIIDOC_FENCE = re.compile(r"(-{4,}|\.{4,})[ \t]*\Z")
_ORG_BEGIN, _ORG_END = (
    re.compile(r"#\+begin_(?:src|example)\b.*", re.I),
    re.compile(r"#\+end_(?:src|example)\b.*", re.I),
)
_ASCIIDOC_ITEM = re.compile(r"[ \t]*(?:\*{1,5}|\.{1,5}|-)[ \t]+(?=\S)")
_NO_ITEM = re.compile(r"(?!)")  # Org has the marks of plain text
_ROW = re.compile(r"[ \t]*\|[ \t]*(\S.*?)[ \t|]*\Z")
_TABLE_RULE = re.compile(r"[ \t]*\|(?:=+|[-+]+)[ \t|]*\Z")
_TITLE = re.compile(r"#\+title:[ \t]*(\S.*?)[ \t]*\Z", re.IGNORECASE)
_SETTING = re.compile(r":[\w-]+!?:(?:[ \t].*)?\Z|#\+\w+:.*|//.*|\[[^\]]*\][ \t]*\Z")


def read_asciidoc(text: str) -> tuple[Block, ...]:
    """Return the headings, paragraphs, list items, table rows and lines of code of an AsciiDoc text.

    >>> text = "== Tea\\n\\nSteep it.\\n\\n----\\nbrew\\n----\\n"
    >>> [(text[block.start : block.end], block.kind) for block in read_asciidoc(text)]
    [('Tea', 'heading'), ('Steep it.', 'paragraph'), ('brew', 'code')]
    """
    return _blocks(text, _ASCIIDOC_HEADING, _ASCIIDOC_ITEM, _same_fence)


def read_org(text: str) -> tuple[Block, ...]:
    """Return the headings, paragraphs, list items, table rows and lines of code of an Org text.

    >>> text = "* Tea\\nSteep it.\\n"
    >>> [(text[block.start : block.end], block.kind) for block in read_org(text)]
    [('Tea', 'heading'), ('Steep it.', 'paragraph')]
    """
    return _blocks(text, _ORG_HEADING, _NO_ITEM, _org_fence)


def _same_fence(line: str, opened: str) -> bool:
    match = _ASCIIDOC_FENCE.match(line)
    return match is not None and (not opened or match[0].strip() == opened)


def _org_fence(line: str, opened: str) -> bool:
    return bool((_ORG_END if opened else _ORG_BEGIN).match(line.strip()))


def _blocks(
    text: str, heading: re.Pattern[str], item: re.Pattern[str], is_fence: Callable[[str, str], bool]
) -> tuple[Block, ...]:
    blocks: list[Block] = []
    begin, is_item = 0, False
    fence = ""

    def close(end: int) -> None:
        found = read_plaintext(text[begin:end])
        blocks.extend(
            Block(begin + block.start, begin + block.end, 0, _kind(block, is_item and not number))
            for number, block in enumerate(found)
        )

    for line in _LINE.finditer(text):
        words = line[0].rstrip("\r\n")
        if is_fence(words, fence):
            if not fence:
                close(line.start())
            fence = "" if fence else words.strip()
            begin, is_item = line.end(), False
        elif fence:
            if stripped := words.strip():
                start = line.start() + words.index(stripped)
                blocks.append(Block(start, start + len(stripped), 0, "code"))
            begin = line.end()
        elif (found := _line_block(words, line.start(), heading)) or _is_silent(words):
            close(line.start())
            blocks += [found] if found else []
            begin, is_item = line.end(), False
        elif mark := item.match(words):
            close(line.start())
            begin, is_item = line.start() + mark.end(), True
    if not fence:
        close(len(text))
    return tuple(blocks)


def _kind(block: Block, is_item: bool) -> BlockKind:
    return "list_item" if is_item else "paragraph" if block.level else block.kind


def _is_silent(words: str) -> bool:
    return bool(_SETTING.match(words) or _TABLE_RULE.match(words))


def _line_block(words: str, start: int, heading: re.Pattern[str]) -> Block | None:
    """Return the heading or the row of a table that a line is."""
    if found := heading.match(words):
        return Block(start + found.start(2), start + found.end(2), len(found[1]), "heading")
    if title := _TITLE.match(words):
        return Block(start + title.start(1), start + title.end(1), 1, "heading")
    if not _TABLE_RULE.match(words) and (row := _ROW.match(words)):
        return Block(start + row.start(1), start + row.end(1), 0, "table_row")
    return None
