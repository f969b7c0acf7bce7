import io

import pytest
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.pdfgen.canvas import Canvas
from support.elements import left_out, with_text

from index.errors import ReadingError
from index.ingest.limits import Limits
from index.ingest.readers.elements import Element
from index.ingest.readers.pdf.reader import read_pdf

STORY = (
    "Tea has been drunk for a very long time in",
    "many places. It came to Europe late, and the",
    "first ships that carried it were small.",
)
WIDE = (
    "The kettle is filled with fresh water that is cold, and it",
    "is heated slowly until it boils. The leaves wait in the",
    "pot. They are covered with water, and then they steep.",
)


def pdf(*pages, draw=None, **options):
    """A file with a page for each list of (left, base, text) or (left, base, text, size, font)."""
    buffer = io.BytesIO()
    canvas = Canvas(buffer, pagesize=(400, 400), invariant=1, **options)
    for number, page in enumerate(pages, 1):
        for left, base, text, *style in page:
            size, font = (*style, 10, "Helvetica")[:2] if len(style) != 1 else (style[0], "Helvetica")
            canvas.setFont(font, size)
            canvas.drawString(left, base, text)
        if draw:
            draw(canvas, number)
        canvas.showPage()
    canvas.save()
    return buffer.getvalue()


def lines(texts, left=50, top=340, leading=12):
    return [(left, top - place * leading, text) for place, text in enumerate(texts)]


def read(content, **limits):
    return with_text(read_pdf(content, Limits(**limits)))


def test_lines_are_joined_to_a_paragraph_under_its_heading():
    content = pdf([(50, 360, "A History of Tea", 20), *lines(STORY)])
    assert read(content) == [Element("A History of Tea", level=1, page=1), Element(" ".join(STORY), page=1)]


def test_a_bold_line_is_a_heading_and_bold_words_are_not():
    page = [(50, 360, "Early days", 10, "Helvetica-Bold"), *lines(STORY), (50, 290, "Late", 10, "Helvetica-Bold")]
    assert read(pdf([*page, (73, 290, "ships were large and fast."), *lines(WIDE, top=260)])) == [
        Element("Early days", level=3, page=1),
        Element(" ".join(STORY), page=1),
        Element("Late ships were large and fast.", page=1),
        Element(" ".join(WIDE), page=1),
    ]


def test_the_outline_tells_the_level_of_a_heading():
    def outline(canvas, number):
        for level, title in enumerate(("Tea", "Early Days")):
            canvas.bookmarkPage(title)
            canvas.addOutlineEntry(title, title, level)

    content = pdf([(50, 370, "1 Tea", 12), (50, 355, "1.1 Early Days"), *lines(STORY)], draw=outline)
    assert read(content) == [
        Element("1 Tea", level=1, page=1),
        Element("1.1 Early Days", level=2, page=1),
        Element(" ".join(STORY), page=1),
    ]


def test_an_outline_that_lists_paragraphs_is_left_aside():
    def outline(canvas, number):
        for title in ("Tea", "Water is heated until it boils;", "The leaves wait in the pot."):
            canvas.bookmarkPage(title)
            canvas.addOutlineEntry(title, title, 0)

    texts = ("Water is heated until it boils;", "The leaves wait in the pot.")
    content = pdf([*[(50, 360 - 30 * at, text) for at, text in enumerate(texts)], *lines(WIDE, top=280)], draw=outline)
    assert [element.level for element in read(content)] == [0, 0, 0]


@pytest.mark.parametrize("by_line", [False, True])
def test_two_columns_are_read_one_after_the_other(by_line):
    left = [(*line, 8) for line in lines((*STORY, "They took almost a whole year to sail"), 20)]
    right = [(*line, 8) for line in lines(("from Canton to London.", *STORY), 220)]
    drawn = [line for pair in zip(left, right, strict=True) for line in pair] if by_line else left + right
    assert read(pdf([(20, 365, "A title that stands over both of the columns", 16), *drawn])) == [
        Element("A title that stands over both of the columns", level=1, page=1),
        Element(" ".join(STORY), page=1),
        Element("They took almost a whole year to sail from Canton to London.", page=1),
        Element(" ".join(STORY), page=1),
    ]


def test_the_cells_of_a_table_stand_in_a_row():
    table = [
        (left, base, text)
        for base, row in ((250, ("Kind", "Minutes", "Milk")), (235, ("Green", "2", "no")), (220, ("Black", "5", "yes")))
        for left, text in zip((50, 150, 250), row, strict=True)
    ]
    assert read(pdf([*lines(STORY), *table])) == [
        Element(" ".join(STORY), page=1),
        Element("Kind: Green; Minutes: 2; Milk: no.", page=1, kind="table_row"),
        Element("Kind: Black; Minutes: 5; Milk: yes.", page=1, tight=True, kind="table_row"),
    ]


