"""Read slides shape by shape, in the order in which a person reads them."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from itertools import groupby
from typing import Any

from pptx.enum.shapes import PP_PLACEHOLDER
from pptx.presentation import Presentation
from pptx.shapes.group import GroupShape
from pptx.shapes.picture import Picture

from index.ingest.readers.elements import Element
from index.ingest.readers.office.docx_numbering import FORMATS
from index.ingest.readers.office.drawings import CHART, DIAGRAM, description, drawing_elements, parsed
from index.ingest.readers.office.formulas import FORMULA, FORMULA_PARAGRAPH, formula_text
from index.ingest.readers.pdf.recognised import picture_elements
from index.ingest.readers.scripts import subscript, superscript
from index.ingest.readers.table_rows import Cell, one_line, span_lines

_DRAWING = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
_SLIDE = "{http://schemas.openxmlformats.org/presentationml/2006/main}"
_BREAK, _TEXT, _PROPERTIES = (f"{_DRAWING}{name}" for name in ("br", "t", "rPr"))
_COMPATIBILITY = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_ALTERNATIVES, _CHOICE = f"{_COMPATIBILITY}AlternateContent", f"{_COMPATIBILITY}Choice"
_SHAPES = {f"{_SLIDE}{name}" for name in ("sp", "grpSp", "graphicFrame", "cxnSp", "pic")}
_ONE_HEIGHT = 914_400 // 4  # a quarter of an inch, in the unit of slides
_MAX_SPAN = 100
_FURNITURE = (PP_PLACEHOLDER.DATE, PP_PLACEHOLDER.FOOTER, PP_PLACEHOLDER.HEADER, PP_PLACEHOLDER.SLIDE_NUMBER)
_BULLETED = (PP_PLACEHOLDER.BODY, PP_PLACEHOLDER.OBJECT, PP_PLACEHOLDER.VERTICAL_BODY, PP_PLACEHOLDER.VERTICAL_OBJECT)
_NUMBER_FORMATS = {"alphaLc": "lowerLetter", "alphaUc": "upperLetter", "romanLc": "lowerRoman", "romanUc": "upperRoman"}


def slide_elements(presentation: Presentation, has_ocr: bool = False) -> Iterator[Element]:
    """Yield the elements of the visible slides, with `has_ocr` those in their pictures too.

    Numbers count the hidden slides, as PowerPoint does.
    """
    for number, slide in enumerate(presentation.slides, start=1):
        if slide.element.get("show") not in ("0", "false"):
            elements = [element for element in _slide(slide) if element.text]
            if has_ocr:
                elements += _recognised(slide.shapes)
            yield from (replace(element, page=number) for element in elements or [Element("")])
        else:
            yield Element("", left_out="hidden slide")


def _recognised(shapes: Any) -> list[Element]:
    """Return what OCR recognises in the pictures of a slide."""
    found: list[Element] = []
    for shape in shapes:
        if isinstance(shape, GroupShape):
            found += _recognised(shape.shapes)
        elif isinstance(shape, Picture) and not _is_hidden(shape):
            found += picture_elements(shape.image.blob)
    return found


def _slide(slide: Any) -> Iterator[Element]:
    _choose(slide.element)
    title = slide.shapes.title
    if title is not None and not _is_hidden(title):
        yield Element(one_line(" ".join(map(_text, title.text_frame.paragraphs))), level=1)
    for shape in _in_order(slide.shapes):
        if title is None or shape.element is not title.element:
            yield from _shape(shape)
    notes = slide.notes_slide.notes_text_frame if slide.has_notes_slide else None
    for paragraph in notes.paragraphs if notes is not None else ():
        if text := one_line(_text(paragraph)):
            yield Element(f"Notes: {text}")
    yield from _comments(slide.part)


def _choose(slide: Any) -> None:
    """Replace each choice between newer and older content by the newer content, if it is a shape that can be read.

    Ink and other shapes that the library does not know are removed.
    """
    for alternatives in list(slide.iter(_ALTERNATIVES)):
        choice = alternatives.find(_CHOICE)
        nodes = [] if choice is None else [node for node in choice if node.tag in _SHAPES or _is_text(alternatives)]
        for node in nodes:
            alternatives.addprevious(node)
        alternatives.getparent().remove(alternatives)
    for tree in list(slide.iter(f"{_SLIDE}spTree", f"{_SLIDE}grpSp")):
        for node in list(tree):
            if node.tag.startswith(_SLIDE) and node.tag.endswith("}contentPart"):
                tree.remove(node)


def _is_text(node: Any) -> bool:
    """Say whether a node is within a paragraph, where any content can be read."""
    return node.getparent() is not None and node.getparent().tag.startswith(_DRAWING)


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
        yield from _table(shape.table)
    elif next(shape.element.iter(CHART, DIAGRAM), None) is not None:
        yield from drawing_elements(shape.element, shape.part)
    else:
        yield from _descriptions(shape)


def _table(table: Any) -> Iterator[Element]:
    """Yield a line for each row of a table."""
    rows = [[_cell(cell) for cell in row.cells if not cell._tc.hMerge] for row in table.rows]
    lines = span_lines(rows, int(table.first_row))
    yield from (Element(line, tight=True, kind="table_row") for line in lines if line)


def _descriptions(shape: Any) -> Iterator[Element]:
    """Yield the alternative text of a picture."""
    for properties in shape.element.xpath("./*/p:cNvPr"):
        if text := description(properties):
            yield Element(f"Picture: {text}")


def _is_hidden(shape: Any) -> bool:
    return any(node.get("hidden") in ("1", "true") for node in shape.element.xpath("./*/p:cNvPr"))


def _in_order(shapes: Iterable[Any]) -> list[Any]:
    """Return shapes from top to bottom, and those that begin at nearly one height from left to right."""
    rows: list[list[Any]] = []
    for shape in sorted(shapes, key=lambda shape: shape.top or 0):
        if rows and (shape.top or 0) - (rows[-1][0].top or 0) < _ONE_HEIGHT:
            rows[-1].append(shape)
        else:
            rows.append([shape])
    return [shape for row in rows for shape in sorted(row, key=lambda shape: shape.left or 0)]


def _paragraphs(frame: Any, bulleted: bool) -> Iterator[Element]:
    """Yield the paragraphs of a text with the numbers of numbered ones; items follow what is before them closely."""
    tight = False
    numbers: dict[int, int] = {}
    for paragraph in frame.paragraphs:
        if not (text := _text(paragraph).strip()):
            continue
        marks = {child.tag.removeprefix(_DRAWING): child for child in paragraph._p.get_or_add_pPr()}
        level = paragraph.level
        numbers = {deeper: number for deeper, number in numbers.items() if deeper <= level}
        label = ""
        if "buAutoNum" in marks:
            numbers[level] = numbers.get(level, int(marks["buAutoNum"].get("startAt", "1")) - 1) + 1
            label = f"{_number(marks['buAutoNum'].get('type', ''), numbers[level])} "
        else:
            numbers.pop(level, None)
        inherits = (bulleted or level > 0) and "buNone" not in marks
        is_item = inherits or bool(marks.keys() & {"buChar", "buAutoNum"})
        yield Element(label + text, tight=tight and is_item, kind="list_item" if is_item else "paragraph")
        tight = True


def _number(kind: str, number: int) -> str:
    """Return a number as a list of this kind shows it, such as alphaLcParenR or arabicPeriod."""
    write: Callable[[int], str] = str
    for prefix, name in _NUMBER_FORMATS.items():
        if kind.startswith(prefix):
            write = FORMATS[name]
    if kind.endswith("ParenBoth"):
        return f"({write(number)})"
    return write(number) + (")" if kind.endswith("ParenR") else "." if kind.endswith("Period") else "")


def _text(paragraph: Any) -> str:
    """Return the words of a paragraph, with formulas, superscripts and subscripts."""
    segments: list[tuple[str, str]] = []
    for node in paragraph._p.iter(_BREAK, _TEXT, FORMULA):
        if node.tag == _TEXT and not _is_in_formula(node):
            segments.append((_script(node), node.text or ""))
        elif node.tag != _TEXT:
            segments.append(("", "\n" if node.tag == _BREAK else formula_text(node)))
    text = ""
    for script, group in groupby(segments, key=lambda segment: segment[0]):
        joined = "".join(part for _, part in group)
        write = {"superscript": superscript, "subscript": subscript}.get(script)
        text += write(joined, text) if write else joined
    return text


def _is_in_formula(node: Any) -> bool:
    return any(above.tag in (FORMULA, FORMULA_PARAGRAPH) for above in node.iterancestors())


def _script(node: Any) -> str:
    properties = node.getparent().find(_PROPERTIES)
    shift = "" if properties is None else properties.get("baseline", "0").removesuffix("%")
    if not shift.lstrip("-").isdigit() or int(shift) == 0:
        return ""
    return "superscript" if int(shift) > 0 else "subscript"


def _cell(cell: Any) -> Cell:
    text = one_line(" ".join(map(_text, cell.text_frame.paragraphs)))
    return Cell(text=None if cell._tc.vMerge else text, span=min(cell.span_width, _MAX_SPAN))


def _comments(part: Any) -> Iterator[Element]:
    """Yield the comments on a slide, both of older and of newer PowerPoint, with their authors."""
    authors = _authors(part.package)
    for relation in part.rels.values():
        if relation.is_external or not relation.reltype.endswith("/comments"):
            continue
        root = parsed(relation.target_part.blob)
        for comment in root.iter("{*}cm", "{*}reply"):
            text = one_line(" ".join(node.text or "" for node in _own_texts(comment)))
            author = authors.get(comment.get("authorId", ""), "")
            if text:
                yield Element(f"Comment by {author}: {text}" if author else f"Comment: {text}")


def _own_texts(comment: Any) -> Iterator[Any]:
    """Yield the nodes with the text of a comment, without its replies."""
    for child in comment:
        if child.tag == f"{_SLIDE}text":
            yield child
        elif child.tag.endswith("}txBody"):
            yield from child.iter(_TEXT)


def _authors(package: Any) -> dict[str, str]:
    found: dict[str, str] = {}
    for relation in package.main_document_part.rels.values():
        if not relation.is_external and relation.reltype.endswith(("/commentAuthors", "/authors")):
            nodes = parsed(relation.target_part.blob).iter("{*}cmAuthor", "{*}author")
            found |= {node.get("id", ""): one_line(node.get("name", "")) for node in nodes}
    return found
