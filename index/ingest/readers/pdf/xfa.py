"""Read the values of an XFA form, which a PDF file may have in place of fields on its pages."""

import ctypes
from collections.abc import Iterator

import pypdfium2
import pypdfium2.raw as pdfium
from lxml import etree

_DATASETS = b"datasets"
_MAX_BYTES = 20_000_000
_MAX_VALUES = 5_000


def xfa_values(document: pypdfium2.PdfDocument) -> Iterator[str]:
    """Yield the values that an XFA form was filled with as "name: value"."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, recover=True)
    for position in range(max(pdfium.FPDF_GetXFAPacketCount(document.raw), 0)):
        if _name(document, position) == _DATASETS:
            root = etree.fromstring(_content(document, position), parser)
            yield from list(_values(root))[:_MAX_VALUES]


def _values(root: etree._Element | None) -> Iterator[str]:
    data = root.find("{*}data") if root is not None else None
    for node in data.iter("*") if data is not None else ():
        value = " ".join((node.text or "").split())
        if value and len(node) == 0:
            yield f"{etree.QName(node).localname.replace('_', ' ')}: {value}"


def _name(document: pypdfium2.PdfDocument, position: int) -> bytes:
    buffer = ctypes.create_string_buffer(256)
    pdfium.FPDF_GetXFAPacketName(document.raw, position, buffer, 256)
    return buffer.value


def _content(document: pypdfium2.PdfDocument, position: int) -> bytes:
    size = ctypes.c_ulong()
    pdfium.FPDF_GetXFAPacketContent(document.raw, position, None, 0, size)
    length = min(size.value, _MAX_BYTES)
    buffer = ctypes.create_string_buffer(max(length, 1))
    pdfium.FPDF_GetXFAPacketContent(document.raw, position, buffer, length, size)
    return buffer.raw[:length] or b"<empty/>"
