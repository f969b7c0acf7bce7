"""One text in every format that is read, made by other libraries than those that read it where there are such.

It has five parts of four facts each; a part is a page, slide, sheet's rows, chapter or cell of its own.
"""

import csv
import gzip
import io
import json
import zipfile
from collections.abc import Callable
from email.message import EmailMessage
from html import escape

import docx
import pptx
import xlsxwriter
from reportlab.lib.styles import getSampleStyleSheet
from reportlab.platypus import PageBreak, Paragraph, SimpleDocTemplate

PARTS = {
    "Green tea": [
        ("Which year was the tea house opened?", "The tea house in Lisbon was opened in 1894.", "1894"),
        ("How long does green tea steep?", "Green tea steeps for two minutes and a half.", "two minutes"),
        ("Who owns the tea garden?", "The tea garden belongs to Amelia Thornbury.", "Amelia Thornbury"),
        ("What is the kettle made of?", "The old kettle is made of hammered copper.", "copper"),
    ],
    "The lighthouse": [
        ("How tall is the lighthouse?", "The lighthouse on Skarvoy island is 41 metres tall.", "41 metres"),
        ("Who keeps the lighthouse?", "Its keeper is a retired sailor called Olaf Brekke.", "Olaf Brekke"),
        ("What colour is the beacon?", "The beacon of the lighthouse shines in red.", "red"),
        ("How often is the lamp cleaned?", "The lamp is cleaned every third Thursday.", "every third Thursday"),
    ],
    "The railway": [
        ("When did the railway reach Velden?", "The railway reached the town of Velden in 1921.", "1921"),
        ("How many bridges does the line cross?", "On its way the line crosses 17 bridges.", "17 bridges"),
        ("Which engineer planned the viaduct?", "The viaduct was planned by the engineer Ida Kessler.", "Ida Kessler"),
        ("What does a ticket cost?", "A ticket for one day costs nine crowns.", "nine crowns"),
    ],
    "The museum": [
        ("What does the museum exhibit?", "The museum exhibits clocks from four centuries.", "clocks"),
        ("On which day is the museum closed?", "The museum is closed on Mondays.", "Mondays"),
        ("Who painted the portrait in the hall?", "The portrait in the hall was painted by Rosa Lindqvist.", "Rosa"),
        ("How heavy is the bell?", "The great bell in the yard weighs three tonnes.", "three tonnes"),
    ],
    "The orchard": [
        ("Which apples grow in the orchard?", "In the orchard grow apples of the kind Bramley.", "Bramley"),
        ("How many beehives stand there?", "Under the trees stand 23 beehives.", "23 beehives"),
        ("Who sells the honey?", "The honey is sold by the brothers Castellano.", "Castellano"),
        ("When does the harvest begin?", "The harvest begins in the second week of September.", "second week"),
    ],
}
Facts = dict[str, list[str]]
FACTS: Facts = {title: [fact for _, fact, _ in part] for title, part in PARTS.items()}


def as_text(facts: Facts) -> bytes:
    return "\n\n".join(f"{title}\n\n{' '.join(part)}" for title, part in facts.items()).encode()


def as_packed_text(facts: Facts) -> bytes:
    return gzip.compress(as_text(facts))


def as_utf16(facts: Facts) -> bytes:
    return as_text(facts).decode().encode("utf-16")


def as_markdown(facts: Facts) -> bytes:
    return "\n\n".join(f"# {title}\n\n{' '.join(part)}" for title, part in facts.items()).encode()


def as_rst(facts: Facts) -> bytes:
    return "\n\n".join(f"{title}\n{'=' * len(title)}\n\n{' '.join(part)}" for title, part in facts.items()).encode()


def as_html(facts: Facts) -> bytes:
    menu = "".join(f"<li><a href='#'>{escape(title)}</a></li>" for title in facts)
    body = "".join(f"<h2>{escape(title)}</h2><p>{escape(' '.join(part))}</p>" for title, part in facts.items())
    return f"<html><body><nav><ul>{menu}</ul></nav><main>{body}</main><footer>Imprint</footer></body></html>".encode()


def as_docx(facts: Facts) -> bytes:
    made = docx.Document()
    for title, part in facts.items():
        made.add_heading(title, 1)
        made.add_paragraph(" ".join(part))
    return saved(made.save)


def as_pptx(facts: Facts) -> bytes:
    made = pptx.Presentation()
    for title, part in facts.items():
        slide = made.slides.add_slide(made.slide_layouts[1])
        slide.shapes.title.text, slide.placeholders[1].text = title, "\n".join(part)
    return saved(made.save)


def as_xlsx(facts: Facts) -> bytes:
    made = io.BytesIO()
    with xlsxwriter.Workbook(made) as book:
        sheet = book.add_worksheet("Notes")
        for number, row in enumerate(rows(facts)):
            sheet.write_row(number, 0, row)
    return made.getvalue()


def as_csv(facts: Facts) -> bytes:
    made = io.StringIO()
    csv.writer(made).writerows(rows(facts))
    return made.getvalue().encode()


def as_pdf(facts: Facts) -> bytes:
    styles, story, made = getSampleStyleSheet(), [], io.BytesIO()
    for title, part in facts.items():
        story += [Paragraph(title, styles["Heading1"]), Paragraph(" ".join(part), styles["BodyText"]), PageBreak()]
    SimpleDocTemplate(made).build(story)
    return made.getvalue()


