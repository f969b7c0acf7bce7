"""Make Word and PowerPoint files, also by their XML."""

import zipfile
from collections.abc import Callable
from io import BytesIO
from typing import Any

import docx
import pptx
from docx.oxml import parse_xml
from pptx.util import Inches

WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
MATH = "http://schemas.openxmlformats.org/officeDocument/2006/math"
DRAWING = "http://schemas.openxmlformats.org/drawingml/2006/main"
CHART = "http://schemas.openxmlformats.org/drawingml/2006/chart"


def saved(file: Any) -> bytes:
    """The bytes of a file that python-docx or python-pptx has made."""
    stream = BytesIO()
    file.save(stream)
    return stream.getvalue()


def with_part(content: bytes, changes: dict[str, Callable[[str], str]]) -> bytes:
    """The same archive with some of its parts changed or added."""
    stream = BytesIO()
    with zipfile.ZipFile(BytesIO(content)) as source, zipfile.ZipFile(stream, "w") as target:
        for name in {*source.namelist(), *changes}:
            before = (
                source.read(name).decode("utf-8", "replace") if name in changes and name in source.namelist() else ""
            )
            target.writestr(name, changes[name](before) if name in changes else source.read(name))
    return stream.getvalue()


def with_related(content: bytes, name: str, kind: str, xml: str) -> bytes:
    """A document with one more part, to which its main part refers by rId99."""
    relation = f'<Relationship Id="rId99" Type="{OFFICE}/{kind}" Target="{name}"/></Relationships>'
    changes: dict[str, Callable[[str], str]] = {
        f"word/{name}": lambda _: xml,
        "word/_rels/document.xml.rels": lambda rels: rels.replace("</Relationships>", relation),
    }
    return with_part(content, changes)


def document(body: str) -> bytes:
    """A document whose body is this XML."""
    names = (
        f'xmlns:w="{WORD}" xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" xmlns:m="{MATH}" '
        f'xmlns:r="{OFFICE}" xmlns:a="{DRAWING}" xmlns:c="{CHART}" '
        'xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"'
    )
    file = docx.Document()
    old = file.element.body
    old.getparent().replace(old, parse_xml(f"<w:body {names}>{body}</w:body>"))
    return saved(file)


def paragraph(text: str, properties: str = "") -> str:
    return f"<w:p><w:pPr>{properties}</w:pPr><w:r><w:t>{text}</w:t></w:r></w:p>"


def table(*rows: list[str]) -> str:
    return "<w:tbl>" + "".join(f"<w:tr>{''.join(cells)}</w:tr>" for cells in rows) + "</w:tbl>"


def cell(text: str, properties: str = "") -> str:
    return f"<w:tc><w:tcPr>{properties}</w:tcPr>{paragraph(text)}</w:tc>"


def run(text: str, properties: str = "") -> str:
    return f'<w:r><w:rPr>{properties}</w:rPr><w:t xml:space="preserve">{text}</w:t></w:r>'


def deck(*slides: Callable[[Any], None]) -> bytes:
    """A deck of slides of a title and content, each filled by a function."""
    file = pptx.Presentation()
    for fill in slides:
        fill(file.slides.add_slide(file.slide_layouts[1]))
    return saved(file)


def titled(text: str) -> Callable[[Any], None]:
    """What fills a slide with a title only."""

    def fill(slide: Any) -> None:
        slide.shapes.title.text = text

    return fill


def box(slide: Any, text: str, left: float, top: float) -> None:
    """Add a text box; lengths are inches."""
    slide.shapes.add_textbox(Inches(left), Inches(top), Inches(1), Inches(1)).text_frame.text = text