def test_the_items_of_a_list_go_with_what_stands_above_and_lose_their_bullets():
    page = [(50, 300, "What is needed:"), (60, 285, "\u2022 fresh water that has been heated slowly and long")]
    page += [(68, 273, "enough, in a kettle"), (60, 258, "\u2022 milk"), (60, 243, "2. sugar")]
    assert read(pdf([*lines(WIDE), *page])) == [
        Element(" ".join(WIDE), page=1),
        Element("What is needed:", page=1, tight=False),
        Element(
            "fresh water that has been heated slowly and long enough, in a kettle", page=1, tight=True, kind="list_item"
        ),
        Element("milk", page=1, tight=True, kind="list_item"),
        Element("2. sugar", page=1, tight=True, kind="list_item"),
    ]


def test_heads_and_feet_that_recur_and_page_numbers_are_left_out():
    pages = [
        [(50, 385, "The Tea Board"), (50, 20, f"Page {number} of 3"), *lines([f"Chapter {name} is short."])]
        for number, name in ((1, "one"), (2, "two"), (3, "three"))
    ]
    assert read(pdf(*pages)) == [
        Element("The Tea Board", page=1),
        Element("Chapter one is short.", page=1),
        Element("Chapter two is short.", page=2),
        Element("Chapter three is short.", page=3),
    ]
    assert left_out(read_pdf(pdf(*pages), Limits())) == {"header or footer line": 5}


def test_a_numbered_heading_on_each_page_stays():
    pages = [
        [(50, 360, f"{number}. {name}", 14), *lines([*STORY, f"The clause of {name.lower()} ends here."])]
        for number, name in enumerate(("Scope", "Payment", "Termination"), 1)
    ]
    headings = [element for element in read(pdf(*pages)) if element.level]
    assert headings == [
        Element(f"{number}. {name}", level=2, page=number)
        for number, name in enumerate(("Scope", "Payment", "Termination"), 1)
    ]


def test_a_name_in_the_middle_of_several_columns_is_part_of_their_names():
    columns, bold = (50, 120, 180, 250, 310), (10, "Helvetica-Bold")
    table = [(150, 340, "2023", *bold), (280, 340, "2022", *bold)]
    names = ("Zone", "Sales", "Costs", "Sales", "Costs")
    rows = [names, ("North", "12", "34", "56", "78"), ("South", "1", "2", "3", "4")]
    for place, row in enumerate(rows):
        style = bold if place == 0 else (10, "Helvetica")
        table += [(left, 326 - 14 * place, text, *style) for left, text in zip(columns, row, strict=True)]
    assert [element.text for element in read(pdf(table))] == [
        "Zone: North; 2023 Sales: 12; 2023 Costs: 34; 2022 Sales: 56; 2022 Costs: 78.",
        "Zone: South; 2023 Sales: 1; 2023 Costs: 2; 2022 Sales: 3; 2022 Costs: 4.",
    ]


def test_a_bold_first_row_names_columns_of_words():
    rows = [("Site", "Manager", "City"), ("North", "Anna", "Bern"), ("South", "Ben", "Basel")]
    table = [
        (left, 340 - 14 * place, text, 10, "Helvetica-Bold" if place == 0 else "Helvetica")
        for place, row in enumerate(rows)
        for left, text in zip((50, 150, 250), row, strict=True)
    ]
    assert [element.text for element in read(pdf(table))] == [
        "Site: North; Manager: Anna; City: Bern.",
        "Site: South; Manager: Ben; City: Basel.",
    ]


def test_a_table_keeps_empty_cells_in_their_columns():
    rows = (
        ("Item", "Hours", "Rate", "Cost"),
        ("Labour", "2", "45", "90"),
        ("Towing", "3", "", "70"),
        ("Parts", "", "", "8"),
    )
    page = [
        (left, 300 - 15 * place, text)
        for place, row in enumerate(rows)
        for left, text in zip((50, 120, 190, 260), row, strict=True)
        if text
    ]
    assert [element.text for element in read(pdf(page))] == [
        "Item: Labour; Hours: 2; Rate: 45; Cost: 90.",
        "Item: Towing; Hours: 3; Cost: 70.",
        "Item: Parts; Cost: 8.",
    ]


