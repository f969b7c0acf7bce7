"""Read what a PDF file says about itself."""

import re

from index.ingest.readers.pdf.reader import opened

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
