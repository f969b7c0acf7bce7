"""Files that cost far more to read than their size suggests, or that try to reach outside themselves."""

import base64
import bz2
import gzip
import io
import random
import tarfile
import zipfile
from collections.abc import Callable, Iterator

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
ENTITIES = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 10))
LAUGHS = f'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY e0 "ha">{ENTITIES}]><a>&e9;</a>'
LETTERS = str.maketrans("0123456789", "ghijklmnop")
OUTSIDE = '<?xml version="1.0"?><!DOCTYPE a [<!ENTITY e SYSTEM "file:///etc/passwd">]><a>&e;</a>'


def packed(parts: dict[str, str | bytes]) -> bytes:
    """Return a ZIP archive of the parts."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return made.getvalue()


def tarred(parts: dict[str, bytes], **headers: str) -> bytes:
    """Return a packed TAR archive of the parts, each with these headers."""
    made = io.BytesIO()
    with tarfile.open(fileobj=made, mode="w:gz", compresslevel=1, format=tarfile.PAX_FORMAT) as archive:
        for name, content in parts.items():
            entry = tarfile.TarInfo(name)
            entry.size, entry.pax_headers = len(content), headers
            archive.addfile(entry, io.BytesIO(content))
    return made.getvalue()


def docx(body: str, **more: str) -> bytes:
    """Return a Word document with this XML in its body, and more parts by their names."""
    target = f'Type="{OFFICE}/officeDocument" Target="word/document.xml"'
    kind = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
    return packed(
        {
            "[Content_Types].xml": f'<Types xmlns="{PACKAGE}/content-types"><Default Extension="xml" '
            f'ContentType="application/xml"/><Default Extension="rels" '
            f'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
            f'<Override PartName="/word/document.xml" ContentType="{kind}"/></Types>',
            "_rels/.rels": f'<Relationships xmlns="{PACKAGE}/relationships">'
            f'<Relationship Id="r" {target}/></Relationships>',
            "word/document.xml": f'<w:document xmlns:w="{W}"><w:body>{body}</w:body></w:document>',
            **more,
        }
    )


def xlsx(rows: str, **more: str) -> bytes:
    """Return a workbook with these rows on its one sheet."""
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    return packed(
        {
            "[Content_Types].xml": f'<Types xmlns="{PACKAGE}/content-types"><Default Extension="xml" '
            f'ContentType="application/xml"/><Default Extension="rels" '
            f'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
            f'<Override PartName="/xl/workbook.xml" ContentType="{kind}.sheet.main+xml"/>'
            f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{kind}.worksheet+xml"/></Types>',
            "_rels/.rels": f'<Relationships xmlns="{PACKAGE}/relationships"><Relationship Id="r" '
            f'Type="{OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
            "xl/workbook.xml": f'<workbook xmlns="{main}" xmlns:r="{OFFICE}"><sheets>'
            f'<sheet name="S" sheetId="1" r:id="r"/></sheets></workbook>',
            "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{PACKAGE}/relationships"><Relationship Id="r" '
            f'Type="{OFFICE}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>',
            "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{main}">{rows}</worksheet>',
            **more,
        }
    )


def pdf(objects: list[bytes]) -> bytes:
    """Return a PDF of the objects. The first is its catalog."""
    made, places = bytearray(b"%PDF-1.7\n"), []
    for number, content in enumerate(objects, 1):
        places.append(len(made))
        made += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    start = len(made)
    made += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    made += b"".join(b"%010d 00000 n \n" % place for place in places)
    return bytes(made) + b"trailer\n<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF" % (len(objects) + 1, start)


def pdf_of(content: bytes, resources: bytes = b"", *more: bytes) -> bytes:
    """Return a PDF of one page that draws this content."""
    return pdf(
        [
            b"<</Type/Catalog/Pages 2 0 R>>",
            b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
            b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/Contents 4 0 R/Resources<<%s>>>>" % resources,
            b"<</Length %d>>stream\n%s\nendstream" % (len(content), content),
            *more,
        ]
    )


def nested_forms() -> bytes:
    """Return a PDF in which each of 24 forms draws the next ten times."""
    form = b"<</Type/XObject/Subtype/Form/BBox[0 0 9 9]/Resources<</XObject<</F %d 0 R>>>>/Length %d>>"
    form += b"stream\n%s\nendstream"
    forms = [form % (6 + n, 50, b"/F Do " * 8 + b"q Q") for n in range(24)]
    return pdf_of(b"/F Do", b"/XObject<</F 5 0 R>>", *forms, form % (5, 0, b""))


def mail(body: str, headers: str = "") -> bytes:
    """Return a message with this body."""
    return f"From: a@b.example\nSubject: Tea\n{headers}\n{body}".encode()


def words(count: int) -> Iterator[str]:
    """Yield so many different words."""
    return (f"w{number:x}z" for number in range(count))


HOSTILE: dict[str, Callable[[], bytes]] = {
    "abbreviations.txt": lambda: b"e.g. " * 200_000,
    "address.txt": lambda: b"http://a.example/" + b"x/" * 2_000_000,
    "base64.txt": lambda: base64.encodebytes(random.Random(7).randbytes(3_000_000)),
    "carriage_returns.txt": lambda: b"\r" * 10_000_000,
    "chinese.txt": lambda: "茶".encode() * 1_500_000,
    "dashes.txt": lambda: "—".encode() * 5_000_000,
    "distinct_words.txt": lambda: " ".join(words(1_000_000)).encode(),
    "distinct_letters.txt": lambda: " ".join(words(400_000)).translate(LETTERS).encode(),
    "ellipses.txt": lambda: b"a... " * 300_000,
    "emoji.txt": lambda: "tea 🍵 ".encode() * 300_000,
    "emoji.docx": lambda: docx("<w:p><w:r><w:t>" + "🍵" * 12_000_000 + "</w:t></w:r></w:p>"),
    "paragraphs.txt": lambda: b"a\n\n" * 5_000_000,
    "hebrew.txt": lambda: "שלום ".encode() * 200_000,
    "marks.txt": lambda: b"a" + "\u0301".encode() * 5_000_000,
    "newlines.txt": lambda: b"tea" + b"\n" * 10_000_000,
    "numbers.txt": lambda: b"1.1.1." * 700_000,
    "one_word.txt": lambda: b"a" * 30_000_000,
    "parentheses.txt": lambda: b"(" * 3_000_000,
    "surrogates.txt": lambda: b"\xed\xa0\x80" * 100_000 + b" tea",
    "underlines.txt": lambda: b"tea\n===\n" * 450_000,
    "utf16.txt": lambda: "Tea is brewed for four minutes. ".encode("utf-16-le") * 10,
    "minified.py": lambda: b"x=1;" * 5_000_000,
    "brackets.md": lambda: b"[" * 1_000_000 + b"](" * 500_000,
    "headings.md": lambda: b"# a\n" * 500_000,
    "hashes.md": lambda: b"#" * 5_000_000,
    "pipes.md": lambda: b"|" * 5_000_000,
    "quotes.md": lambda: b">" * 1_000_000,
    "stars.md": lambda: b"*a " * 1_000_000,
    "list.md": lambda: b"".join(b" " * (2 * n) + b"- a\n" for n in range(1_500)),
    "columns.csv": lambda: b",".join(b"c%d" % n for n in range(100_000)) + b"\n" + b"1," * 100_000,
    "commas.csv": lambda: b"," * 40_000_000,
    "open_quote.csv": lambda: b'a,b\n1,"' + b"tea " * 2_500_000,
    "nul.csv": lambda: b"a,b\0\n1,2",
    "attributes.html": lambda: b"<p " + b" ".join(b"a%d=1" % n for n in range(1_000_000)) + b">tea",
    "deep.html": lambda: b"<div>" * 1_000_000 + b"tea",
    "items.html": lambda: b"<li>a" * 300_000,
    "spans.html": lambda: b"<table><tr><td colspan=1000 rowspan=65000>tea" * 100,
    "less_than.html": lambda: b"<p>tea " + b"< " * 5_000_000,
    "laughs.xml": LAUGHS.encode,
    "outside.xml": OUTSIDE.encode,
    "deep.json": lambda: b"[" * 1_000_000,
    "digits.json": lambda: b'{"a": ' + b"9" * 1_000_000 + b"}",
    "aliases.yaml": lambda: (
        "a0: &a0 [tea]\n" + "".join(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]\n" for n in range(1, 10))
    ).encode(),
    "deep.toml": lambda: b"a = " + b"[" * 100_000,
    "deep.ipynb": lambda: b'{"cells": ' + b"[" * 100_000,
    "cells.ipynb": lambda: b'{"cells": [' + b",".join([b'{"cell_type":"markdown","source":"a"}'] * 200_000) + b"]}",
    "runs.docx": lambda: docx("<w:p>" + "<w:r><w:t>a </w:t></w:r>" * 1_000_000 + "</w:p>"),
    "long.docx": lambda: docx("<w:p><w:r><w:t>" + "a" * 300_000_000 + "</w:t></w:r></w:p>"),
    "tables.docx": lambda: docx("<w:tbl><w:tr><w:tc>" * 300 + "<w:p/>" + "</w:tc></w:tr></w:tbl>" * 300),
    "traversal.docx": lambda: docx("<w:p/>", **{"../../../tmp/escape.xml": "<a/>"}),
    "macosx.docx": lambda: docx("<w:p><w:r><w:t>Tea.</w:t></w:r></w:p>", **{"__MACOSX/._document.xml": "\0\5\26\7"}),
    "far.xlsx": lambda: xlsx(
        '<sheetData><row r="1"><c r="A1"><v>1</v></c><c r="XFD1"><v>2</v></c></row>'
        + '<row r="1048576"><c r="XFD1048576"><v>3</v></c></row></sheetData>'
    ),
    "merged.xlsx": lambda: xlsx(
        '<sheetData><row r="1"><c r="A1"><v>1</v></c></row></sheetData><mergeCells count="1">'
        '<mergeCell ref="A1:XFD1048576"/></mergeCells>'
    ),
    "rows.xlsx": lambda: xlsx("<sheetData>" + "".join(f'<row r="{n}"/>' for n in range(1, 1_000_001)) + "</sheetData>"),
    "reference.xlsx": lambda: xlsx('<sheetData><row r="1"><c r="ZZZZZZZ1"><v>1</v></c></row></sheetData>'),
    "parts.eml": lambda: mail("--b\n\na\n" * 100_000, "MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=b\n"),
    "nested.eml": lambda: (b"Content-Type: message/rfc822\n\n" * 10_000) + b"tea",
    "headers.eml": lambda: mail("tea", "X-A: b\n" * 600_000),
    "header.eml": lambda: mail("tea", "X-A: " + "b" * 30_000_000 + "\n"),
    "quotes.eml": lambda: mail(">" * 450_000),
    "gzip_bomb.txt.gz": lambda: gzip.compress(b"tea " * 100_000_000),
    "gzip_twice.txt.gz": lambda: gzip.compress(gzip.compress(b"tea")),
    "bz2_bomb.tar.bz2": lambda: bz2.compress(bytes(600_000_000)),
    "bomb.zip": lambda: packed({f"{n}.txt": bytes(100_000_000) for n in range(10)}),
    "bomb.tgz": lambda: tarred({"a.txt": bytes(300_000_000), "b.txt": bytes(300_000_000)}),
    "header.tgz": lambda: tarred({"a.txt": b"tea"}, comment="x" * 300_000_000),
    "many.zip": lambda: packed({f"{n}.txt": b"a" for n in range(60_000)}),
    "traversal.zip": lambda: packed({"../../escape.txt": "Tea leaves.", "/etc/escape.txt": "Tea leaves."}),
    "zips.zip": lambda: packed({"a.zip": packed({"b.zip": packed({"c.zip": packed({"d.txt": b"tea " * 9})})})}),
    "chapters.epub": lambda: packed(
        {
            "META-INF/container.xml": '<container xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles>'
            '<rootfile full-path="a.opf"/></rootfiles></container>',
            "a.opf": '<package xmlns="http://www.idpf.org/2007/opf"><manifest>'
            + "".join(f'<item id="c{n}" href="../../../etc/passwd" media-type="text/html"/>' for n in range(9_000))
            + "</manifest><spine>"
            + "".join(f'<itemref idref="c{n}"/>' for n in range(9_000))
            + "</spine></package>",
        }
    ),
    "forms.pdf": nested_forms,
    "saves.pdf": lambda: pdf_of(b"q " * 1_000_000),
    "glyphs.pdf": lambda: pdf_of(
        b"BT /F 9 Tf 9 9 Td " + b"(a) Tj 1 0 Td " * 300_000 + b"ET",
        b"/Font<</F<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>>>",
    ),
    "pages.pdf": lambda: pdf(
        [
            b"<</Type/Catalog/Pages 2 0 R>>",
            b"<</Type/Pages/Kids[" + b"3 0 R " * 90_000 + b"]/Count 90000>>",
            b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>",
        ]
    ),
    "tree.pdf": lambda: pdf([b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids[2 0 R]/Count 9>>"]),
    "rtf.rtf": lambda: b"{\\rtf1 " + b"{" * 500_000 + b"tea",
    "times.srt": lambda: b"1\n00:00:01,000 --> 00:00:02,000\na\n\n" * 300_000,
}
