"""Read Rich Text Format (.rtf)."""

from collections.abc import Iterator

from striprtf.striprtf import rtf_to_text

from index.errors import ReadingError
from index.ingest.limits import Limits
from index.ingest.readers.archive import guard
from index.ingest.readers.elements import Element
from index.ingest.readers.parts import block_elements
from index.ingest.readers.plaintext import read_plaintext


def read_rtf(content: bytes, limits: Limits) -> Iterator[Element]:
    """Yield the paragraphs and table rows of a text; its headings are recognised by their shape, as in plain text."""
    return guard(_elements(content), limits, "pages")


def _elements(content: bytes) -> Iterator[Element]:
    if not content.lstrip().startswith(b"{\\rtf"):
        raise ReadingError("is not a text in Rich Text Format: correct its file name suffix.")
    text = str(rtf_to_text(content.decode("latin-1"), errors="replace"))  # type: ignore[no-untyped-call]
    if not text.strip():
        raise ReadingError("holds no text that can be read: save it as .docx.")
    rows = [line.strip().rstrip("|") for line in text.split("\n")]
    spaced = "\n\n".join(row.replace("|", " | ") for row in rows if row.strip())
    yield from block_elements(spaced, read_plaintext(spaced))
