"""Collect the text of a web page's nodes into headings, paragraphs, list items, code and table rows."""

import re
import string
from collections.abc import Iterable, Iterator, Set
from textwrap import dedent

from lxml import etree

from index.ingest.readers.elements import Element
from index.ingest.readers.html.boilerplate import Node
from index.ingest.readers.html.content_score import MarkedElement
from index.ingest.readers.html.tables import is_data, table_lines
from index.ingest.readers.scripts import subscript, superscript
from index.ingest.readers.table_rows import one_line
from index.types import BlockKind

_BLOCKS = frozenset(
    "address article aside blockquote body caption center dd details dialog dir div dl dt fieldset figcaption figure"
    " footer form h1 h2 h3 h4 h5 h6 header hgroup hr html legend li listing main menu nav ol p plaintext pre search"
    " section summary table tbody td tfoot th thead tr ul xmp".split()
)
_HEADINGS = {f"h{level}": level for level in range(1, 7)}
_PREFORMATTED = frozenset("listing plaintext pre xmp".split())
_PARTING = frozenset("img svg button input select textarea iframe video audio object embed".split())
_BLANKS = re.compile(r"[ \t\n\r\f\xa0]+")
_SPACES = re.compile(r" {2,}")
_AROUND_BREAK = re.compile(r" *\n *")
_PARAGRAPH_BREAK = re.compile(r"\n{2,}")
_LISTS = frozenset({"dl", "ol", "ul"})
_STANDING = frozenset({*_HEADINGS, *_PREFORMATTED, *_LISTS, "table"})
_STANZA_BREAK = re.compile(r"\n(?:[^\S\n]*\n)+(?=\S)")
_UNSEEN = {ord(character): None for character in "\u00ad\u200b\u2060\ufeff"}
_SCRIPTS = {"sup": superscript, "sub": subscript}
_MIN_BLANKS = 2  # in an alternative text; shorter ones are names of icons
_LETTERS = {"a": string.ascii_lowercase, "i": "i ii iii iv v vi vii viii ix x xi xii".split()}


class _List:
    """A list while it is read: the mark of its next item, and whether its entries are short."""

    def __init__(self, node: Node) -> None:
        self._is_ordered = node.tag == "ol"
        self._kind = node.get("type", "1")
        is_reversed = node.get("reversed") is not None
        self._step = -1 if is_reversed else 1
        self._number = _number(node.get("start"), len(node.findall("li")) if is_reversed else 1)
        self.has_short_entries = node.tag == "dl" and all(
            next(entry.iterdescendants(*_BLOCKS), None) is None for entry in node.iterchildren("dd")
        )

    def mark(self, item: Node) -> str:
        """Return the number or letter of an item with a blank after it."""
        if not self._is_ordered:
            return ""
        number = _number(item.get("value"), self._number)
        self._number = number + self._step
        letters = _LETTERS.get(self._kind.lower(), ())
        name = letters[number - 1] if 0 < number <= len(letters) else str(number)
        return f"{name.upper() if self._kind.isupper() else name}. "


