import io

import pytest
from PIL import Image
from reportlab.pdfgen.canvas import Canvas

from index.errors import ReadingError
from index.ingest.readers.pdf.page_image import MAX_HEIGHT, WIDTH, draw_page

QUOTE = "Green tea is steeped for two minutes."


def pdf(*pages, size=(400, 200)):
    """A page for each function, which draws it."""
    made = io.BytesIO()
    canvas = Canvas(made, pagesize=size)
    for draw in pages:
        canvas.setFont("Courier", 10)  # each letter is 6 points wide
        draw(canvas)
        canvas.showPage()
    canvas.save()
    return made.getvalue()


def lines(*texts, left=40, top=150):
    def draw(canvas):
        for number, text in enumerate(texts):
            canvas.drawString(left, top - 20 * number, text)

    return draw


def boxes(picture):
    """The marks in points of a page of 400 by 200, from the top left."""
    return [
        tuple(round(share * whole) for share, whole in zip(mark, (400, 200, 400, 200), strict=True))
        for mark in picture.marks
    ]


def near(found, wanted, points=3):
    assert len(found) == len(wanted), found
    for box, other in zip(found, wanted, strict=True):
        assert box == pytest.approx(other, abs=points)


def inked(picture, mark):
    """The share of dark pixels in a mark."""
    image = Image.open(io.BytesIO(picture.png)).convert("L")
    left, top, right, bottom = (
        round(share * side) for share, side in zip(mark, (*image.size, *image.size), strict=True)
    )
    histogram = image.crop((left, top, right, bottom)).histogram()
    return sum(histogram[:128]) / sum(histogram)


def test_a_quote_has_a_mark_for_each_of_its_lines():
    picture = draw_page(pdf(lines("Tea. Green tea is steep-", "ed for two minutes. Milk.")), 1, QUOTE)
    near(boxes(picture), [(70, 42, 184, 53), (40, 62, 154, 73)])
    assert all(inked(picture, mark) > 0.05 for mark in picture.marks)


def test_the_picture_is_some_thousand_pixels_wide():
    picture = draw_page(pdf(lines("Tea.")), 1, QUOTE)
    assert Image.open(io.BytesIO(picture.png)).size == (WIDTH, WIDTH // 2)
    assert (picture.number, picture.pages, picture.marks) == (1, 1, ())


@pytest.mark.parametrize(("size", "drawn"), [((10, 14_000), (3, MAX_HEIGHT)), ((14_000, 10), (WIDTH, 1))])
def test_a_page_of_any_shape_has_a_picture_of_bounded_size(size, drawn):
    assert Image.open(io.BytesIO(draw_page(pdf(lines("Tea."), size=size), 1, QUOTE).png)).size == drawn


@pytest.mark.parametrize("turn", [90, 180, 270])
def test_on_a_turned_page_the_marks_are_where_the_words_are_seen(turn):
    def draw(canvas):
        canvas.setPageRotation(turn)
        lines("Tea. Green tea is steep-", "ed for two minutes. Milk.")(canvas)

    picture = draw_page(pdf(draw), 1, QUOTE)
    assert len(picture.marks) == 2
    assert all(inked(picture, mark) > 0.05 for mark in picture.marks)
    wide, high = (abs(picture.marks[0][2 + axis] - picture.marks[0][axis]) for axis in (0, 1))
    assert (wide > high) == (turn == 180)


def test_a_turned_page_whose_words_lie_is_marked_line_by_line():
    def draw(canvas):
        canvas.setPageRotation(90)
        canvas.rotate(90)
        lines("Tea. Green tea is steep-", "ed for two minutes. Milk.", left=20, top=-100)(canvas)

    marks = draw_page(pdf(draw), 1, QUOTE).marks
    assert len(marks) == 2
    assert all(right - left > bottom - top for left, top, right, bottom in marks)


def test_words_that_stand_upright_are_marked_line_by_line_too():
    def draw(canvas):
        canvas.rotate(90)
        lines("Green tea is steeped", "for two minutes.", left=20, top=-100)(canvas)

    near(boxes(draw_page(pdf(draw), 1, QUOTE)), [(92, 60, 103, 180), (112, 84, 123, 180)])


def test_of_a_cropped_page_what_is_seen_is_marked():
    def draw(canvas):
        canvas.setCropBox((100, 100, 300, 200))
        lines("Tea. Green tea is steeped for two minutes.")(canvas)

    picture = draw_page(pdf(draw), 1, QUOTE)
    assert Image.open(io.BytesIO(picture.png)).size == (WIDTH, WIDTH // 2)
    ((left, top, right, bottom),) = picture.marks  # from "tea", which begins at 106
    assert (left, right) == pytest.approx((0.03, 0.96), abs=0.01)
    assert (top, bottom) == pytest.approx((0.42, 0.53), abs=0.03)


def test_a_tables_row_is_found_though_its_columns_are_drawn_one_after_the_other():
    def draw(canvas):
        lines("black", "green")(canvas)
        lines("five", "two", left=140)(canvas)

    near(boxes(draw_page(pdf(draw), 1, "green | two")), [(40, 62, 158, 73)])


def test_a_tables_row_is_found_though_the_names_of_its_columns_are_quoted_with_it():
    def draw(canvas):
        lines("Kind", "black", "green")(canvas)
        lines("Minutes", "five", "two", left=140)(canvas)

    near(boxes(draw_page(pdf(draw), 1, "Kind: green; Minutes: two.")), [(40, 82, 158, 93)])


def test_a_quote_that_goes_on_in_the_next_column_is_marked_in_both():
    def draw(canvas):
        lines("Milk is cold.", "Green tea is", top=60)(canvas)
        lines("steeped for", "two minutes.", left=240)(canvas)

    near(boxes(draw_page(pdf(draw), 1, QUOTE)), [(40, 152, 112, 163), (240, 42, 306, 53), (240, 62, 312, 73)])


def test_of_a_quote_over_two_pages_each_page_has_its_own_lines():
    quote = "Green tea is steeped in the old kettle for two minutes and a half."
    made = pdf(lines("Green tea is steeped in the", "17"), lines("TEA", "old kettle for two minutes and a half."))
    near(boxes(draw_page(made, 1, quote, onward=True)), [(40, 42, 202, 53)])
    near(boxes(draw_page(made, 2, quote)), [(40, 62, 268, 73)])


def test_onward_the_next_page_is_shown_where_only_that_has_the_whole_quote():
    made = pdf(lines("Black tea is strong and"), lines("hot.", QUOTE), lines(QUOTE))
    assert [draw_page(made, page, QUOTE, onward=True).number for page in (1, 2, 3)] == [2, 2, 3]
    assert draw_page(made, 1, QUOTE).number == 1


def test_a_quote_that_is_not_found_leaves_the_page_without_marks():
    assert draw_page(pdf(lines("Milk.")), 1, QUOTE).marks == ()
    assert draw_page(pdf(lines("Milk.")), 1, "").marks == ()


def test_a_page_that_is_not_there_and_a_file_that_is_no_pdf_are_said():
    with pytest.raises(ReadingError, match=r"^has no page 2: it has 1\.$"):
        draw_page(pdf(lines("Tea.")), 2, QUOTE)
    with pytest.raises(ReadingError, match=r"^has no page 0: it has 1\.$"):
        draw_page(pdf(lines("Tea.")), 0, QUOTE)
    with pytest.raises(ReadingError, match=r"^is damaged \(not a PDF\): save it again\.$"):
        draw_page(b"tea", 1, QUOTE)
