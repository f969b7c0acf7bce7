"""Find the blocks of AsciiDoc and Org texts, with the marks in the text as they are."""

import re
from collections.abc import Callable

from index.ingest.readers.plaintext import read_plaintext
from index.types import Block

_LINE = re.compile(r"[^\r\n]*(?:\r\n?|\n|\Z)")
_ASCIIDOC_HEADING = re.compile(r"(={1,6})[ \t]+(\S.*?)[ \t]*(?:=*[ \t]*)?\Z")
_ORG_HEADING = re.compile(r"(\*{1,6})[ \t]+(?:(?:TODO|DONE)[ \t]+)?(\S.*?)[ \t]*(?::[\w@:]+:)?\Z")
_ASCIIDOC_FENCE = re.compile(r"(-{4,}|\.{4,})[ \t]*\Z")
_ORG_BEGIN, _ORG_END = (
    re.compile(r"#\+begin_(?:src|example)\b.*", re.I),
    re.compile(r"#\+end_(?:src|example)\b.*", re.I),
)
_SETTING = re.compile(r":[\w-]+!?:(?:[ \t].*)?\Z|#\+\w+:.*|//.*|\[[^\]]*\][ \t]*\Z")


def read_asciidoc(text: str) -> tuple[Block, ...]:
    """Return the headings, paragraphs, list items and lines of code of an AsciiDoc text.

    >>> text = "== Tea\\n\\nSteep it.\\n\\n----\\nbrew\\n----\\n"
    >>> [(text[block.start : block.end], block.kind) for block in read_asciidoc(text)]
    [('Tea', 'heading'), ('Steep it.', 'paragraph'), ('brew', 'code')]
    """
    return _blocks(text, _ASCIIDOC_HEADING, _same_fence)


def read_org(text: str) -> tuple[Block, ...]:
    """Return the headings, paragraphs, list items and lines of code of an Org text.

    >>> text = "* Tea\\nSteep it.\\n"
    >>> [(text[block.start : block.end], block.kind) for block in read_org(text)]
    [('Tea', 'heading'), ('Steep it.', 'paragraph')]
    """
    return _blocks(text, _ORG_HEADING, _org_fence)


def _same_fence(line: str, opened: str) -> bool:
    match = _ASCIIDOC_FENCE.match(line)
    return match is not None and (not opened or match[0].strip() == opened)


def _org_fence(line: str, opened: str) -> bool:
    return bool((_ORG_END if opened else _ORG_BEGIN).match(line.strip()))


def _blocks(text: str, heading: re.Pattern[str], is_fence: Callable[[str, str], bool]) -> tuple[Block, ...]:
    blocks: list[Block] = []
    begin = 0
    fence = ""

    def close(end: int) -> None:
        blocks.extend(
            Block(begin + block.start, begin + block.end, 0, "paragraph" if block.level else block.kind)
            for block in read_plaintext(text[begin:end])
        )

    for line in _LINE.finditer(text):
        words = line[0].rstrip("\r\n")
        if is_fence(words, fence):
            if not fence:
                close(line.start())
            fence = "" if fence else words.strip()
            begin = line.end()
        elif fence:
            if stripped := words.strip():
                start = line.start() + words.index(stripped)
                blocks.append(Block(start, start + len(stripped), 0, "code"))
            begin = line.end()
        elif (found := heading.match(words)) or _SETTING.match(words):
            close(line.start())
            if found:
                start = line.start()
                blocks.append(Block(start + found.start(2), start + found.end(2), len(found[1]), "heading"))
            begin = line.end()
    if not fence:
        close(len(text))
    return tuple(blocks)
