"""Read what was added to a PDF page: filled form fields, typed text, and comments with their authors."""

import ctypes
import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial

import pypdfium2
import pypdfium2.raw as pdfium

from index.ingest.readers.elements import Element
from index.ingest.readers.pdf.layout import Row, Run

_UNSEEN = pdfium.FPDF_ANNOT_FLAG_HIDDEN | pdfium.FPDF_ANNOT_FLAG_NOVIEW
_PASSWORD = 1 << 13  # the flag of a text field whose value is a secret
_COMMENTED = frozenset(
    (
        pdfium.FPDF_ANNOT_TEXT,
        pdfium.FPDF_ANNOT_LINE,
        pdfium.FPDF_ANNOT_SQUARE,
        pdfium.FPDF_ANNOT_CIRCLE,
        pdfium.FPDF_ANNOT_POLYGON,
        pdfium.FPDF_ANNOT_POLYLINE,
        pdfium.FPDF_ANNOT_STAMP,
        pdfium.FPDF_ANNOT_CARET,
        pdfium.FPDF_ANNOT_INK,
        pdfium.FPDF_ANNOT_FILEATTACHMENT,
    )
)
_MARKED = frozenset(
    (
        pdfium.FPDF_ANNOT_HIGHLIGHT,
        pdfium.FPDF_ANNOT_UNDERLINE,
        pdfium.FPDF_ANNOT_SQUIGGLY,
        pdfium.FPDF_ANNOT_STRIKEOUT,
    )
)
_TEXT_FIELDS = frozenset(
    (
        pdfium.FPDF_FORMFIELD_TEXTFIELD,
        pdfium.FPDF_FORMFIELD_COMBOBOX,
        pdfium.FPDF_FORMFIELD_LISTBOX,
    )
)
_BUTTONS = frozenset((pdfium.FPDF_FORMFIELD_CHECKBOX, pdfium.FPDF_FORMFIELD_RADIOBUTTON))
_TAG = re.compile(r"<[^>]*>")
_LINE = re.compile(r"[_.…]{3,}")
_REACH_BEFORE, _REACH_AFTER = 150.0, 40.0  # points
_MAX_ANNOTATIONS = 5_000
_MAX_QUOTED = 300
_MAX_OPTIONS = 1_000


class Annotations:
    """Reads the annotations of a document's pages; a field that is on several pages is read once."""

    def __init__(self, document: pypdfium2.PdfDocument) -> None:
        try:
            document.init_forms()
        except pypdfium2.PdfiumError:  # the text can be read without them
            self._form = None
        else:
            self._form = document.formenv.raw if document.formenv else None
        self._read: set[tuple[str, str]] = set()

    @property
    def has_fields(self) -> bool:
        """Say whether a field with a value was read."""
        return bool(self._read)

    def of_page(self, page: pypdfium2.PdfPage, rows: Sequence[Row], number: int) -> list[Element]:
        """Return the fields, the typed text and the comments of a page; its `rows` name the fields."""
        found = []
        for position in range(min(pdfium.FPDFPage_GetAnnotCount(page.raw), _MAX_ANNOTATIONS)):
            with _opened(page, position) as annotation:
                text = self._text(annotation, page, rows) if annotation else ""
            if text:
                found.append(Element(text, page=number))
        return found

    def _text(self, annotation: pdfium.FPDF_ANNOTATION, page: pypdfium2.PdfPage, rows: Sequence[Row]) -> str:
        if pdfium.FPDFAnnot_GetFlags(annotation) & _UNSEEN:
            return ""
        kind = pdfium.FPDFAnnot_GetSubtype(annotation)
        if kind == pdfium.FPDF_ANNOT_WIDGET:
            return self._field(annotation, rows) if self._form else ""
        contents = _entry(annotation, "Contents") or " ".join(_TAG.sub(" ", _entry(annotation, "RC")).split())
        if kind == pdfium.FPDF_ANNOT_FREETEXT or not contents:
            return contents
        if kind not in _COMMENTED | _MARKED:
            return ""
        author = _entry(annotation, "T")
        by = f"Comment by {author}" if author else "Comment"
        marked = _marked(annotation, page) if kind in _MARKED else ""
        return f"{by} on “{marked}”: {contents}" if marked and marked != contents else f"{by}: {contents}"

    def _field(self, annotation: pdfium.FPDF_ANNOTATION, rows: Sequence[Row]) -> str:
        """Return a form field as "name: value"; nothing if it is not filled in."""
        kind = pdfium.FPDFAnnot_GetFormFieldType(self._form, annotation)
        name = self._string(pdfium.FPDFAnnot_GetFormFieldName, annotation)
        shown = self._string(pdfium.FPDFAnnot_GetFormFieldAlternateName, annotation) or _words(name)
        label, value = "", ""
        if kind in _TEXT_FIELDS:
            label, value = _label(annotation, rows, before=True) or shown, self._value(annotation)
        elif kind in _BUTTONS and pdfium.FPDFAnnot_IsChecked(self._form, annotation):
            label, value = _label(annotation, rows, before=False) or shown, "yes"
            if kind == pdfium.FPDF_FORMFIELD_RADIOBUTTON:
                export = self._string(pdfium.FPDFAnnot_GetFormFieldExportValue, annotation)
                label, value = shown, label if label != shown else export
        if not value or (name, value) in self._read:
            return ""
        self._read.add((name, value))
        return f"{label.rstrip(': ')}: {value}" if label else value

    def _value(self, annotation: pdfium.FPDF_ANNOTATION) -> str:
        """Return what a field was filled with, or the options that are chosen; nothing if it is a password."""
        if pdfium.FPDFAnnot_GetFormFieldFlags(self._form, annotation) & _PASSWORD:
            return ""
        return self._chosen(annotation) or self._string(pdfium.FPDFAnnot_GetFormFieldValue, annotation)

    def _chosen(self, annotation: pdfium.FPDF_ANNOTATION) -> str:
        """Return the labels of the options that are chosen in a list."""
        count = min(pdfium.FPDFAnnot_GetOptionCount(self._form, annotation), _MAX_OPTIONS)
        labels = [
            _utf16(partial(pdfium.FPDFAnnot_GetOptionLabel, self._form, annotation, at))
            for at in range(count)
            if pdfium.FPDFAnnot_IsOptionSelected(self._form, annotation, at)
        ]
        return ", ".join(filter(None, labels))

    def _string(self, function: Callable[..., int], annotation: pdfium.FPDF_ANNOTATION) -> str:
        return _utf16(partial(function, self._form, annotation))


