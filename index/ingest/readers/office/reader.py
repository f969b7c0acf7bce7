"""Check office files as archives, then open them with python-docx and python-pptx.

Both libraries parse without entities and without huge trees.
"""

from collections.abc import Iterator
from io import BytesIO

from docx.opc.part import PartFactory
from docx.package import Package
from docx.parts.document import DocumentPart
from pptx.package import Package as SlidesPackage
from pptx.parts.presentation import PresentationPart

from index.errors import ReadingError
from index.ingest.limits import Limits
from index.ingest.readers.archive import guard, office_file
from index.ingest.readers.elements import Element
from index.ingest.readers.office.docx import word_elements
from index.ingest.readers.office.pptx import slide_elements

# Documents with macros and templates, which the library does not open by their type alone. No macro is run.
for _name in (
    "application/vnd.ms-word.document.macroEnabled.main+xml",
    "application/vnd.ms-word.template.macroEnabledTemplate.main+xml",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.template.main+xml",
):
    PartFactory.part_type_for[_name] = DocumentPart


def read_docx(content: bytes, limits: Limits) -> Iterator[Element]:
    """Yield the headings, paragraphs, list items, table rows, notes and text boxes of a document. It has no pages."""
    return guard(_docx(content, limits), limits, "pages")


def read_pptx(content: bytes, limits: Limits) -> Iterator[Element]:
    """Yield the titles, texts, table rows and notes of the visible slides; `page` is the slide's number."""
    return guard(_pptx(content, limits), limits, "slides")


def _docx(content: bytes, limits: Limits) -> Iterator[Element]:
    part = Package.open(BytesIO(office_file(content, limits, ".docx"))).main_document_part
    if not isinstance(part, DocumentPart):
        raise ReadingError("is not a Word document: correct its file name suffix.")
    yield from word_elements(part.document, limits.ocr)


def _pptx(content: bytes, limits: Limits) -> Iterator[Element]:
    part = SlidesPackage.open(BytesIO(office_file(content, limits, ".pptx"))).main_document_part
    if not isinstance(part, PresentationPart):
        raise ReadingError("is not a PowerPoint file: correct its file name suffix.")
    yield from slide_elements(part.presentation, limits.ocr)
