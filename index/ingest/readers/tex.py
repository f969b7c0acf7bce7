"""Read TeX sources: what is written, without commands, with formulas as text (pylatexenc)."""

import logging
import re
from collections.abc import Iterator
from functools import partial
from string import ascii_lowercase

from pylatexenc.latex2text import LatexNodes2Text

from index.ingest.limits import Limits
from index.ingest.readers.archive import guard
from index.ingest.readers.bugs import raise_bug
from index.ingest.readers.elements import Element
from index.ingest.readers.encoding import decode
from index.ingest.readers.scripts import subscript, superscript
from index.ingest.readers.table_rows import MAX_HEADER_ROWS, Cell, one_line, span_lines

_COMMENT = re.compile(r"(?<!\\)%.*?(?:\n[ \t]*|\Z)")
_BODY = re.compile(r"\\begin\{document\}(.*?)(?:\\end\{document\}|\Z)", re.DOTALL)
_TITLE = re.compile(r"\\title(?:\[[^\]]*\])?\{")
_LEVELS = {
    "part": 1,
    "chapter": 1,
    "section": 2,
    "subsection": 3,
    "subsubsection": 4,
    "paragraph": 5,
    "subparagraph": 6,
}
_HEADING = re.compile(rf"\\({'|'.join(_LEVELS)})\*?(?:\[[^\]]*\])?(?=\{{)")
_ENVIRONMENT = re.compile(
    r"\\begin\{(?P<name>verbatim|lstlisting|minted|Verbatim|tabular[xy*]?|longtable|equation\*?|align\*?|gather\*?"
    r"|displaymath|eqnarray\*?|multline\*?)\}(?P<inner>.*?)\\end\{(?P=name)\}|\\\[(?P<display>.*?)\\\]"
    r"|\$\$(?P<dollars>.*?)\$\$",
    re.DOTALL,
)
_TABLES = ("tabular", "longtable")
_CODE = ("verbatim", "lstlisting", "minted", "Verbatim")
_ROW_END = re.compile(r"\\\\(?:\[[^\]]*\])?|\\(?:tabularnewline|newline)\b")
_RULES = re.compile(
    r"\\(?:hline|toprule|midrule|bottomrule|endhead|endfirsthead|endfoot)\b|\\c(?:line|midrule)(?:\([^)]*\))?\{[^}]*\}"
)
_LINE = re.compile(r"\\(?:midrule|hline)\b")
_COLUMNS = re.compile(r"\s*(?:\[[^\]]*\])?(?:\{[^{}]*(?:\{[^{}]*\}[^{}]*)*\}){0,2}")
_SPAN = re.compile(r"\s*\\multicolumn\{(\d{1,2})\}\{[^{}]*(?:\{[^{}]*\})*[^{}]*\}\{(.*)\}\s*\Z", re.DOTALL)
_SILENT = re.compile(
    r"\\(?:label|cite[a-z]*|bibliography(?:style)?|vspace|hspace|includegraphics|input|include|usepackage|pagestyle"
    r"|index[a-z]*|thispagestyle|setlength|newcommand|renewcommand|def)\*?(?:\[[^\]]*\])*\{[^{}]*(?:\{[^{}]*\}[^{}]*)*\}"
    r"|\\(?:begin|end)\{[^}]*\}(?:\[[^\]]*\])?|\\(?:maketitle|tableofcontents|newpage|clearpage|centering|noindent)\b"
)
_OWN_COMMAND = re.compile(r"\\(?:new|renew|provide)command\*?\{?\\([A-Za-z]+)\}?(?=\{)|\\def\\([A-Za-z]+)(?=\{)")
_ITEM = re.compile(r"\\(?:bib)?item\b(?:\[([^\]]*)\])?(?:\{[^}]*\})?")
_PARAGRAPH_END = re.compile(r"\n[ \t]*\n\s*|\\par\b|\\(?:begin|end)\{[^}]*\}(?:\[[^\]]*\]|\{[^}]*\})*|(?=\\caption\b)")
_LIST_MARK = re.compile(r"\\(?P<side>begin|end)\{(?P<list>enumerate|itemize|description)\}|\\item\b(?!\s*\[)")
_MATH = re.compile(r"(?<!\\)\$[^$]+(?<!\\)\$|\\\(.+?\\\)|\\\[.+?\\\]", re.DOTALL)
_SCRIPT = re.compile(r"([\^_])\s*(\{(?:[^{}]|\{[^{}]*\})*\}|\\[a-zA-Z]+|[^\s\\{}])")
_WRITTEN_SCRIPT = re.compile(r"\\text(super|sub)script\{([^{}]*)\}")
_LINK = re.compile(r"\\href\{[^{}]*\}(?=\{)")
_MAX_PARAGRAPH = 20_000
logging.getLogger("pylatexenc").setLevel(logging.CRITICAL)


def read_tex(content: bytes, limits: Limits) -> Iterator[Element]:
    """Yield the headings, paragraphs, list items, table rows, formulas and lines of code of a TeX source."""
    return guard(_Reader().elements(decode(content)), limits, "pages")


