"""Markdown text -> its blocks, by CommonMark's own rules (markdown-it-py), with tables and front matter."""

import re
from itertools import pairwise

from markdown_it import MarkdownIt
from markdown_it.token import Token

from index.types import Block

# The parser's own notion of a line: str.splitlines also breaks at form feeds and Unicode separators.
_LINE_END = re.compile(r"\r\n?|\n")
_FRONT_MATTER = re.compile(r"\ufeff?---[ \t]*(?:\r\n?|\n).*?(?:\r\n?|\n)---[ \t]*(?=\r|\n|\Z)", re.DOTALL)
_MARKS_BEFORE = re.compile(r"\s*(?:(?:>|[-*+](?=\s)|\d{1,9}[.)](?=\s)|#{1,6}(?=\s)|\|)\s*)*(?:\[[ xX]\]\s+)?")
_MARKS_AFTER = re.compile(r"(?:(?:\s+#+|\s*\|)?\s*|\s*\n\s*(?:=+|-+)\s*)\Z")
_PARSER = MarkdownIt("commonmark").enable("table")


def read_markdown(text: str) -> tuple[Block, ...]:
    """The headings, paragraphs, list items, table rows and lines of code of a Markdown text, in order.

    >>> read_markdown("# Tea\\n\\n- Steep it.")
    (Block(start=2, end=5, level=1), Block(start=9, end=18, level=0))
    """
    front = _FRONT_MATTER.match(text)
    skipped = front.end() if front else len(text) - len(text.lstrip("\ufeff"))
    body = text[skipped:]
    starts = [0, *(match.end() for match in _LINE_END.finditer(body)), len(body)]
    blocks = []
    tokens = _PARSER.parse(body)
    for opening, token in pairwise([Token("", "", 0), *tokens]):
        if token.map is None:
            continue
        first, last = token.map
        if token.type == "inline" and opening.type != "th_open" and opening.type != "td_open":
            level = int(opening.tag[1]) if opening.type == "heading_open" else 0
            blocks.append(_trim(body, starts[first], starts[last], level))
        elif token.type == "tr_open":
            blocks.append(_trim(body, starts[first], starts[last], 0))
        elif token.type in ("fence", "code_block"):
            fenced = token.type == "fence"
            closed = fenced and body[starts[last - 1] : starts[last]].lstrip(" >").startswith(token.markup)
            for line in range(first + fenced, last - closed):
                blocks.append(_trim(body, starts[line], starts[line + 1], 0, code=True))
    return tuple(Block(block.start + skipped, block.end + skipped, block.level) for block in blocks if block)


def _trim(text: str, start: int, end: int, level: int, code: bool = False) -> Block | None:
    """A block without the marks and blanks around its words; None where nothing is left."""
    piece = text[start:end]
    before = len(piece) - len(piece.lstrip()) if code else _matched(_MARKS_BEFORE.match(piece))
    after = _MARKS_AFTER.search(piece, before)
    last = len(piece.rstrip()) if code or after is None else after.start()
    return Block(start + before, start + last, level) if before < last else None


def _matched(match: re.Match[str] | None) -> int:
    return match.end() if match else 0
