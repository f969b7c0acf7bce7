import io
import struct
import zipfile
from io import BytesIO

import pytest
from support.legacy_office import compound

from index.errors import ReadingError
from index.ingest.limits import Limits
from index.ingest.readers.archive import damage, guard, office_file, open_zip
from index.ingest.readers.elements import Element

BOMB = '<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "tea">]><a>&b;</a>'


def packed(members, compression=zipfile.ZIP_DEFLATED):
    stream = BytesIO()
    with zipfile.ZipFile(stream, "w", compression) as archive:
        for name, text in members.items():
            archive.writestr(name, text)
    return stream.getvalue()


def test_a_sound_archive_is_opened():
    archive = open_zip(packed({"a.xml": "<a>tea</a>", "b.png": b"\x89PNG", "empty.xml": ""}), Limits())
    assert archive.read("a.xml") == b"<a>tea</a>"


def test_sizes_are_taken_together_and_refused_above_the_limit():
    content = packed({"a": "x" * 600, "b": "x" * 600})
    assert open_zip(content, Limits(unpacked_bytes=1200)).namelist() == ["a", "b"]
    with pytest.raises(ReadingError, match=r"^unpacks to more than 1,199 bytes: split it\.$"):
        open_zip(content, Limits(unpacked_bytes=1199))


def test_a_member_that_understates_its_size_is_damage():
    content = packed({"a": "x" * 100_000})
    lying = content.replace(struct.pack("<L", 100_000), struct.pack("<L", 10))
    with pytest.raises(ReadingError, match=r"^is damaged \(Bad CRC-32 for file 'a'\): save it again\.$"):
        open_zip(lying, Limits(unpacked_bytes=1000))


def test_an_archive_of_too_many_members_is_refused_before_it_is_opened():
    with pytest.raises(ReadingError, match=r"^holds more than 10,000 files: split it\.$"):
        open_zip(b"PK\1\2" * 10_001, Limits())


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "latin-1"])
@pytest.mark.parametrize("name", ["word/document.xml", "_rels/.rels", "A.XML"])
def test_a_document_type_is_refused_in_every_encoding(name, encoding):
    with pytest.raises(ReadingError, match=r"^declares a document type in its XML"):
        office_file(packed({name: BOMB.encode(encoding)}), Limits(), ".docx")


def test_a_document_type_behind_a_long_comment_is_refused():
    with pytest.raises(ReadingError, match=r"^is damaged \(a part of it is not XML\)"):
        office_file(packed({"a.xml": "<!--" + "x" * 100_000 + "-->" + BOMB[21:]}), Limits(), ".docx")


def test_a_document_type_that_is_spoken_of_is_none():
    assert office_file(
        packed({"a.xml": "<a>&lt;!DOCTYPE a></a>", "page.html": "<!DOCTYPE html>", "__MACOSX/._a.xml": "\0\5"}),
        Limits(),
        ".docx",
    )


def test_what_is_no_archive_is_damage():
    with pytest.raises(ReadingError, match=r"^is damaged \(File is not a zip file\): save it again\.$"):
        open_zip(b"tea", Limits())
    with pytest.raises(ReadingError, match=r"^is damaged \(.+\): save it again\.$"):
        office_file(packed({"a.xml": "tea"}), Limits(), ".docx")


def test_a_flipped_bit_is_damage():
    content = packed({"a": "tea" * 10}, zipfile.ZIP_STORED).replace(b"teatea", b"teaTea")
    with pytest.raises(ReadingError, match=r"^is damaged \(Bad CRC-32 for file 'a'\)"):
        open_zip(content, Limits())


def test_an_encrypted_member_is_said():
    content = bytearray(packed({"a": "tea"}))
    for magic, offset in ((b"PK\3\4", 6), (b"PK\1\2", 8)):
        content[content.index(magic) + offset] |= 1
    with pytest.raises(ReadingError, match=r"^is encrypted: save it without a password\.$"):
        open_zip(bytes(content), Limits())


@pytest.mark.parametrize("compression", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_unusual_compression_is_refused(compression):
    with pytest.raises(ReadingError, match=r"^uses an unusual compression method: save it again\.$"):
        open_zip(packed({"a": "tea"}, compression), Limits())


def test_an_old_office_file_is_refused_and_a_strict_one_is_converted():
    content = packed({"_rels/.rels": "<a/>"})
    assert office_file(content, Limits(), ".docx") == content
    message = r"^is encrypted or in the old binary format: save it as \.docx without a password\.$"
    with pytest.raises(ReadingError, match=message):
        office_file(bytes.fromhex("D0CF11E0A1B11AE1") + bytes(600), Limits(), ".docx")
    with pytest.raises(ReadingError, match=r"^is in the old binary format: change its suffix to \.doc\.$"):
        office_file(compound({"WordDocument": b""}), Limits(), ".docx")
    with pytest.raises(ReadingError, match=r"^is encrypted: save it without a password\.$"):
        office_file(compound({"EncryptedPackage": b""}), Limits(), ".docx")
    strict = packed(
        {"_rels/.rels": '<a b="http://purl.oclc.org/ooxml/officeDocument/relationships/extendedProperties"/>'}
    )
    with zipfile.ZipFile(io.BytesIO(office_file(strict, Limits(), ".xlsx"))) as archive:
        usual = b"http://schemas.openxmlformats.org/officeDocument/2006/relationships/extended-properties"
        assert archive.read("_rels/.rels") == b'<a b="' + usual + b'"/>'


def test_pieces_are_handed_on_up_to_the_limits():
    elements = [Element("tea", page=1), Element("milk", page=1), Element("rum", page=2)]
    assert list(guard(iter(elements), Limits(pages=2, characters=10), "slides")) == elements
    with pytest.raises(ReadingError, match=r"^has more than 1 slides: split it\.$"):
        list(guard(iter(elements), Limits(pages=1), "slides"))
    with pytest.raises(ReadingError, match=r"^has more than 9 characters of text: split it\.$"):
        list(guard(iter(elements), Limits(characters=9), "slides"))


@pytest.mark.parametrize("error", [KeyError("word/document.xml"), RecursionError(), ValueError("a\nb")])
def test_whatever_is_raised_between_pieces_is_damage(error):
    def elements():
        yield Element("tea")
        raise error

    guarded = guard(elements(), Limits(), "slides")
    assert next(guarded) == Element("tea")
    with pytest.raises(ReadingError, match=r"^is damaged \(('word/document.xml'|RecursionError|a)\): save it again\.$"):
        next(guarded)


def test_damage_is_said_without_an_address_in_memory():
    assert str(damage(ValueError(f"file '{object()}' is not a Word file"))) == (
        "is damaged (file it is not a Word file): save it again."
    )


def test_what_is_raised_by_who_takes_the_pieces_is_left_alone():
    guarded = guard(iter([Element("tea"), Element("milk")]), Limits(), "slides")
    next(guarded)
    with pytest.raises(KeyError, match="mine"):
        guarded.throw(KeyError("mine"))


def test_characters_that_are_not_seen_are_left_out():
    unseen = "\u200btea\xad\u202e and\0 \ufeffmilk\u2069\ud800\tو\u200cن"
    assert [element.text for element in guard(iter([Element(unseen)]), Limits(), "slides")] == [
        "tea and milk\ufffd\tو\u200cن"
    ]