def test_a_table_without_names_keeps_its_empty_cells_too():
    rows = (("2019", "4", "5", "6"), ("2020", "7", "", "8"))
    page = [
        (left, 300 - 15 * place, text)
        for place, row in enumerate(rows)
        for left, text in zip((50, 120, 190, 260), row, strict=True)
        if text
    ]
    assert [element.text for element in read(pdf(page))] == ["2019 | 4 | 5 | 6", "2020 | 7 | | 8"]


def test_a_table_whose_columns_are_drawn_one_by_one_is_read_in_rows():
    columns = (
        ("Town", "Bern", "Thun", "Olten"),
        ("Closed", "03/25/2016", "08/29/2015", "09/02/2015"),
        ("Staff", "150", "137", "72"),
    )
    page = [
        (left, 300 - 15 * place, text)
        for left, column in zip((50, 150, 250), columns, strict=True)
        for place, text in enumerate(column)
    ]
    assert [element.text for element in read(pdf(page))] == [
        "Town: Bern; Closed: 03/25/2016; Staff: 150.",
        "Town: Thun; Closed: 08/29/2015; Staff: 137.",
        "Town: Olten; Closed: 09/02/2015; Staff: 72.",
    ]


def test_words_in_columns_get_no_names():
    page = [(50, 300, "Anna Gerber"), (200, 300, "Ben Huber"), (50, 285, "Chair"), (200, 285, "Clerk")]
    assert [element.text for element in read(pdf(page))] == ["Anna Gerber | Ben Huber", "Chair | Clerk"]


def test_leader_dots_part_a_word_from_its_value():
    page = lines(["Entrance fees", "Adults ............ 18", "Pupils ............ 9", "Families .......... 40"])
    assert [element.text for element in read(pdf(page))] == [
        "Entrance fees",
        "Adults | 18",
        "Pupils | 9",
        "Families | 40",
    ]


def test_raised_letters_stay_letters_and_small_print_beside_a_large_word_keeps_its_blanks():
    def draw(canvas, number):
        text = canvas.beginText(50, 300)
        for part, size, rise in (
            ("The 22", 12, 0),
            ("nd", 7, 5),
            (" amendment, 10", 12, 0),
            ("6", 7, 5),
            (" units", 12, 0),
        ):
            text.setFont("Helvetica", size)
            text.setRise(rise)
            text.textOut(part)
        canvas.drawText(text)
        canvas.setFont("Helvetica", 30)
        canvas.drawString(50, 200, "1040")
        canvas.setFont("Helvetica", 8)
        canvas.drawString(119, 210, "Department of the Treasury and Internal Revenue")

    assert [element.text for element in read(pdf([], draw=draw))] == [
        "The 22nd amendment, 10\u2076 units",
        "1040 Department of the Treasury and Internal Revenue",
    ]


def test_accents_that_are_set_apart_are_put_on_their_letters():
    page = [(50, 300, "B"), (56.7, 300, "\u00a8"), (57.8, 300, "arenreiter moved."), (50, 250, "I can\u00b4t.")]
    page[1:1] = []
    assert [element.text for element in read(pdf(page))] == ["B\u00e4renreiter moved.", "I can\u00b4t."]


def test_text_with_a_negative_font_size_is_read():
    def draw(canvas, number):
        canvas.saveState()
        canvas.translate(50, 300)
        canvas.scale(-1, -1)
        canvas.setFont("Helvetica", -10)
        canvas.drawString(0, 0, "Tea is hot.")
        canvas.restoreState()

    assert read(pdf([], draw=draw)) == [Element("Tea is hot.", page=1)]


@pytest.mark.parametrize("leading", [13, 17])
def test_a_paragraph_in_a_large_font_is_text(leading):
    small = [(50, 260 - 10 * place, f"Depot {place} of the north: {place} tonnes", 8) for place in range(20)]
    found = read(pdf([(left, base, text, 11) for left, base, text in lines(STORY, leading=leading)] + small))
    assert found[0] == Element(" ".join(STORY), page=1)


def test_a_page_of_signs_without_words_counts_as_a_page_without_text():
    signs = ["( -.45)& 2 )*+ ,-. /(& %$#! \"#%& '()* +,-./ :;<=> ?@ [\\] ^_` {|}~"] * 3
    assert read(pdf(lines(STORY), lines(signs))) == [Element(" ".join(STORY), page=1), Element("", page=2)]


def test_a_paragraph_that_goes_on_over_the_page_break_is_one_piece():
    content = pdf(lines(WIDE[:2]), lines(["pot for a while. Then it is done."]))
    assert read(content) == [Element(" ".join(WIDE[:2]) + " pot for a while. Then it is done.", page=1)]


