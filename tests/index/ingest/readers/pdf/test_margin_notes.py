"""What stands beside the text of a page: numbers of its lines, and labels that are turned."""

import io

import pytest
from PIL import Image
from reportlab.pdfgen.canvas import Canvas
from support.elements import left_out, with_text

from index.ingest.limits import Limits
from index.ingest.readers.pdf.reader import read_pdf

PROSE = [
    f"The tea of hill {hill} is dark, and is picked by hand at\n"
    f"noon, while that of the coast {hill} is light and is picked\nearly in the day."
    for hill in range(6)
]


def page(draw, font="Helvetica"):
    made = io.BytesIO()
    canvas = Canvas(made, pagesize=(400, 500), invariant=1)
    canvas.setFont(font, 10)
    draw(canvas)
    canvas.save()
    return made.getvalue()


def texts(content):
    return [element.text for element in with_text(read_pdf(content, Limits()))]


@pytest.mark.parametrize("numbers_first", [True, False])
def test_numbers_of_lines_are_left_out(numbers_first):
    lines = "\n".join(PROSE).split("\n")
    things = [[(40, str(number)) for number in range(1, 19)], [(60, line) for line in lines]]

    def draw(canvas):
        for column in things if numbers_first else things[::-1]:
            for row, (left, text) in enumerate(column):
                canvas.drawRightString(50, 450 - 14 * row, text) if left == 40 else canvas.drawString(
                    left, 450 - 14 * row, text
                )

    content = page(draw)
    assert " ".join(texts(content)) == " ".join(lines)
    assert left_out(read_pdf(content, Limits())) == {"number or label in a margin": 18}


def test_numbers_of_a_table_or_a_list_stay():
    towns = ["Bern", "Thun", "Zug", "Chur", "Olten", "Sion", "Visp", "Brig", "Basel", "Biel", "Davos", "Uster", "Wil"]

    def draw(canvas):
        for row, town in enumerate(towns):
            for left, text in ((40, str(row + 1)), (70, town), (170, str(50 + row))):
                canvas.drawString(left, 450 - 14 * row, text)

    assert texts(page(draw))[0] == "1 Bern | 50"

    def draw_list(canvas):
        for row, town in enumerate(towns):
            canvas.drawString(40, 450 - 14 * row, str(row + 1))
            canvas.drawString(55, 450 - 14 * row, town)

    assert texts(page(draw_list))[0].split()[:2] == ["1", "Bern"]


def test_a_label_turned_in_the_margin_is_left_out_and_a_turned_page_is_read():
    def draw(canvas):
        for row, line in enumerate(PROSE[0].split("\n")):
            canvas.drawString(60, 450 - 14 * row, line)
        canvas.translate(30, 200)
        canvas.rotate(90)
        canvas.drawString(0, 0, "arXiv:2401.00001v1 [cs.CL] 3 May 2024")

    assert texts(page(draw)) == [" ".join(PROSE[0].split("\n"))]

    def draw_turned(canvas):
        canvas.translate(200, 20)
        canvas.rotate(90)
        for row, line in enumerate(PROSE[0].split("\n")):
            canvas.drawString(0, -14 * row, line)

    assert texts(page(draw_turned)) == [" ".join(PROSE[0].split("\n"))]


def test_a_typewritten_text_is_read_in_paragraphs_and_code_in_lines():
    lines = "\n".join(PROSE).split("\n")
    code = [f"value = pour(first, second, {row}) if is_hot else None" for row in range(18)]

    def draw(lines):
        def on(canvas):
            for row, line in enumerate(lines):
                canvas.drawString(30, 450 - 14 * row, line)

        return page(on, font="Courier")

    assert texts(draw(lines)) == [" ".join(text.split("\n")) for text in PROSE]
    assert texts(draw(code)) == code


def test_lines_of_a_scan_have_no_headings_by_small_differences_of_size():
    lines = ["The tea is dark", "and bitter, and the pot", "is kept warm for an hour"]

    def draw(canvas):
        canvas.drawInlineImage(_paper(), 0, 0, 400, 500)
        for row, (line, size) in enumerate(zip(lines, (13, 10, 9.5), strict=True)):
            text = canvas.beginText(50, 450 - 14 * row)
            text.setTextRenderMode(3)
            text.setFont("Helvetica", size)
            text.textLine(line)
            canvas.drawText(text)

    assert {element.level for element in with_text(read_pdf(page(draw), Limits()))} == {0}


def _paper():
    return Image.new("L", (40, 50), 200)
