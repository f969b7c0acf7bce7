"""Decode the bytes of a text file: Unicode by its mark or by trying, else the most likely code page.

UTF-8 is decoded as it is, byte order mark and line ends included, so that anyone can check positions in the file.
"""

import codecs

from charset_normalizer import from_bytes

from index.errors import ReadingError

_BYTE_ORDER_MARKS = {
    codecs.BOM_UTF8: "utf-8",
    codecs.BOM_UTF32_LE: "utf-32",
    codecs.BOM_UTF32_BE: "utf-32",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
}
_ESCAPES = {b"\x1b$)C": "iso2022_kr", b"\x1b$B": "iso2022_jp_2", b"\x1b$@": "iso2022_jp_2"}
_COMMONEST = "cp1252"
_SAMPLE_BYTES = 2**16
_MAX_CONTROLS = 0.02
_MIN_ZEROS = 0.3  # of every second byte, in UTF-16 without a mark; a text has blanks and line ends, whatever its script
_MAX_ZEROS = 0.02  # of the others


def decode(content: bytes) -> str:
    """Decode the text of a file.

    Raises:
        ReadingError: the bytes are not text.

    >>> decode("Café".encode("utf-16")), decode("Tea and milk".encode("utf-16-le"))
    ('Café', 'Tea and milk')
    """
    mark = next((name for mark, name in _BYTE_ORDER_MARKS.items() if content.startswith(mark)), None)
    encoding = mark or _without_mark(content[:_SAMPLE_BYTES]) or _with_escapes(content[:_SAMPLE_BYTES])
    text = _tried(content, encoding or "utf-8")
    if text is None and encoding is None:
        text = _tried(content, _likeliest(content[:_SAMPLE_BYTES]))
        text = None if text and _is_binary(text[:_SAMPLE_BYTES]) else text
    if text is None or "\0" in text:
        raise ReadingError("is not text: save it as UTF-8 text, or leave it out.")
    return text


def is_utf16(content: bytes) -> bool:
    """Say whether bytes are text in UTF-16, with a mark or without."""
    marked = content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    return marked or _without_mark(content[:_SAMPLE_BYTES]) in ("utf-16-le", "utf-16-be")


def _without_mark(sample: bytes) -> str | None:
    """Return the form of UTF-16 or UTF-32 that bytes without a mark have, by where their zero bytes stand."""
    if len(sample) < 4 or 0 not in sample:
        return None
    zeros = [sample[start::4].count(0) / max(1, len(sample) // 4) for start in range(4)]
    if min(zeros[2], zeros[3]) > 0.9 and zeros[0] < _MAX_ZEROS:
        return "utf-32-le"
    if min(zeros[0], zeros[1]) > 0.9 and zeros[3] < _MAX_ZEROS:
        return "utf-32-be"
    even, odd = (zeros[0] + zeros[2]) / 2, (zeros[1] + zeros[3]) / 2
    if odd >= _MIN_ZEROS and even <= _MAX_ZEROS:
        return "utf-16-le"
    if even >= _MIN_ZEROS and odd <= _MAX_ZEROS:
        return "utf-16-be"
    return None


def _with_escapes(sample: bytes) -> str | None:
    """Return the encoding of bytes that switch between alphabets by escape sequences, as old mail in Japanese does."""
    return next((encoding for escape, encoding in _ESCAPES.items() if escape in sample), None) if 27 in sample else None


def _tried(content: bytes, encoding: str) -> str | None:
    try:
        return content.decode(encoding)
    except (UnicodeDecodeError, LookupError):
        return None


def _likeliest(content: bytes) -> str:
    """Return the code page that fits best; of several that fit equally well, the most common one."""
    found = from_bytes(content)
    best = found.best()
    if best is None:
        return "utf-8"
    alike = {match.encoding for match in found if (match.chaos, match.coherence) == (best.chaos, best.coherence)}
    return _COMMONEST if _COMMONEST in alike else best.encoding


def _is_binary(text: str) -> bool:
    return sum(character < " " and not character.isspace() for character in text) > _MAX_CONTROLS * len(text)
