"""Read the text of a Word paragraph, and collect what hangs on it: notes, comments, text boxes, charts."""

import re
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any

from docx.oxml.ns import nsmap, qn

from index.ingest.readers.office.docx_styles import LEFT_OUT, RUN, WORD, Styles, is_on, value
from index.ingest.readers.office.drawings import CHART, DIAGRAM
from index.ingest.readers.office.formulas import FORMULA, FORMULA_PARAGRAPH, formula_text
from index.ingest.readers.scripts import subscript, superscript

TEXT_BOX = f"{WORD}txbxContent"
NOTES = {f"{WORD}footnoteReference": "footnotes", f"{WORD}endnoteReference": "endnotes"}
COMMENT = f"{WORD}commentReference"
_TEXT, _MATH_TEXT, _SYMBOL = f"{WORD}t", qn("m:t"), f"{WORD}sym"
_MARKS = {"tab": " ", "ptab": " ", "br": "\n", "cr": "\n", "noBreakHyphen": "-"}
_WRITTEN = {f"{WORD}{name}": text for name, text in _MARKS.items()}
_FIELD_MARK, _FIELD_TEXT, _FIELD = f"{WORD}fldChar", f"{WORD}instrText", f"{WORD}fldSimple"
_FORM_FIELD = f"{WORD}ffData"
_WORD_ART = "{urn:schemas-microsoft-com:vml}textpath"
_PICTURE = f"{{{nsmap['wp']}}}docPr"
_PAGE_FIELD = re.compile(r"\s*(?:PAGE|NUMPAGES|SECTIONPAGES|SECTION)\b", re.IGNORECASE)
# The font Symbol's Greek letters and signs, which files give by the font's own codes.
_SYMBOL_FONT = dict(
    zip(
        range(0x41, 0x7B),
        "ΑΒΧΔΕΦΓΗΙϑΚΛΜΝΟΠΘΡΣΤΥςΩΞΨΖ[∴]⊥_‾αβχδεφγηιϕκλμνοπθρστυϖωξψζ",
        strict=True,
    )
) | {0xA3: "≤", 0xA5: "∞", 0xB0: "°", 0xB1: "±", 0xB3: "≥", 0xB4: "×", 0xB7: "•", 0xB8: "÷", 0xB9: "≠", 0xBB: "≈"}
_CHECKED = {0x52: "☑", 0x53: "☒", 0xA3: "☐", 0xA8: "☐", 0xFC: "✓", 0xFB: "✗", 0xFE: "☑", 0xFD: "☒"}  # in Wingdings


@dataclass(slots=True)
class ParagraphText:
    """A paragraph's text, and the nodes that hang on it in order. `has_page_number` if a field counts its pages."""

    text: str = ""
    apart: list[Any] = field(default_factory=list)
    is_formula: bool = False
    has_page_number: bool = False


def paragraph_text(paragraph: Any, styles: Styles) -> ParagraphText:
    """Read the text of a paragraph's node."""
    return _Reader(styles).read(paragraph)


