"""Read what a PDF file says about itself."""

import re

from pypdfium2 import PdfDocument

from index.ingest.readers.pdf.reader import opened

MAX_LABEL = 20
_PAGE = re.compile(r"(?:pages?|pg\.?|pp?\.|seite|página|pagina)\s*(?=\d|[ivxlc]+$)", re.IGNORECASE)
_DATE = re.compile(r"(?:D:)?(\d{4})(\d\d)(\d\d)")


def pdf_dates(content: bytes) -> list[str]:
    """Return the dates on which a PDF file was made and last changed, as YYYY-MM-DD.

    Raises:
        ReadingError: the file is encrypted or damaged.
    """
    document = opened(content)
    try:
        texts = [document.get_metadata_value(key) for key in ("CreationDate", "ModDate")]
    finally:
        document.close()
    return ["-".join(found.groups()) for found in map(_DATE.match, texts) if found]


def page_labels(content: bytes) -> tuple[str, ...]:
    """Return the number printed on each page, as the file gives it; nothing if it gives none but the pages' own.

    Raises:
        ReadingError: the file is encrypted or damaged.
    """
    document = opened(content)
    try:
        labels = tuple(_label(document, number) for number in range(len(document)))
    finally:
        document.close()
    differ = any(label not in ("", str(number)) for number, label in enumerate(labels, 1))
    return labels if differ else ()


def _label(document: PdfDocument, position: int) -> str:
    label = " ".join("".join(filter(str.isprintable, document.get_page_label(position))).split())
    if word := _PAGE.match(label):
        label = label[word.end() :]
    return label if len(label) <= MAX_LABEL else ""