@contextmanager
def _opened(page: pypdfium2.PdfPage, position: int) -> Iterator[pdfium.FPDF_ANNOTATION | None]:
    annotation = pdfium.FPDFPage_GetAnnot(page.raw, position)
    try:
        yield annotation or None
    finally:
        if annotation:
            pdfium.FPDFPage_CloseAnnot(annotation)


def _entry(annotation: pdfium.FPDF_ANNOTATION, key: str) -> str:
    return _utf16(partial(pdfium.FPDFAnnot_GetStringValue, annotation, key.encode()))


def _utf16(call: Callable[[object, int], int]) -> str:
    """Return the text that one of PDFium's functions writes into a buffer, on one line."""
    size = call(None, 0)
    if size <= 2:
        return ""
    buffer = ctypes.create_string_buffer(size)
    call(ctypes.cast(buffer, ctypes.POINTER(ctypes.c_ushort)), size)
    return " ".join(buffer.raw[: size - 2].decode("utf-16-le", "ignore").replace("\0", " ").split())


def _rectangle(annotation: pdfium.FPDF_ANNOTATION) -> pdfium.FS_RECTF:
    box = pdfium.FS_RECTF()
    pdfium.FPDFAnnot_GetRect(annotation, box)
    return box


def _marked(annotation: pdfium.FPDF_ANNOTATION, page: pypdfium2.PdfPage) -> str:
    """Return the text that a highlight covers, cut after some words."""
    text, quad = [], pdfium.FS_QUADPOINTSF()
    letters = page.get_textpage()
    for number in range(min(pdfium.FPDFAnnot_CountAttachmentPoints(annotation), 20)):
        if pdfium.FPDFAnnot_GetAttachmentPoints(annotation, number, quad):
            left, right = min(quad.x1, quad.x3), max(quad.x2, quad.x4)
            bottom, top = min(quad.y1, quad.y3), max(quad.y1, quad.y3)
            text.append(letters.get_text_bounded(left, bottom, right, top))
    covered = " ".join(" ".join(text).split())
    return covered if len(covered) <= _MAX_QUOTED else covered[:_MAX_QUOTED].rsplit(" ", 1)[0] + "…"


def _label(annotation: pdfium.FPDF_ANNOTATION, rows: Sequence[Row], before: bool) -> str:
    """Return the text of the page that names a field: beside it (`before` it, or after a box), or else above it."""
    box = _rectangle(annotation)
    cells = [cell for row in rows for cell in row.runs]
    left, right = _neighbours(box, cells)
    if not before and right and right.left - box.right < _REACH_AFTER:
        return right.text
    if left and box.left - left.right < _REACH_BEFORE:
        return _until(left, box.left)
    above = min([cell for cell in cells if _is_above(cell, box)], key=lambda cell: cell.base, default=None)
    return above.text if above else ""


def _neighbours(box: pdfium.FS_RECTF, cells: Sequence[Run]) -> tuple[Run | None, Run | None]:
    """Return the nearest text to the left and to the right of a field, on its lines."""
    beside = [cell for cell in cells if box.bottom - 4 <= cell.base <= box.top]
    left = [cell for cell in beside if cell.left < box.left - 2]
    right = [cell for cell in beside if cell.left > box.right - 4]
    return (
        max(left, key=lambda cell: cell.right, default=None),
        min(right, key=lambda cell: cell.left, default=None),
    )


def _is_above(cell: Run, box: pdfium.FS_RECTF) -> bool:
    return bool(0 <= cell.base - box.top < 1.5 * cell.size and cell.left < box.right and cell.right > box.left)


def _until(cell: Run, edge: float) -> str:
    """Return the text of a run up to an edge, without the line on which a field stands."""
    share = min((edge - cell.left) / max(cell.right - cell.left, 1.0), 1.0)
    text = cell.text if share >= 1 else cell.text[: round(share * len(cell.text))]
    return _LINE.split(text.strip(" _.…"))[-1].strip()


def _words(name: str) -> str:
    """Return a field's name as words: the last part of `form1.page1.first_name`."""
    return name.split(".")[-1].split("[")[0].replace("_", " ").strip()