class _Reader:
    """Collects the text of one paragraph in segments of one script (superscript, subscript or neither)."""

    def __init__(self, styles: Styles) -> None:
        self._styles = styles
        self._segments: list[tuple[str, str]] = []
        self._fields: list[str] = []  # the instructions of the fields around, "" while they are not complete
        self._hidden_field = 0  # at which depth a field begins that is left out
        self.found = ParagraphText()

    def read(self, paragraph: Any) -> ParagraphText:
        self._walk(paragraph, "")
        text = ""
        for script, group in groupby(self._segments, key=lambda segment: segment[0]):
            joined = "".join(part for _, part in group)
            write = {"superscript": superscript, "subscript": subscript}.get(script)
            text += write(joined, text) if write else joined
        self.found.text = text.strip()
        children = [child.tag for child in paragraph if child.tag not in LEFT_OUT]
        self.found.is_formula = bool(children) and set(children) <= {FORMULA, FORMULA_PARAGRAPH}
        return self.found

    def _walk(self, node: Any, script: str) -> None:
        for child in node:
            if child.tag in (_FIELD_MARK, _FIELD_TEXT):
                self._mark_field(child)
            elif not self._hidden_field and not self._take(child, script) and child.tag not in LEFT_OUT:
                if child.tag != RUN:
                    self._walk(child, script)
                elif not is_on([child], "rPr", "vanish"):
                    self._walk(child, self._script(child))

    def _take(self, node: Any, script: str) -> bool:
        """Collect a node that is text, or that hangs on the paragraph; False if it only contains others."""
        tag = node.tag
        if tag in (FORMULA, FORMULA_PARAGRAPH):
            self._add("", formula_text(node))
        elif tag in (_TEXT, _MATH_TEXT):
            self._add(script, node.text or "")
        elif tag in (_SYMBOL, _WORD_ART, _FORM_FIELD):
            self._add(script, _sign(node))
        elif tag in (TEXT_BOX, COMMENT, CHART, DIAGRAM, _PICTURE) or tag in NOTES:
            self.found.apart.append(node)
        elif tag == _FIELD and _PAGE_FIELD.match(node.get(f"{WORD}instr", "")):
            self.found.has_page_number = True
        elif tag in _WRITTEN:
            self._add(script, _WRITTEN[tag])
        else:
            return False
        return True

    def _add(self, script: str, text: str) -> None:
        self._segments.append((script, text))

    def _mark_field(self, node: Any) -> None:
        """Follow where fields begin and end; the numbers of pages are left out."""
        if node.tag == _FIELD_TEXT:
            if self._fields:
                self._fields[-1] += node.text or ""
            return
        kind = node.get(f"{WORD}fldCharType")
        if kind == "begin":
            self._fields.append("")
            self._walk(node, "")
        elif kind == "separate" and self._fields and _PAGE_FIELD.match(self._fields[-1]):
            self._hidden_field = self._hidden_field or len(self._fields)
            self.found.has_page_number = True
        elif kind == "end" and self._fields:
            if self._hidden_field == len(self._fields):
                self._hidden_field = 0
            self._fields.pop()

    def _script(self, run: Any) -> str:
        chain = [run, *self._styles.chain(value(run, "rPr", "rStyle"))]
        found = next(filter(None, (value(node, "rPr", "vertAlign") for node in chain)), "")
        return found if found in ("superscript", "subscript") else ""


def _sign(node: Any) -> str:
    """Return a sign of a symbol font, a decorated title, or the state of a form's field."""
    if node.tag == _WORD_ART:
        return str(node.get("string", ""))
    return _form_state(node) if node.tag == _FORM_FIELD else _symbol(node)


def _form_state(node: Any) -> str:
    """Return a ticked or empty box for a form's check box, and the chosen entry of its list."""
    box = node.find(f"{WORD}checkBox")
    if box is not None:
        state = box.find(f"{WORD}checked")
        ticked = is_on([box], "default") if state is None else state.get(f"{WORD}val", "1") not in ("0", "false")
        return "☒" if ticked else "☐"
    entries = [entry.get(f"{WORD}val", "") for entry in node.iter(f"{WORD}listEntry")]
    chosen = value(node, "ddList", "result") or "0"
    return entries[int(chosen)] if chosen.isdigit() and int(chosen) < len(entries) else ""


def _symbol(node: Any) -> str:
    """Return a sign of a symbol font as Unicode; "" for an unknown one."""
    code = int(node.get(f"{WORD}char", "0"), 16) & 0xFFF
    font = node.get(f"{WORD}font", "")
    known = _SYMBOL_FONT if font == "Symbol" else _CHECKED if font.startswith("Wingdings") else {}
    code = code - 0xF00 if code >= 0xF00 else code & 0xFF
    return known.get(code, "")
