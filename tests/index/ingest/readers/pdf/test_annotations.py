import io

from reportlab.pdfbase.pdfdoc import PDFString
from reportlab.pdfgen.canvas import Canvas

from index.ingest.limits import Limits
from index.ingest.readers.pdf.reader import read_pdf


def texts(draw, pages=1):
    """What is read of pages that a function draws."""
    buffer = io.BytesIO()
    canvas = Canvas(buffer, pagesize=(400, 400), invariant=1)
    for number in range(pages):
        canvas.setFont("Helvetica", 10)
        draw(canvas, number)
        canvas.showPage()
    canvas.save()
    return [element.text for element in read_pdf(buffer.getvalue(), Limits())]


def test_a_field_is_named_by_the_text_before_it():
    def draw(canvas, number):
        canvas.drawString(50, 300, "Licence plate:")
        canvas.acroForm.textfield(name="f1", value="ZH 482917", x=130, y=295, width=120, height=18)

    assert texts(draw) == ["Licence plate:", "Licence plate: ZH 482917"]


def test_a_field_is_named_by_the_text_above_it():
    def draw(canvas, number):
        canvas.drawString(50, 300, "Town")
        canvas.acroForm.textfield(name="f1", value="Bern", x=50, y=278, width=120, height=18)

    assert texts(draw) == ["Town", "Town: Bern"]


def test_a_field_without_text_beside_it_has_its_hint_or_its_name():
    def draw(canvas, number):
        canvas.acroForm.textfield(name="form1.first_name", value="Anna", x=50, y=300, width=120, height=18)
        canvas.acroForm.textfield(name="f2", tooltip="Family name", value="Gerber", x=50, y=200, width=120, height=18)

    assert texts(draw) == ["first name: Anna", "Family name: Gerber"]


def test_boxes_that_are_checked_and_options_that_are_chosen_are_read():
    def draw(canvas, number):
        for base, name, is_checked in ((300, "Dogs", True), (280, "Cats", False)):
            canvas.acroForm.checkbox(name=name, checked=is_checked, x=50, y=base, size=12)
            canvas.drawString(70, base + 2, name)
        canvas.drawString(50, 250, "Canton:")
        options = [("Bern", "BE"), ("Zug", "ZG")]
        canvas.acroForm.choice(name="canton", value="ZG", options=options, x=130, y=245, width=90, height=18)
        for left, value in ((50, "monthly"), (200, "yearly")):
            canvas.acroForm.radio(
                name="pay", tooltip="Payment", value=value, selected=value == "yearly", x=left, y=200, size=12
            )
            canvas.drawString(left + 20, 202, f"paid {value}")

    found = texts(draw)
    assert [text for text in found if ": " in text] == ["Dogs: yes", "Canton: Zug", "Payment: paid yearly"]


def test_an_empty_field_and_a_password_are_not_read():
    def draw(canvas, number):
        canvas.drawString(50, 300, "Name:")
        canvas.acroForm.textfield(name="f1", x=130, y=295, width=120, height=18)
        canvas.acroForm.textfield(name="f2", value="secret", fieldFlags="password", x=130, y=200, width=120, height=18)

    assert texts(draw) == ["Name:"]


def test_typed_text_is_read_and_a_comment_has_its_author():
    def draw(canvas, number):
        canvas.drawString(50, 300, "Lease of the workshop.")
        canvas.freeTextAnnotation("Deposit received on 4 May.", "/Helv 10 Tf 0 g", Rect=[50, 200, 250, 220])
        canvas.textAnnotation("Ask Mr Gerber.", Rect=[300, 300, 320, 320], T=PDFString("Anna"))
        canvas.textAnnotation("Who pays?", Rect=[300, 200, 320, 220])

    assert texts(draw) == [
        "Lease of the workshop.",
        "Deposit received on 4 May.",
        "Comment by Anna: Ask Mr Gerber.",
        "Comment: Who pays?",
    ]


def test_the_comment_on_a_highlight_has_the_words_that_are_marked():
    def draw(canvas, number):
        canvas.setFont("Courier", 10)
        canvas.drawString(50, 300, "Lease of the workshop.")
        quad = [128, 308, 176, 308, 128, 298, 176, 298]
        canvas.highlightAnnotation("In Thun?", Rect=[128, 298, 176, 308], QuadPoints=quad, T=PDFString("Ben"))
        canvas.highlightAnnotation("", Rect=[50, 298, 80, 308], QuadPoints=[50, 308, 80, 308, 50, 298, 80, 298])

    assert texts(draw) == ["Lease of the workshop.", "Comment by Ben on “workshop”: In Thun?"]


def test_a_hidden_comment_is_not_read():
    assert texts(lambda canvas, number: canvas.textAnnotation("Hidden.", Rect=[9, 9, 20, 20], F=2)) == [""]


def test_a_comment_does_not_part_a_paragraph_from_its_rest_on_the_next_page():
    lines = ["The kettle is filled with fresh water that is cold and", "slowly heated until it boils."]

    def draw(canvas, number):
        canvas.drawString(50, 300, lines[number])
        if number == 0:
            canvas.textAnnotation("Who fills it?", Rect=[300, 300, 320, 320])

    assert texts(draw, pages=2) == [" ".join(lines), "Comment: Who fills it?"]
