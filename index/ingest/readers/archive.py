"""Check untrusted archives as a whole before anything is read from them."""

import gzip
import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import replace
from io import BytesIO
from xml.parsers import expat

from index.errors import ReadingError
from index.ingest.limits import MEGABYTE, Limits
from index.ingest.readers.bugs import raise_bug
from index.ingest.readers.elements import Element

_OLE_MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_OLD_STREAMS = ("WordDocument", "PowerPoint Document", "Workbook")
_STRICT = b"purl.oclc.org/ooxml"
_STRICT_NAME = re.compile(rb"http://purl\.oclc\.org/ooxml/(\w+)/([\w/]+)")
_MEMBER_MAGIC = b"PK\1\2"
_MAX_MEMBERS = 10_000
_CHUNK = 2**16
_ADDRESS = re.compile(r"'?<[^<>]* at 0x\w+>'?")
# Zero-width characters, direction marks and controls are not seen; half characters cannot be stored.
_UNSEEN = [0x200B, 0x2060, 0xFEFF, 0xAD, *range(0x200E, 0x2010), *range(0x202A, 0x202F), *range(0x2066, 0x206A)]
_CONTROLS = [code for code in (*range(0x20), *range(0x7F, 0xA0)) if chr(code) not in "\t\n\r\x85"]
_SEEN = dict.fromkeys([*_UNSEEN, *_CONTROLS]) | dict.fromkeys(range(0xD800, 0xE000), "\ufffd")


class _PrologEnds(Exception):
    """The first element begins; no entity can be declared after it."""


def open_zip(content: bytes, limits: Limits) -> zipfile.ZipFile:
    """Open an archive that has been read to its end once, is sound and within the limits.

    Raises: ReadingError where it is not so.
    """
    if content.count(_MEMBER_MAGIC) > _MAX_MEMBERS:
        raise ReadingError(f"holds more than {_MAX_MEMBERS:,} files: split it.")
    try:
        archive = zipfile.ZipFile(BytesIO(content))
        members = archive.infolist()
        _check_size(sum(member.file_size for member in members), limits)
        unpacked = 0
        for member in members:
            for size in _read_through(archive, member):
                unpacked += size
                _check_size(unpacked, limits)
    except ReadingError:
        raise
    except Exception as error:  # zipfile raises whatever the bytes lead it to
        raise damage(error) from error
    return archive


def _not_an_archive(content: bytes, suffix: str) -> ReadingError:
    """Return why an OLE compound file is not read: it holds an encrypted office file, or one of an old program."""
    if "EncryptedPackage".encode("utf-16-le") in content:
        return ReadingError("is encrypted: save it without a password.")
    if any(name.encode("utf-16-le") in content for name in _OLD_STREAMS):
        return ReadingError(f"is in the old binary format: change its suffix to {suffix[:-1]}.")
    return ReadingError(f"is encrypted or in the old binary format: save it as {suffix} without a password.")


def office_file(content: bytes, limits: Limits, suffix: str) -> bytes:
    """Check an office file that should end in `suffix`, and return it in the usual (Transitional) form.

    Raises:
        ReadingError: it is damaged, too large, encrypted, in the old binary format, or its XML declares entities.
    """
    if content.startswith(_OLE_MAGIC):
        raise _not_an_archive(content, suffix)
    with open_zip(content, limits) as archive:
        for name in archive.namelist():
            if _is_xml(name):
                with archive.open(name) as stream:
                    _check_prolog(stream.read(_CHUNK))
        is_strict = "_rels/.rels" in archive.namelist() and _STRICT in archive.read("_rels/.rels")
        return _transitional(archive) if is_strict else content


def _is_xml(name: str) -> bool:
    return name.lower().endswith((".xml", ".rels")) and not name.startswith("__MACOSX/")