def as_epub(facts: Facts) -> bytes:
    made = io.BytesIO()
    items = "".join(
        f'<item id="c{n}" href="c{n}.xhtml" media-type="application/xhtml+xml"/>' for n in range(len(facts))
    )
    spine = "".join(f'<itemref idref="c{n}"/>' for n in range(len(facts)))
    with zipfile.ZipFile(made, "w") as book:
        book.writestr("mimetype", "application/epub+zip")
        book.writestr(
            "META-INF/container.xml",
            '<container xmlns="urn:oasis:names:tc:opendocument:xmlns:container" version="1.0"><rootfiles>'
            '<rootfile full-path="OEBPS/book.opf" media-type="application/oebps-package+xml"/></rootfiles></container>',
        )
        book.writestr(
            "OEBPS/book.opf",
            '<package xmlns="http://www.idpf.org/2007/opf" version="3.0"><metadata/>'
            f"<manifest>{items}</manifest><spine>{spine}</spine></package>",
        )
        for number, (title, part) in enumerate(facts.items()):
            book.writestr(
                f"OEBPS/c{number}.xhtml",
                f'<html xmlns="http://www.w3.org/1999/xhtml"><head><title>{title}</title></head>'
                f"<body><h1>{title}</h1><p>{' '.join(part)}</p></body></html>",
            )
    return made.getvalue()


def as_mail(facts: Facts) -> bytes:
    made = EmailMessage()
    made["Subject"], made["From"], made["To"] = "Notes", "anna@example.org", "bert@example.org"
    made.set_content("\n\n".join(f"{title}\n\n{' '.join(part)}" for title, part in facts.items()))
    return made.as_bytes()


def as_odt(facts: Facts) -> bytes:
    names = " ".join(f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"' for name in ("office", "text"))
    body = "".join(
        f'<text:h text:outline-level="1">{title}</text:h><text:p>{" ".join(part)}</text:p>'
        for title, part in facts.items()
    )
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        content = f"<office:body><office:text>{body}</office:text></office:body>"
        archive.writestr("content.xml", f"<office:document-content {names}>{content}</office:document-content>")
    return made.getvalue()


def as_xml(facts: Facts) -> bytes:
    parts = "".join(f"<part><title>{title}</title><p>{' '.join(part)}</p></part>" for title, part in facts.items())
    return f"<notes>{parts}</notes>".encode()


def as_tex(facts: Facts) -> bytes:
    body = "".join(f"\\section{{{title}}}\n{' '.join(part)}\n\n" for title, part in facts.items())
    return f"\\documentclass{{article}}\n\\begin{{document}}\n{body}\\end{{document}}\n".encode()


def as_asciidoc(facts: Facts) -> bytes:
    return "\n\n".join(f"== {title}\n\n{' '.join(part)}" for title, part in facts.items()).encode()


def as_org(facts: Facts) -> bytes:
    return "\n\n".join(f"* {title}\n{' '.join(part)}" for title, part in facts.items()).encode()


def as_rtf(facts: Facts) -> bytes:
    body = "".join(f"{title}\\par\n\\par\n{' '.join(part)}\\par\n\\par\n" for title, part in facts.items())
    return f"{{\\rtf1\\ansi {body}}}".encode()


def as_web_archive(facts: Facts) -> bytes:
    made = EmailMessage()
    made["Subject"] = "Notes"
    made.set_content(as_html(facts).decode(), subtype="html")
    return made.as_bytes()


def as_mailbox(facts: Facts) -> bytes:
    made = b""
    for title, part in facts.items():
        message = EmailMessage()
        message["Subject"], message["From"] = title, "anna@example.org"
        message.set_content(" ".join(part))
        made += b"From anna@example.org Fri May  3 14:00:00 2024\n" + message.as_bytes() + b"\n"
    return made


def as_notebook(facts: Facts) -> bytes:
    cells = [
        {"cell_type": "markdown", "metadata": {}, "source": [f"# {title}\n", "\n", " ".join(part)]}
        for title, part in facts.items()
    ]
    return json.dumps({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}).encode()


def rows(facts: Facts) -> list[list[str]]:
    """A head, then a row for each fact."""
    return [["Subject", "Note"], *([title, fact] for title, part in facts.items() for fact in part)]


def saved(save: Callable[[io.BytesIO], None]) -> bytes:
    made = io.BytesIO()
    save(made)
    return made.getvalue()


# The file's name, what makes it, and what is numbered in it: the parts, the facts after a head, or nothing.
FORMATS: dict[str, tuple[Callable[[Facts], bytes], str]] = {
    "notes.txt": (as_text, ""),
    "notes.txt.gz": (as_packed_text, ""),
    "utf16.txt": (as_utf16, ""),
    "notes.md": (as_markdown, ""),
    "notes.rst": (as_rst, ""),
    "notes.html": (as_html, ""),
    "notes.docx": (as_docx, ""),
    "notes.pptx": (as_pptx, "slide"),
    "notes.xlsx": (as_xlsx, "row"),
    "notes.csv": (as_csv, "row"),
    "notes.pdf": (as_pdf, "page"),
    "notes.epub": (as_epub, "chapter"),
    "notes.eml": (as_mail, ""),
    "notes.ipynb": (as_notebook, "cell"),
    "notes.odt": (as_odt, ""),
    "notes.xml": (as_xml, ""),
    "notes.tex": (as_tex, ""),
    "notes.adoc": (as_asciidoc, ""),
    "notes.org": (as_org, ""),
    "notes.rtf": (as_rtf, ""),
    "notes.mhtml": (as_web_archive, ""),
    "notes.mbox": (as_mailbox, "message"),
}
