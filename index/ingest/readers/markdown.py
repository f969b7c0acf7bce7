"""Find the blocks of a Markdown text by CommonMark's rules (markdown-it-py), with tables, front matter and HTML."""

import re
from itertools import pairwise

from markdown_it import MarkdownIt
from markdown_it.token import Token

from index.ingest.readers.markup import html_blocks
from index.types import Block, BlockKind

# The parser's own notion of a line: str.splitlines also breaks at form feeds and Unicode separators.
_LINE_END = re.compile(r"\r\n?|\n")
_FRONT_MATTER = re.compile(r"\ufeff?---[ \t]*(?:\r\n?|\n).*?(?:\r\n?|\n)---[ \t]*(?=\r|\n|\Z)", re.DOTALL)
_MARKS_BEFORE = re.compile(r"\s*(?:(?:>|[-*+](?=\s)|\d{1,9}[.)](?=\s)|#{1,6}(?=\s)|\|)\s*)*(?:\[[ xX]\]\s+)?")
_MARKS_AFTER = re.compile(r"(?:(?:\s+#+|\s*\|)?\s*|\s*\n\s*(?:=+|-+)\s*)\Z")
_PARSER = MarkdownIt("commonmark").enable("table")
_CONTAINERS: dict[str, BlockKind] = {"list_item": "list_item", "blockquote": "quote"}


def read_markdown(text: str) -> tuple[Block, ...]:
    """Return the headings, paragraphs, list items, table rows and lines of code of a Markdown text, in order.

    >>> [(block.start, block.end, block.kind) for block in read_markdown("# Tea\\n\\n- Steep it.")]
    [(2, 5, 'heading'), (9, 18, 'list_item')]
    """
    front = _FRONT_MATTER.match(text)
    skipped = front.end() if front else len(text) - len(text.lstrip("\ufeff"))
    body = text[skipped:]
    lines = [0, *(match.end() for match in _LINE_END.finditer(body)), len(body)]
    blocks: list[Block] = []
    containers: list[BlockKind] = []
    for opening, token in pairwise([Token("", "", 0), *_PARSER.parse(body)]):
        name, _, side = token.type.rpartition("_")
        if name in _CONTAINERS and side == "open":
            containers.append(_CONTAINERS[name])
        elif name in _CONTAINERS:
            containers.pop()
        if token.map is not None:
            blocks += _blocks(body, lines, token, opening, containers[-1] if containers else "paragraph")
    return tuple(Block(block.start + skipped, block.end + skipped, block.level, block.kind) for block in blocks)


def _blocks(text: str, lines: list[int], token: Token, opening: Token, kind: BlockKind) -> list[Block]:
    """Return the blocks of one of the parser's tokens; `opening` is the token before it."""
    assert token.map is not None
    first, last = token.map
    start, end = lines[first], lines[last]
    if token.type == "inline" and opening.type not in ("th_open", "td_open"):
        if opening.type == "heading_open":
            return _trimmed(text, Block(start, end, int(opening.tag[1]), "heading"))
        return _trimmed(text, Block(start, end, 0, kind))
    if token.type == "tr_open":
        return _trimmed(text, Block(start, end, 0, "table_row"))
    if token.type == "html_block":
        return list(html_blocks(text, start, end))
    if token.type in ("fence", "code_block"):
        fenced = token.type == "fence"
        closed = fenced and text[lines[last - 1] : lines[last]].lstrip(" >").startswith(token.markup)
        numbers = range(first + fenced, last - closed)
        return [block for line in numbers for block in _trimmed(text, Block(lines[line], lines[line + 1], 0, "code"))]
    return []


def _trimmed(text: str, block: Block) -> list[Block]:
    """Return a block without the marks and blanks around its words, or nothing if it has no words."""
    within = text[block.start : block.end]
    if block.kind == "code":
        before, last = len(within) - len(within.lstrip()), len(within.rstrip())
    else:
        marks = _MARKS_BEFORE.match(within)
        before = marks.end() if marks else 0
        after = _MARKS_AFTER.search(within, before)
        last = after.start() if after else len(within.rstrip())
    if before >= last:
        return []
    return [Block(block.start + before, block.start + last, block.level, block.kind)]