class _Reader:
    """Writes TeX as text."""

    def __init__(self) -> None:
        self._writer = LatexNodes2Text(math_mode="text", strict_latex_spaces=False, keep_comments=False)

    def elements(self, source: str) -> Iterator[Element]:
        source = _expanded(_COMMENT.sub("", source.replace("\r\n", "\n")))
        title = _TITLE.search(source)
        if title and (text := self._line(_braced(source, title.end() - 1))):
            yield Element(text, level=1)
        body = _BODY.search(source)
        yield from self._sections(_numbered(body[1] if body else source))

    def _sections(self, source: str) -> Iterator[Element]:
        start = 0
        for heading in _HEADING.finditer(source):
            yield from self._blocks(source[start : heading.start()])
            inner = _braced(source, heading.end())
            if text := self._line(inner):
                yield Element(text, level=_LEVELS[heading[1]])
            start = heading.end() + len(inner) + 2
        yield from self._blocks(source[start:])

    def _blocks(self, source: str) -> Iterator[Element]:
        """Yield what is between two headings; code, tables and formulas on separate lines are not split."""
        start = 0
        for found in _ENVIRONMENT.finditer(source):
            yield from self._paragraphs(source[start : found.start()])
            name, inner = found["name"] or "", found["inner"] or found["display"] or found["dollars"] or ""
            if name.startswith(_CODE):
                if code := inner.strip("\n"):
                    yield Element(code, kind="code")
            elif name.startswith(_TABLES):
                yield from self._table(inner)
            elif text := self._line(f"\\[{inner}\\]"):
                yield Element(text, kind="formula")
            start = found.end()
        yield from self._paragraphs(source[start:])

    def _paragraphs(self, source: str) -> Iterator[Element]:
        for paragraph in _PARAGRAPH_END.split(source):
            parts = _ITEM.split(paragraph)
            if words := self._line(parts[0]):
                yield Element(words)
            for label, item in zip(parts[1::2], parts[2::2], strict=True):
                if words := self._line(item):
                    mark = f"{self._line(label)} " if label else ""
                    yield Element(mark + words, tight=True, kind="list_item")

    def _table(self, source: str) -> Iterator[Element]:
        columns = _COLUMNS.match(source)
        body = source[columns.end() if columns else 0 :]
        rows: list[list[Cell]] = []
        for row in _ROW_END.split(_RULES.sub("", body)):
            cells = []
            for cell in re.split(r"(?<!\\)&", row):
                span = _SPAN.match(cell)
                text = self._line(span[2] if span else cell)
                cells.append(Cell(text=text, span=int(span[1]) if span else 1))
            if any(cell.text for cell in cells):
                rows.append(cells)
        for line in span_lines(rows, _header_rows(body)):
            if line:
                yield Element(line, tight=True, kind="table_row")

    def _line(self, source: str) -> str:
        """Return TeX as one line of text; as it is if it cannot be parsed."""
        plain = _with_scripts(_LINK.sub("", _SILENT.sub(" ", source[:_MAX_PARAGRAPH])))
        try:
            text = self._writer.latex_to_text(plain)
        except Exception as error:  # its parser raises whatever broken sources lead it to
            raise_bug(error)
            text = plain
        return one_line(text.replace("<ref>", "").replace("<cit.>", ""))


def _header_rows(table: str) -> int:
    """Return how many rows stand above the only line within a table; 0 if it has none or several."""
    ends, last_cell = [found.end() for found in _ROW_END.finditer(table)], table.rfind("&")
    lines = [found.start() for found in _LINE.finditer(table) if ends and ends[0] <= found.start() < last_cell]
    above = sum(end <= lines[0] for end in ends) if len(lines) == 1 else 0
    return above if above <= MAX_HEADER_ROWS else 0


def _numbered(source: str) -> str:
    """Write the numbers of numbered lists, and the letters of those within them, as labels of their items."""
    lists: list[int | None] = []

    def write(mark: re.Match[str]) -> str:
        if mark["side"] == "begin":
            lists.append(0 if mark["list"] == "enumerate" else None)
        elif mark["side"]:
            del lists[-1:]
        elif lists and (number := lists[-1]) is not None:
            lists[-1] = number + 1
            is_inner = sum(count is not None for count in lists) > 1 and number < len(ascii_lowercase)
            return f"\\item[{f'({ascii_lowercase[number]})' if is_inner else f'{number + 1}.'}]"
        return mark[0]

    return _LIST_MARK.sub(write, source)


def _with_scripts(source: str) -> str:
    """Write powers and indices as Unicode."""
    source = _MATH.sub(lambda formula: _SCRIPT.sub(partial(_script, source, formula.start()), formula[0]), source)
    write = {"super": superscript, "sub": subscript}
    return _WRITTEN_SCRIPT.sub(lambda found: write[found[1]](found[2], source[: found.start()][-3:]), source)


def _script(source: str, start: int, found: re.Match[str]) -> str:
    core = found[2].strip("{}").strip()
    if core == "\\circ":
        return "°"
    if "\\" in core:
        return f"{found[1]}({core})" if found[2].startswith("{") and " " in core else found[0]
    before = source[: start + found.start()].rstrip("${}")[-3:]
    return superscript(core, before) if found[1] == "^" else subscript(core, before)


def _expanded(source: str) -> str:
    """Replace the author's own commands without arguments by their texts."""
    texts = {found[1] or found[2]: _braced(source, found.end()) for found in _OWN_COMMAND.finditer(source)}
    if not texts:
        return source
    # The definitions are left out, so that they do not define themselves.
    without = _OWN_COMMAND.sub(r"\\def\\unused", source)
    names = "|".join(sorted(texts, key=len, reverse=True))
    used = re.compile(rf"\\({names})(?![A-Za-z])(?:\{{\}})?")
    return used.sub(lambda match: texts[match[1]], without)


def _braced(source: str, start: int) -> str:
    """Return what is within the braces that open at `start`."""
    depth = 0
    for index in range(start, min(len(source), start + _MAX_PARAGRAPH)):
        if source[index] == "{" and source[index - 1 : index] != "\\":
            depth += 1
        elif source[index] == "}" and source[index - 1 : index] != "\\":
            depth -= 1
            if depth == 0:
                return source[start + 1 : index]
    return ""
