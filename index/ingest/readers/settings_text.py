"""Find the blocks of settings files (.yaml, .toml, .ini): each line, below the keys and sections that hold it."""

import re

from index.types import Block

_LINE = re.compile(r"[^\r\n]+")
_SECTION = re.compile(r"\[{1,2}\s*([^\[\]]+?)\s*\]{1,2}\s*(?:[#;].*)?\Z")
_GROUP = re.compile(r"(?P<indent> *)(?P<item>- +)?(?P<key>[\"']?[^\s#\-\"'\[{][^#\"']*?[\"']?)\s*:\s*(?:[#].*)?\Z")
_MARKS = re.compile(r"(?:[#;]+|-(?=\s))\s*")
_MAX_LEVEL = 6


def read_settings(text: str) -> tuple[Block, ...]:
    """Return the lines of a settings file; a section or a key over further keys is a heading.

    >>> text = "[server]\\nport = 80  # of the page\\n"
    >>> [(text[block.start : block.end], block.level) for block in read_settings(text)]
    [('server', 1), ('port = 80  # of the page', 0)]
    """
    blocks: list[Block] = []
    above: list[int] = []  # how far the keys above are indented
    lines = [match for match in _LINE.finditer(text) if match[0].strip("\ufeff \t")]
    for number, line in enumerate(lines):
        following = lines[number + 1][0] if number + 1 < len(lines) else ""
        words = line[0].strip("\ufeff \t")
        start = line.start() + line[0].index(words)
        if section := _SECTION.fullmatch(words):
            level = min(1 + section[1].count("."), _MAX_LEVEL)
            blocks.append(Block(start + section.start(1), start + section.end(1), level, "heading"))
        elif (group := _GROUP.fullmatch(line[0].strip("\ufeff"))) and _indent(following) > len(group["indent"]):
            above = [indent for indent in above if indent < len(group["indent"])] + [len(group["indent"])]
            key = line[0].index(group["key"], group.start("key"))
            begin = line.start() + key
            blocks.append(Block(begin, begin + len(group["key"]), min(len(above), _MAX_LEVEL), "heading"))
        else:
            mark = _MARKS.match(words)
            begin = start + (mark.end() if mark else 0)
            if begin < start + len(words):
                blocks.append(Block(begin, start + len(words), 0, "list_item"))
    return tuple(blocks)


def _indent(line: str) -> int:
    """Return how far a line is indented; an item of a list is further in than its dash."""
    stripped = line.lstrip(" ")
    return len(line) - len(stripped) + stripped.startswith("- ")
