"""Read slides shape by shape, in the order in which a person reads them."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any

from lxml import etree
from pptx.enum.shapes import PP_PLACEHOLDER
from pptx.oxml import parse_xml
from pptx.presentation import Presentation
from pptx.shapes.group import GroupShape

from index.ingest.readers.elements import Element
from index.ingest.readers.table_rows import one_line, span_lines

_DRAWING = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
_BREAK = f"{_DRAWING}br"
_TEXTS = (f"{_DRAWING}t", "{http://schemas.openxmlformats.org/officeDocument/2006/math}t")
_COMPATIBILITY = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_ALTERNATIVES, _CHOICE = f"{_COMPATIBILITY}AlternateContent", f"{_COMPATIBILITY}Choice"
_DIAGRAM = "{http://schemas.openxmlformats.org/drawingml/2006/diagram}"
_DIAGRAM_DATA = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}dm"
_ONE_HEIGHT = 914_400 // 4  # a quarter of an inch, in the unit that slides are measured in
_MAX_SPAN = 100
_FURNITURE = (PP_PLACEHOLDER.DATE, PP_PLACEHOLDER.FOOTER, PP_PLACEHOLDER.HEADER, PP_PLACEHOLDER.SLIDE_NUMBER)
_BULLETED = (PP_PLACEHOLDER.BODY, PP_PLACEHOLDER.OBJECT, PP_PLACEHOLDER.VERTICAL_BODY, PP_PLACEHOLDER.VERTICAL_OBJECT)


def slide_elements(presentation: Presentation) -> Iterator[Element]:
    """The elements of the slides that are not hidden; numbers count the hidden ones, as the program does."""
    for number, slide in enumerate(presentation.slides, start=1):
        if slide.element.get("show") not in ("0", "false"):
            elements = [element for element in _slide(slide) if element.text]
            yield from (replace(element, page=number) for element in elements or [Element("")])


def _slide(slide: Any) -> Iterator[Element]:
    _choose(slide.element)
    title = slide.shapes.title
    if title is not None and not _is_hidden(title):
        yield Element(one_line(title.text_frame.text), level=1)
    for shape in _in_order(slide.shapes):
        if title is None or shape.element is not title.element:
            yield from _shape(shape)
    notes = slide.notes_slide.notes_text_frame if slide.has_notes_slide else None
    for paragraph in notes.paragraphs if notes is not None else ():
        if text := one_line(_text(paragraph)):
            yield Element(f"Notes: {text}")


def _choose(slide: Any) -> None:
    """Put what newer programs show in place of what the library passes over: a choice between it and a picture."""
    for choice in slide.findall(f".//{_ALTERNATIVES}/{_CHOICE}"):
        alternatives = choice.getparent()
        if alternatives.getparent() is not None:
            for node in choice:
                alternatives.addprevious(node)
            alternatives.getparent().remove(alternatives)


def _shape(shape: Any) -> Iterator[Element]:
    kind = shape.placeholder_format.type if shape.is_placeholder else None
    if _is_hidden(shape) or kind in _FURNITURE:
        return
    if isinstance(shape, GroupShape):
        for inner in _in_order(shape.shapes):
            yield from _shape(inner)
    elif shape.has_text_frame:
        yield from _paragraphs(shape.text_frame, kind in _BULLETED)
    elif getattr(shape, "has_table", False):
        rows = [[_cell(cell) for cell in row.cells if not cell._tc.hMerge] for row in shape.table.rows]
        yield from (Element(line, tight=True) for line in span_lines(rows, shape.table.first_row))
    else:
        yield from (Element(text, tight=True) for text in _diagram(shape))


def _is_hidden(shape: Any) -> bool:
    return any(node.get("hidden") in ("1", "true") for node in shape.element.xpath("./*/p:cNvPr"))


def _in_order(shapes: Iterable[Any]) -> list[Any]:
    """Shapes from top to bottom; those that begin at nearly one height from left to right."""
    rows: list[list[Any]] = []
    for shape in sorted(shapes, key=lambda shape: shape.top or 0):
        if rows and (shape.top or 0) - (rows[-1][0].top or 0) < _ONE_HEIGHT:
            rows[-1].append(shape)
        else:
            rows.append([shape])
    return [shape for row in rows for shape in sorted(row, key=lambda shape: shape.left or 0)]


def _paragraphs(frame: Any, bulleted: bool) -> Iterator[Element]:
    """The paragraphs of a text; bullets go with what stands before them in it."""
    tight = False
    for paragraph in frame.paragraphs:
        if text := _text(paragraph).strip():
            marks = {child.tag.removeprefix(_DRAWING) for child in paragraph._p.get_or_add_pPr()}
            inherits = (bulleted or paragraph.level > 0) and "buNone" not in marks
            yield Element(text, tight=tight and (inherits or bool(marks & {"buChar", "buAutoNum"})))
            tight = True


def _text(paragraph: Any) -> str:
    """The words of a paragraph, formulas too."""
    return "".join("\n" if part.tag == _BREAK else part.text or "" for part in paragraph._p.iter(_BREAK, *_TEXTS))


def _cell(cell: Any) -> tuple[int, str | None]:
    """How many columns a cell spans, and its text; None where it goes on from the row above."""
    return min(cell.span_width, _MAX_SPAN), None if cell._tc.vMerge else one_line(cell.text_frame.text)


def _diagram(shape: Any) -> Iterator[str]:
    """The texts of a diagram, which lie in a part of their own."""
    for reference in shape.element.iter(f"{_DIAGRAM}relIds"):
        root: etree._Element = parse_xml(shape.part.related_part(reference.get(_DIAGRAM_DATA)).blob)
        for paragraph in root.iter(f"{_DRAWING}p"):
            yield one_line("".join(text.text or "" for text in paragraph.iter(f"{_DRAWING}t")))