class Flow:
    """Collects text, and yields an element wherever a block begins or ends."""

    def __init__(self, boilerplate: Set[Node] = frozenset()) -> None:
        self._boilerplate = boilerplate
        self._parts: list[str] = []
        self._depth = self._links = 0
        self._letters = self._linked_letters = 0
        self._linked = 0.0
        self._quotes = 0
        self._level = self._preformatted = self._items = 0
        self._lists: list[_List] = []
        self._mark = ""
        self._terms: list[str] = []
        self._in_term = False

    def elements(self, root: Node) -> Iterator[Element]:
        """Yield the elements of a node from which boilerplate has been removed."""
        return (marked.element for marked in self.marked_elements(root))

    def marked_elements(self, root: Node) -> Iterator[MarkedElement]:
        """Yield the elements of a node, each with its share of links, and whether boilerplate surrounds it."""
        walk = etree.iterwalk(root, events=("start", "end"))
        for event, node in walk:
            if event == "start":
                yield from self._marked(self._start(node))
                self._depth += node in self._boilerplate
                self._links += _is_link(node)
                if node.tag == "table" and is_data(node):
                    yield from self._marked(_table(node))
                    walk.skip_subtree()
                else:
                    self._add_start(node.tag, node)
            else:
                self._links -= _is_link(node)
                yield from self._marked(self._finish(node, node is root))
                self._depth -= node in self._boilerplate
        yield from self._marked(self._flush())
        yield from self._marked(self._flush_terms())

    def _marked(self, elements: Iterable[Element]) -> Iterator[MarkedElement]:
        for element in elements:
            linked = 0.0 if element.kind == "table_row" else self._linked
            yield MarkedElement(element=element, is_boilerplate=self._depth > 0, linked=linked)

    def _start(self, node: Node) -> Iterator[Element]:
        if node.tag in _BLOCKS:
            yield from self._begin(node.tag, node)
        elif node.tag == "img" and next(node.iterancestors("a"), None) is None:  # a link's picture is a button
            text = one_line(node.get("alt") or "")
            if text.count(" ") >= _MIN_BLANKS and "logo" not in text.lower():
                yield from self._flush()
                yield Element(f"Picture: {text}")

    def _finish(self, node: Node, is_last: bool) -> Iterator[Element]:
        tag = node.tag
        if tag in _BLOCKS:
            yield from self._end(tag)
        elif tag == "q":
            self._parts.append("”")
        elif tag == "a" and not node.tail and getattr(node.getnext(), "tag", "") == "a":
            self._parts.append(" ")  # two links are two words, whatever parts them on the screen
        if not is_last:
            self._add(node.tail)

    def _begin(self, tag: str, node: Node) -> Iterator[Element]:
        if self._preformatted:
            self._break_line()
        else:
            yield from self._flush()
            if tag in _STANDING and not self._in_term:
                yield from self._flush_terms()
        if tag in _PREFORMATTED:
            self._preformatted += 1
        elif tag in _HEADINGS:
            self._level = _HEADINGS[tag]
        elif tag in _LISTS:
            self._lists.append(_List(node))
        elif tag == "li":
            self._items += 1
            self._mark = self._lists[-1].mark(node) if self._lists else ""
        elif tag == "dt":
            self._in_term = True
        elif tag == "blockquote":
            self._quotes += 1

    def _end(self, tag: str) -> Iterator[Element]:
        if self._preformatted and tag not in _PREFORMATTED:
            self._break_line()
        else:
            yield from self._flush()
        if tag in _PREFORMATTED:
            self._preformatted -= 1
        elif tag in _HEADINGS:
            self._level = 0
        elif tag == "li":
            self._items -= 1
            self._mark = ""
        elif tag == "dt":
            self._in_term = False
        elif tag == "blockquote":
            self._quotes -= 1
        elif tag == "dd" or tag in _LISTS:
            yield from self._flush_terms()
            if tag in _LISTS:
                self._lists.pop()

    def _add_start(self, tag: str, node: Node) -> None:
        text = node.text
        if tag == "br":
            self._parts.append("\n")
        elif tag == "q":
            self._parts.append("“")
        elif tag in _PARTING:
            self._parts.append(" ")
        elif tag in _SCRIPTS and text and not len(node):
            text = _SCRIPTS[tag](text, "".join(self._parts[-3:]))
        self._add(text)

    def _add(self, text: str | None) -> None:
        if text:
            seen = text.translate(_UNSEEN)
            letters = len("".join(seen.split()))
            self._letters += letters
            self._linked_letters += letters if self._links else 0
            self._parts.append(seen if self._preformatted else _BLANKS.sub(" ", seen))

    def _break_line(self) -> None:
        if self._parts and not self._parts[-1].endswith("\n"):
            self._parts.append("\n")

    def _flush(self) -> Iterator[Element]:
        """Yield the text collected since the last block began or ended."""
        gathered, self._parts = "".join(self._parts), []
        self._linked = self._linked_letters / max(self._letters, 1)
        self._letters = self._linked_letters = 0
        if self._preformatted:
            lines = gathered.replace("\r\n", "\n").replace("\xa0", " ").expandtabs()
            found = [stanza.strip() for stanza in _STANZA_BREAK.split(dedent(lines))]
        elif self._level or self._in_term:
            found = [one_line(gathered)]
        else:
            found = _PARAGRAPH_BREAK.split(_AROUND_BREAK.sub("\n", _SPACES.sub(" ", gathered)).strip())
        for text in filter(None, found):
            if self._in_term and not self._level:
                self._terms.append(text)
            else:
                yield self._element(text)

    def _flush_terms(self) -> Iterator[Element]:
        """Yield terms as a separate element, because their definition is not one paragraph."""
        if self._terms:
            yield self._element("")

    def _element(self, text: str) -> Element:
        terms, self._terms = ", ".join(self._terms), []
        mark, self._mark = self._mark, ""
        is_entry = bool(terms and self._lists) and self._lists[-1].has_short_entries
        body = ": ".join(filter(None, (terms.rstrip(":"), text)))
        is_item = self._items > 0 or is_entry
        kind: BlockKind = "paragraph"
        if not self._level:
            kind = (
                "code" if self._preformatted else "list_item" if is_item else "quote" if self._quotes else "paragraph"
            )
        return Element(mark + body, level=self._level, tight=not self._level and is_item, kind=kind)


def _is_link(node: Node) -> bool:
    return node.tag == "a" and node.get("href") is not None


def _table(table: Node) -> Iterator[Element]:
    for caption in table.iterchildren("caption"):
        yield from Flow().elements(caption)
    for line in table_lines(table, _cell_text):
        yield Element(line, tight=True, kind="table_row")


def _cell_text(cell: Node) -> str:
    """Return the text of a cell as one line, with semicolons between its lines."""
    line = ""
    for element in Flow().elements(cell):
        joint = "; " if line[-1:].isalnum() else " "
        line += f"{joint if line else ''}{one_line(element.text)}"
    return line


def _number(written: str | None, otherwise: int) -> int:
    try:
        return int(written or "")
    except ValueError:
        return otherwise
