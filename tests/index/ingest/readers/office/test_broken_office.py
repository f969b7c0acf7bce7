import pytest
from support.office import deck, document, titled, with_part

from index.errors import ReadingError
from index.ingest.limits import Limits
from index.ingest.readers.office.reader import read_docx, read_pptx

DAMAGED = r"^is damaged \(.+\): save it again\.$"


READERS = [
    (read_docx, "word/document.xml", document("<w:p/>")),
    (read_pptx, "ppt/presentation.xml", deck(titled("Tea"))),
]


@pytest.mark.parametrize(("reader", "part", "content"), READERS)
def test_what_is_broken_is_damage(reader, part, content):
    broken = [lambda xml: xml[:-30], lambda xml: "<a/>", lambda xml: ""]
    for bad in (b"", b"tea", content[:-30], *(with_part(content, {part: change}) for change in broken)):
        with pytest.raises(ReadingError, match=DAMAGED):
            list(reader(bad, Limits()))


@pytest.mark.parametrize(("reader", "part", "content"), READERS)
def test_entities_bombs_and_passwords_are_refused(reader, part, content):
    declared = with_part(content, {part: lambda xml: '<!DOCTYPE a [<!ENTITY b "c">]>' + xml[xml.index("?>") + 2 :]})
    with pytest.raises(ReadingError, match=r"^declares a document type in its XML"):
        list(reader(declared, Limits()))
    with pytest.raises(ReadingError, match=r"^unpacks to more than 10,000 bytes: split it\.$"):
        list(reader(content, Limits(unpacked_bytes=10_000)))
    with pytest.raises(
        ReadingError, match=r"^is encrypted or in the old binary format: save it as \.(docx|pptx) without"
    ):
        list(reader(bytes.fromhex("D0CF11E0A1B11AE1") + bytes(600), Limits()))


def test_elements_within_elements_without_end_are_damage():
    deep = "<w:sdt>" * 300 + "</w:sdt>" * 300
    content = with_part(document("<w:p/>"), {"word/document.xml": lambda xml: xml.replace("<w:p/>", deep)})
    with pytest.raises(ReadingError, match=DAMAGED):
        list(read_docx(content, Limits()))