def test_a_footnote_does_not_part_a_paragraph_from_its_rest():
    content = pdf([*lines(WIDE[:2]), (50, 40, "1 Not too hot.", 7)], lines(["pot."]))
    assert read(content) == [Element(" ".join(WIDE[:2]) + " pot.", page=1), Element("1 Not too hot.", page=1)]


def test_words_divided_at_a_line_end_are_joined_and_compounds_keep_their_hyphen():
    texts = ("Where it is well-known it takes some admini-", "stration, and where it is not it is a well-")
    content = pdf(lines([*texts, "known cause of trouble."]))
    assert [element.text for element in read(content)] == [
        "Where it is well-known it takes some administration, and where it is not it is a well-known cause of trouble."
    ]


def test_footnote_marks_are_left_out_and_powers_are_raised():
    page = [(50, 300, "It came late."), (104, 304, "12", 6), (120, 300, "It cost 10"), (158, 304, "3", 6)]
    assert read(pdf([*page, (164, 300, "pounds.")])) == [Element("It came late. It cost 10\u00b3 pounds.", page=1)]


def test_what_is_not_seen_is_not_read():
    def hide(canvas, number):
        canvas.setFillGray(1)
        canvas.drawString(50, 200, "White on white.")
        canvas.setFillGray(0)
        canvas.drawString(50, 900, "Off the page.")
        canvas.setFont("Helvetica", 0.1)
        canvas.drawString(50, 180, "Too small.")
        canvas.rect(40, 90, 200, 30, fill=1)
        canvas.setFillGray(1)
        canvas.setFont("Helvetica", 10)
        canvas.drawString(50, 100, "White on black.")
        text = canvas.beginText(50, 160)
        text.setTextRenderMode(3)
        text.setFont("Helvetica", 10)
        text.textOut("Without ink.")
        canvas.drawText(text)

    assert read(pdf(lines(STORY), draw=hide)) == [Element(" ".join(STORY), page=1), Element("White on black.", page=1)]


def test_the_text_of_a_scan_is_read():
    def scan(canvas, number):
        from PIL import Image
        from reportlab.lib.utils import ImageReader

        canvas.drawImage(ImageReader(Image.new("L", (8, 8), 200)), 0, 0, 400, 400)
        text = canvas.beginText(50, 300)
        text.setTextRenderMode(3)
        text.textOut("Recognised words.")
        canvas.drawText(text)

    assert read(pdf([], draw=scan)) == [Element("Recognised words.", page=1)]


def test_a_page_without_text_is_one_empty_piece():
    content = pdf(lines(STORY), [], lines(WIDE))
    assert read(content) == [Element(" ".join(STORY), page=1), Element("", page=2), Element(" ".join(WIDE), page=3)]


def test_a_table_of_contents_is_left_out():
    entries = [f"Chapter {number} {'. ' * 30} {number}" for number in range(2, 8)]
    assert read(pdf([(50, 370, "Contents", 20), *lines(entries)], lines(STORY))) == [
        Element("Contents", level=1, page=1),
        Element(" ".join(STORY), page=2),
    ]


def test_text_that_stands_upright_is_read_upright():
    def turn(canvas, number):
        canvas.rotate(90)
        for place, text in enumerate(STORY):
            canvas.drawString(50, -100 - 12 * place, text)

    assert read(pdf([], draw=turn)) == [Element(" ".join(STORY), page=1)]


def test_a_file_with_a_password_is_refused():
    content = pdf(lines(STORY), encrypt=StandardEncryption("secret"))
    with pytest.raises(ReadingError, match=r"^is encrypted: save it without a password\.$"):
        read(content)


def test_a_file_that_anyone_may_open_is_read_though_it_is_encrypted():
    content = pdf(lines(STORY), encrypt=StandardEncryption("", "owner"))
    assert read(content) == [Element(" ".join(STORY), page=1)]


@pytest.mark.parametrize("content", [b"", b"not a PDF", pdf(lines(STORY))[:200]])
def test_a_damaged_file_is_refused(content):
    with pytest.raises(ReadingError, match=r"^is damaged \(not a PDF\): save it again\.$"):
        read(content)


def test_more_pages_than_allowed_are_refused():
    with pytest.raises(ReadingError, match=r"^has more than 1 pages: split it\.$"):
        read(pdf(lines(STORY), lines(STORY)), pages=1)


def test_more_text_than_allowed_is_refused():
    with pytest.raises(ReadingError, match=r"^has more than 100 characters of text: split it\.$"):
        read(pdf(lines(STORY)), characters=100)
