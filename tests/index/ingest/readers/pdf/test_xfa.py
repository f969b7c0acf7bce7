import io

from reportlab.pdfbase.pdfdoc import PDFArray, PDFDictionary, PDFStream, PDFString
from reportlab.pdfgen.canvas import Canvas

from index.ingest.limits import Limits
from index.ingest.readers.pdf.reader import read_pdf

DATA = (
    b'<xfa:datasets xmlns:xfa="http://www.xfa.org/schema/xfa-data/1.0/"><xfa:data><form><page1>'
    b"<Licence_plate>ZH 482917</Licence_plate><Town/></page1></form></xfa:data></xfa:datasets>"
)


def form(data):
    """A page of text in a file with an XFA form whose data is some XML."""
    buffer = io.BytesIO()
    canvas = Canvas(buffer, pagesize=(400, 400), invariant=1)
    canvas.drawString(50, 300, "Please wait.")
    document = canvas._doc
    stream = document.Reference(PDFStream(content=data))
    document.Catalog.AcroForm = PDFDictionary(
        {"Fields": PDFArray([]), "XFA": PDFArray([PDFString("datasets"), stream])}
    )
    document.Catalog.__NoDefault__ = [*document.Catalog.__NoDefault__, "AcroForm"]
    canvas.save()
    return [element.text for element in read_pdf(buffer.getvalue(), Limits())]


def test_the_values_of_an_xfa_form_are_read():
    assert form(DATA) == ["Please wait.", "Licence plate: ZH 482917"]


def test_a_damaged_xfa_form_has_no_values():
    assert form(b"<xfa") == ["Please wait."]
    assert form(b"") == ["Please wait."]
