"""Check office files as archives, then open them with python-docx and python-pptx.

Both libraries parse without entities and without huge trees.
"""

from collections.abc import Iterator
from io import BytesIO

import pptx
from docx.opc.part import PartFactory
from docx.package import Package
from docx.parts.document import DocumentPart

from index.errors import ReadingError
from index.ingest.limits import Limits
from index.ingest.readers.archive import guard, open_office
from index.ingest.readers.elements import Element
from index.ingest.readers.office.docx import word_elements
from index.ingest.readers.office.pptx import slide_elements

# A document with macros, whose name alone keeps the library from opening it; nothing is run.
PartFactory.part_type_for["application/vnd.ms-word.document.macroEnabled.main+xml"] = DocumentPart


def read_docx(content: bytes, limits: Limits) -> Iterator[Element]:
    """Yield the headings, paragraphs, list items, table rows, notes and text boxes of a document. It has no pages."""
    return guard(_docx(content, limits), limits, "pages")


def read_pptx(content: bytes, limits: Limits) -> Iterator[Element]:
    """Yield the titles, texts, table rows and notes of the visible slides; `page` is the slide's number."""
    return guard(_pptx(content, limits), limits, "slides")


def _docx(content: bytes, limits: Limits) -> Iterator[Element]:
    open_office(content, limits, ".docx").close()
    part = Package.open(BytesIO(content)).main_document_part
    if not isinstance(part, DocumentPart):
        raise ReadingError("is not a Word document: correct its file name suffix.")
    yield from word_elements(part.document)


def _pptx(content: bytes, limits: Limits) -> Iterator[Element]:
    open_office(content, limits, ".pptx").close()
    yield from slide_elements(pptx.Presentation(BytesIO(content)))
