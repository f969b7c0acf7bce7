"""Find the marks of Markdown, AsciiDoc, Org and reStructuredText in a text, so that they need not be shown (pure).

Positions count characters of the text as it is stored: a quote stays exact, and hiding a mark moves no highlight.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from html import unescape
from pathlib import PurePosixPath

from index.types import Span

MAX_CACHED = 512  # texts; each is shown in an answer and beside it
MARKDOWN = (".md", ".markdown", ".mdown", ".ipynb")
_TARGET = r"\((?:[^()\n]|\([^()\n]*\))*\)"
_LABEL = r"((?:[^\[\]\n]|\n(?!\n)|\[[^\[\]\n]*\])*)"
_BLOCKS = (
    "p|div|li|ul|ol|tr|td|th|table|thead|tbody|tfoot|caption|br|hr|h[1-6]|details|summary|dl|dt|dd|blockquote|center|"
    "pre|section|article|header|footer|figure|figcaption"
)
# Between the cells of one row of a table.
CELL_EDGE = re.compile(r"</t[dh]\s*>\s*<t[dh]\b[^<>]*>", re.IGNORECASE)
_TEXT_TAGS = "a|b|i|u|s|em|strong|del|ins|sub|sup|code|kbd|samp|var|small|big|font|span|mark|abbr|cite|q|tt|img|nobr"
# Tags of HTML in Markdown that begin something new. Those that neither begin something nor set a text are shown.
BLOCK_TAG = re.compile(rf"</?(?:{_BLOCKS})(?:\s[^<>]*)?/?>", re.IGNORECASE)


_SCRIPTS = {
    "sup": str.maketrans("0123456789+-\u2212()", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁽⁾"),
    "sub": str.maketrans("0123456789+-\u2212()", "₀₁₂₃₄₅₆₇₈₉₊₋₋₍₎"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Pattern:
    """What surrounds a text: the last group of `marks` is shown, inside the HTML element `tag` if there is one."""

    marks: re.Pattern[str]
    tag: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Style:
    """How a text is set: ranges that are hidden, and ranges inside an element, by its tag.

    With `has_entities`, a text such as "&amp;" stands for a character.
    """

    hidden: tuple[Span, ...] = ()
    elements: tuple[tuple[int, int, str], ...] = ()
    has_entities: bool = False

    @property
    def edges(self) -> set[int]:
        """The positions where something begins or ends."""
        return {edge for start, end in self.hidden for edge in (start, end)} | {
            edge for start, end, _ in self.elements for edge in (start, end)
        }

    def shifted(self, by: int) -> "Style":
        """Return the style of the same text without its first characters."""
        return Style(
            hidden=tuple((start - by, end - by) for start, end in self.hidden),
            elements=tuple((start - by, end - by, tag) for start, end, tag in self.elements),
            has_entities=self.has_entities,
        )


PLAIN = Style()


def _pattern(marks: str, tag: str = "", flags: re.RegexFlag = re.NOFLAG) -> Pattern:
    return Pattern(marks=re.compile(marks, flags), tag=tag)


_BOTH = _pattern(r"(?<![\\*])\*\*\*(?=[^\s*])(.+?)(?<=[^\s*])\*\*\*(?!\*)", "strong", re.DOTALL)
_STRONG = _pattern(r"(?<!\\)(\*\*|__)(?=\S)(.+?)(?<=\S)\1", "strong", re.DOTALL)
_EM = _pattern(r"(?<![\w*\\])\*(?![\s*])([^*\n]+?(?:\n[^*\n]+?)*)(?<![\s\\])\*(?![\w*])", "em")
_UNDERSCORE = _pattern(r"(?<![\w_\\])_(?![\s_])([^_\n]+?)(?<![\s\\])_(?![\w_])", "em")
_MARKDOWN = (
    _pattern(r"(?<!`)(`{1,2})(?!`)((?:[^\n]|\n(?!\s*\n))+?)(?<!`)\1(?!`)", "code"),
    _pattern(rf"!\[{_LABEL}\]{_TARGET}"),
    _pattern(rf"\[{_LABEL}\](?:{_TARGET}|\[[^\[\]\n]*\]|\([^()\s]*\Z)"),
    _pattern(rf"\A([^\[\]\n]*)\]{_TARGET}"),  # a link whose beginning was cut off
    _pattern(r"\[\^[^\[\]\s]+\]()"),
    _pattern(r"<((?:https?|mailto):[^<>\s]+)>"),
    _BOTH,
    _STRONG,
    _pattern(r"(?<![\S*])\*\*(?=[^\s*])()|(?<=[^\s*])\*\*(?![\w*])()"),  # bold that was cut off
    _EM,
    _UNDERSCORE,
    _pattern(r"(?<!\\)(~~)(?=\S)(.+?)(?<=\S)\1", "s"),
    _pattern(r"<sup\b[^<>]*>([^<>]+)</sup\s*>", "sup", re.IGNORECASE),
    _pattern(r"<sub\b[^<>]*>([^<>]+)</sub\s*>", "sub", re.IGNORECASE),
    _pattern(rf"</?(?:{_BLOCKS}|{_TEXT_TAGS})(?:\s[^<>]*)?/?>()|<!--.*?-->()", "", re.IGNORECASE | re.DOTALL),
    _pattern(r"</?[A-Z]\w*(?:\s[^<>]*=[^<>]*)?/?>()"),  # a component of a site generator
    # A tag whose beginning, or end, was cut off with the rest of its sentence.
    _pattern(rf"\A[^<>\n]*=\"[^<>\n]*\">()|<(?:{_BLOCKS}|{_TEXT_TAGS})\s[^<>]*\Z()", "", re.IGNORECASE),
    _pattern(r"(?m)^[ \t]*(?:>[ \t]?)+()"),  # a quotation
    _pattern(r"\[!(?:NOTE|TIP|IMPORTANT|WARNING|CAUTION)\][ \t]*\n?()"),
    _pattern(r"[ \t]*\{:?[ \t]*[#.][^{}\n]*\}()|(?<=\))\{[^{}\n]*\}()"),  # an id, a class or the like: {#top}
    _pattern(r"\{%[^\n]*?%\}()|\{\{[<%][^\n]*?[%>]\}\}()"),  # a tag of a site generator
    _pattern(r"(?m)^[ \t]*(?::::*|!!!|\?\?\?)[ \t]*\w*[ \t]*\"?()"),  # a note of a site generator
    _pattern(r"\\(?=[!-/:-@\[-`{-~])()"),
)
_ASCIIDOC = (
    _pattern(r"(?<![\w`])(`{1,2})(?=\S)(.+?)(?<=\S)\1(?![\w`])", "code"),
    _pattern(r"(?:link:)?(?:https?|mailto):[^\s\[\]]+\[([^\[\]\n]+)\]"),
    _pattern(r"(?:link|xref|image|kbd|btn|menu|footnote):+[^\s\[\]]*\[([^\[\]\n]*)\]"),
    _pattern(r"<<(?:[^<>,\n]*,)?([^<>\n]+)>>"),
    _pattern(r"(?<![\w*])(\*{1,2})(?![\s*])([^*\n]+?)(?<!\s)\1(?![\w*])", "strong"),
    _UNDERSCORE,
    _pattern(r"(?m)^\[\[[^\]\n]*\]\][ \t]*()"),
)
_ORG = (
    _pattern(r"(?<![\w=])=(?![\s=])([^=\n]+?)(?<!\s)=(?![\w=])", "code"),
    _pattern(r"(?<![\w~])~(?![\s~])([^~\n]+?)(?<!\s)~(?![\w~])", "code"),
    _pattern(r"\[\[[^\[\]\n]*\]\[([^\[\]\n]+)\]\]"),
    _pattern(r"\[\[([^\[\]\n]+)\]\]"),
    _pattern(r"(?<![\w*])\*(?![\s*])([^*\n]+?)(?<!\s)\*(?![\w*])", "strong"),
    _pattern(r"(?<![\w/:])/(?![\s/])([^/\n]+?)(?<!\s)/(?![\w/])", "em"),
)
_RST = (
    _pattern(r"(?<!`)``(?!`)(.+?)(?<!`)``(?!`)", "code", re.DOTALL),
    _pattern(r"(?::[\w:+.-]+:)?`([^`<>\n]+?)(?:\s*<[^<>`]*>)?`(?:__?)?"),
    _STRONG,
    _EM,
)
_PATTERNS: Mapping[str, tuple[Pattern, ...]] = {
    **dict.fromkeys(MARKDOWN, _MARKDOWN),
    ".adoc": _ASCIIDOC,
    ".asciidoc": _ASCIIDOC,
    ".org": _ORG,
    ".rst": _RST,
}


def is_markdown(path: str) -> bool:
    """Whether a document's text has Markdown's marks."""
    return path.lower().removesuffix(".gz").endswith(MARKDOWN)


@lru_cache(maxsize=MAX_CACHED)
def style_of(text: str, path: str) -> Style:
    """Find the marks in a text of a document.

    >>> style = style_of("Hot *tea*, [cold](http://a.example) milk", "tea.md")
    >>> style.hidden, style.elements
    (((4, 5), (8, 9), (11, 12), (16, 35)), ((5, 8, 'em'),))
    """
    patterns = _PATTERNS.get(PurePosixPath(path.lower().removesuffix(".gz")).suffix)
    if not patterns:
        return PLAIN
    hidden: set[Span] = set()
    elements: list[tuple[int, int, str]] = []
    for pattern in patterns:
        for found in pattern.marks.finditer(text):
            start, end = found.span(found.lastindex or 0)
            if _cuts_code(found.span(), (start, end), elements):
                continue
            hidden |= {(found.start(), start), (end, found.end())}
            if pattern.tag and start < end:
                elements.append((start, end, pattern.tag))
    shown = {(position, position) for span in hidden for position in span}
    return Style(hidden=tuple(sorted(hidden - shown)), elements=tuple(elements), has_entities=is_markdown(path))


def _cuts_code(marks: Span, text: Span, elements: Sequence[tuple[int, int, str]]) -> bool:
    """Whether marks lie in code, where they mean themselves. The text between them may have code."""
    return any(
        tag == "code" and start < marks[1] and marks[0] < end and not text[0] <= start <= end <= text[1]
        for start, end, tag in elements
    )


def visible(text: str, path: str) -> str:
    """Return a text of a document without its marks; powers and indices stay raised or lowered.

    >>> visible("Read **[the guide](a.md)** &amp; go", "a.md"), visible("10<sup>6</sup> m<sup>2</sup>", "a.md")
    ('Read the guide & go', '10⁶ m²')
    """
    style = style_of(text, path)
    for start, end, tag in style.elements:
        if tag in _SCRIPTS:
            text = text[:start] + text[start:end].translate(_SCRIPTS[tag]) + text[end:]
    position, shown = 0, []
    for start, end in [*style.hidden, (len(text), len(text))]:
        if position < start:
            shown.append(text[position:start])
        if BLOCK_TAG.match(text, start, end):
            shown.append(" ")
        position = max(position, end)
    return unescape("".join(shown)) if style.has_entities else "".join(shown)