def _transitional(archive: zipfile.ZipFile) -> bytes:
    """Rename the namespaces of the Strict form, which the libraries do not know. Nothing else differs in its text."""
    converted = BytesIO()
    with zipfile.ZipFile(converted, "w", zipfile.ZIP_DEFLATED) as target:
        for name in archive.namelist():
            part = archive.read(name)
            target.writestr(name, _STRICT_NAME.sub(_transitional_name, part) if _is_xml(name) else part)
    return converted.getvalue()


def _transitional_name(match: re.Match[bytes]) -> bytes:
    rest = match[2].replace(b"extendedProperties", b"extended-properties")
    rest = rest.replace(b"customProperties", b"custom-properties")
    return b"http://schemas.openxmlformats.org/" + match[1] + b"/2006/" + rest


def guard(elements: Iterator[Element], limits: Limits, unit: str) -> Iterator[Element]:
    """Yield the same elements without invisible characters, up to the limits.

    Any other error of a reader becomes a ReadingError that calls the file damaged.
    """
    characters, pages, page = 0, 0, None
    while True:
        try:
            element = next(elements)
        except StopIteration:
            return
        except (ReadingError, MemoryError):
            raise
        except Exception as error:  # libraries raise whatever a broken file leads them to
            raise damage(error) from error
        text = element.text.translate(_SEEN)
        characters += len(text)
        pages += element.page is not None and element.page != page
        page = element.page
        if pages > limits.pages:
            raise ReadingError(f"has more than {limits.pages:,} {unit}: split it.")
        if characters > limits.characters:
            raise ReadingError(f"has more than {limits.characters:,} characters of text: split it.")
        yield replace(element, text=text)


def gunzip(content: bytes, limits: Limits) -> bytes:
    """Unpack a gzip file in chunks, so that a bomb is noticed before it fills the memory.

    Raises:
        ReadingError: it is damaged, or unpacks to more than a file may have.
    """
    unpacked, max_bytes = BytesIO(), limits.file_bytes
    try:
        with gzip.open(BytesIO(content)) as file:
            while chunk := file.read(_CHUNK):
                unpacked.write(chunk)
                if unpacked.tell() > max_bytes:
                    raise ReadingError(f"unpacks to more than {max_bytes // MEGABYTE} MB: split it.")
    except (OSError, EOFError, zlib.error) as error:
        raise damage(error) from error
    return unpacked.getvalue()


def damage(error: Exception) -> ReadingError:
    """Make the error that calls a file damaged, with the first line of the reason. A bug is raised again as it is."""
    raise_bug(error)
    reason = _ADDRESS.sub("it", str(error).strip().split("\n")[0])[:100].rstrip(" .:") or type(error).__name__
    return ReadingError(f"is damaged ({reason}): save it again.")


def _check_size(size: int, limits: Limits) -> None:
    if size > limits.unpacked_bytes:
        raise ReadingError(f"unpacks to more than {limits.unpacked_bytes:,} bytes: split it.")


def _read_through(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> Iterator[int]:
    """Yield the sizes of a member's chunks; its checksum is compared at its end."""
    if member.flag_bits & 1:
        raise ReadingError("is encrypted: save it without a password.")
    if member.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise ReadingError(
            "uses an unusual compression method: save it again."
        )  # the others can ask for any memory at once
    with archive.open(member) as stream:
        while chunk := stream.read(_CHUNK):
            yield len(chunk)


def _check_prolog(start: bytes) -> None:
    """Raise a ReadingError if a document type is declared before the first element, in any encoding."""

    def refuse(*_: object) -> None:
        raise ReadingError("declares a document type in its XML, as no office program does: save it again.")

    def stop(*_: object) -> None:
        raise _PrologEnds

    parser = expat.ParserCreate()
    parser.StartDoctypeDeclHandler = refuse
    parser.StartElementHandler = stop
    try:
        parser.Parse(start)
    except _PrologEnds:
        return
    if start:
        raise ReadingError("is damaged (a part of it is not XML): save it again.")
