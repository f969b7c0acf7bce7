"""Find the blocks of HTML that stands in another text, such as Markdown, as ranges of that text (pure)."""

import re
from collections.abc import Iterator

from index.types import Block, BlockKind

_MARK = re.compile(
    r"<!--.*?(?:-->|\Z)|<(script|style)\b.*?(?:</\1\s*>|\Z)|<(?P<close>/?)(?P<name>[a-z][\w-]*)\b[^<>]*>",
    re.DOTALL | re.IGNORECASE,
)
_AT_START = re.compile(r"(?:\s|<[^<>]*>|&nbsp;)*")
_KINDS: dict[str, BlockKind] = {
    "li": "list_item",
    "dd": "list_item",
    "dt": "list_item",
    "tr": "table_row",
    "pre": "code",
    "blockquote": "quote",
}
_BREAKING = frozenset(
    "address article aside body br caption center details div dl figcaption figure footer form h1 h2 h3 h4 h5 h6 header"
    " hr html main nav ol p section summary table tbody tfoot thead ul".split()
).union(_KINDS)


def html_blocks(text: str, start: int, end: int) -> Iterator[Block]:
    """Yield what stands between the tags of [start, end), a row of a table as a whole. Comments are left out.

    >>> text = "<p>Steep it.</p><table><tr><td>Tea</td><td>2 min</td></tr></table>"
    >>> [(text[block.start : block.end], block.kind) for block in html_blocks(text, 0, len(text))]
    [('Steep it.', 'paragraph'), ('Tea</td><td>2 min', 'table_row')]
    """
    begin, level = start, 0
    kind: BlockKind = "paragraph"
    for mark in _MARK.finditer(text, start, end):
        name = (mark["name"] or "").lower()
        if name and name not in _BREAKING:
            continue
        if kind == "table_row" and name not in ("", "tr", "table"):
            continue
        yield from _trimmed(text, begin, mark.start(), level, kind)
        begin = mark.end()
        if name:
            opens = not mark["close"]
            level = int(name[1]) if opens and re.fullmatch("h[1-6]", name) else 0
            kind = "heading" if level else _KINDS.get(name, "paragraph") if opens else "paragraph"
    yield from _trimmed(text, begin, end, level, kind)


def _trimmed(text: str, start: int, end: int, level: int, kind: BlockKind) -> Iterator[Block]:
    """Yield a block without blanks and tags at its ends, unless it has no letter or digit."""
    before = _AT_START.match(text, start, end)
    start = before.end() if before else start
    end = _without_tags_after(text, start, end)
    if any(map(str.isalnum, text[start:end])):
        yield Block(start, end, level, kind)


def _without_tags_after(text: str, start: int, end: int) -> int:
    """Return where the text of [start, end) ends without the blanks and tags at its end."""
    while True:
        end = start + len(text[start:end].rstrip())
        if text[end - 1 : end] == ">":
            begin = text.rfind("<", start, end)
            if begin < 0 or ">" in text[begin : end - 1]:
                return end
            end = begin
        elif text.endswith("&nbsp;", start, end):
            end -= len("&nbsp;")
        else:
            return end
