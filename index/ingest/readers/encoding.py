"""Decode the bytes of a text file: Unicode by its mark or by trying, else the most likely code page.

UTF-8 is decoded as it is, byte order mark and line ends included, so that anyone can check positions in the file.
"""

import codecs

from charset_normalizer import from_bytes

from index.errors import ReadingError

_MARKS = {
    codecs.BOM_UTF8: "utf-8",
    codecs.BOM_UTF32_LE: "utf-32",
    codecs.BOM_UTF32_BE: "utf-32",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
}
_COMMONEST = "cp1252"
_SAMPLE_BYTES = 2**16
_MAX_CONTROLS = 0.02


def decode(content: bytes) -> str:
    """Decode the text of a file.

    Raises:
        ReadingError: the bytes are not text.

    >>> decode("Café".encode("utf-16"))
    'Café'
    """
    encoding = next((name for mark, name in _MARKS.items() if content.startswith(mark)), None)
    text = _tried(content, encoding or "utf-8")
    if text is None and encoding is None:
        text = _tried(content, _likeliest(content[:_SAMPLE_BYTES]))
        text = None if text and _is_binary(text[:_SAMPLE_BYTES]) else text
    if text is None or "\0" in text:
        raise ReadingError("is not text: save it as UTF-8 text, or leave it out.")
    return text


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
