import io
import zipfile

import pytest

from index.errors import ReadingError
from index.ingest.limits import Limits
from index.ingest.readers.elements import Element
from index.ingest.readers.epub import read_epub

CONTAINER = '<container xmlns="urn:x"><rootfiles><rootfile full-path="OEBPS/book.opf"/></rootfiles></container>'
XHTML = '<?xml version="1.0"?><!DOCTYPE html><html xmlns="http://www.w3.org/1999/xhtml"><head><title/></head><body>{}</body></html>'


TYPES = {".svg": "image/svg+xml", ".jpg": "image/jpeg"}


def chapter(body):
    return XHTML.format(body)


def package(items, order, title="Teas"):
    manifest = "".join(
        f'<item id="{name}" href="{href}" media-type="{TYPES.get(href[-4:], "application/xhtml+xml")}" {more}/>'
        for name, href, more in items
    )
    spine = "".join(f'<itemref idref="{name}"/>' for name in order)
    return (
        '<package xmlns="http://www.idpf.org/2007/opf" xmlns:dc="http://purl.org/dc/elements/1.1/">'
        f"<metadata><dc:title>{title}</dc:title></metadata><manifest>{manifest}</manifest><spine>{spine}</spine></package>"
    )


def book(files, items=(("a", "a.xhtml", ""), ("b", "text/b%20b.xhtml", "")), order=("a", "b")):
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", "application/epub+zip")
        for name, text in {
            "META-INF/container.xml": CONTAINER,
            "OEBPS/book.opf": package(items, order),
            **files,
        }.items():
            archive.writestr(name, text)
    return made.getvalue()


GREEN = {"OEBPS/a.xhtml": chapter("<h1>Green</h1><p>Steep it.</p>")}
BLACK = {"OEBPS/text/b b.xhtml": chapter("<h1>Black</h1><ul><li>Boil it.</li></ul>")}


def read(content, limits=None):
    return list(read_epub(content, limits or Limits()))


def test_chapters_are_read_in_the_order_of_the_book():
    assert read(book({**BLACK, **GREEN})) == [
        Element("Teas", level=1),
        Element("Green", level=1, page=1),
        Element("Steep it.", page=1),
        Element("Black", level=1, page=2),
        Element("Boil it.", page=2, tight=True, kind="list_item"),
    ]
    assert [element.page for element in read(book({**GREEN, **BLACK}, order=("b", "a")))] == [None, 1, 1, 2, 2]


def test_a_cover_without_text_counts_and_is_not_read_and_so_is_a_table_of_contents():
    items = (("cover", "cover.xhtml", ""), ("nav", "nav.xhtml", 'properties="nav"'), ("a", "a.xhtml", ""))
    files = {"OEBPS/cover.xhtml": chapter("<img src='x.jpg'/>"), "OEBPS/nav.xhtml": chapter("<ol><li>Green</li></ol>")}
    assert read(book({**files, **GREEN}, items, ("cover", "nav", "a"))) == [
        Element("Teas", level=1),
        Element("Green", level=1, page=3),
        Element("Steep it.", page=3),
    ]


def test_a_missing_chapter_is_passed_over():
    assert [element.text for element in read(book(BLACK))] == ["Teas", "Black", "Boil it."]


def test_a_path_out_of_the_book_leads_nowhere():
    items = (("a", "a.xhtml", ""), ("b", "../../../etc/hostname", ""))
    assert [element.text for element in read(book(GREEN, items))] == ["Teas", "Green", "Steep it."]


def test_a_chapter_that_comes_twice_is_read_once():
    assert [element.page for element in read(book(GREEN, order=("a", "a", "a")))] == [None, 1, 1]


def encryption(path):
    reference = f'<d><e:CipherReference xmlns:e="urn:e" URI="{path}"/></d>'
    return {"META-INF/encryption.xml": f"<encryption>{reference}</encryption>"}


def test_a_protected_book_is_said():
    with pytest.raises(ReadingError, match="is protected: get a copy of the book without copy protection"):
        read(book({**GREEN, **encryption("OEBPS/a.xhtml")}))


def test_a_hidden_font_is_no_protection():
    assert [element.text for element in read(book({**GREEN, **encryption("OEBPS/x.otf")}))] == [
        "Teas",
        "Green",
        "Steep it.",
    ]


def test_a_book_without_chapters_is_damaged():
    with pytest.raises(ReadingError, match=r"is damaged \(it holds none of its chapters\): save it again"):
        read(book({}))


def test_an_archive_that_is_no_book_is_damaged():
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        archive.writestr("a.txt", "x")
    with pytest.raises(ReadingError, match=r"is damaged \(it has no table of what it holds\): save it again"):
        read(made.getvalue())


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 no archive", book(GREEN)[:-30]])
def test_bytes_that_are_no_archive_are_damaged(content):
    with pytest.raises(ReadingError, match=r"is damaged \(.*\): save it again"):
        read(content)


def test_a_bomb_is_not_unpacked():
    with pytest.raises(ReadingError, match="unpacks to more than 1,000,000 bytes: split it"):
        read(book({"OEBPS/a.xhtml": "x" * 2_000_000}), Limits(unpacked_bytes=1_000_000))


def test_more_chapters_than_the_limit_are_an_error():
    with pytest.raises(ReadingError, match="has more than 1 chapters: split it"):
        read(book({**GREEN, **BLACK}), Limits(pages=1))


def test_a_broken_chapter_is_read_as_far_as_it_goes():
    assert [element.text for element in read(book({"OEBPS/a.xhtml": "<p>One<p>two & <b>three"}))] == [
        "Teas",
        "One",
        "two & three",
    ]


def test_text_in_drawings_and_drawn_pages_are_read():
    names = 'xmlns="http://www.w3.org/2000/svg"'
    drawing = f"<svg {names}><text>By the <tspan>lake</tspan></text><path d='M0'/></svg>"
    page = f'<html xmlns="http://www.w3.org/1999/xhtml"><body><p>Tea.</p>{drawing}</body></html>'
    files = {"OEBPS/a.xhtml": page, "OEBPS/b.svg": f"<svg {names}><title>The end</title></svg>"}
    items = (("a", "a.xhtml", ""), ("b", "b.svg", ""))
    found = read(book(files, items))
    assert [element.text for element in found] == ["Teas", "Tea.", "By the lake", "The end"]


def test_a_book_of_pictures_is_refused_with_the_right_reason():
    with pytest.raises(ReadingError, match=r"^holds no text, only pictures: it cannot be read\.$"):
        read(book({"OEBPS/a.jpg": "x"}, (("a", "a.jpg", ""),), ("a",)))
