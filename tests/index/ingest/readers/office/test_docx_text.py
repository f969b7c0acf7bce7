import pytest
from support.office import WORD, document, paragraph, run, with_part, with_related

from index.ingest.limits import Limits
from index.ingest.readers.elements import Element
from index.ingest.readers.office.reader import read_docx

RAISED, LOWERED = '<w:vertAlign w:val="superscript"/>', '<w:vertAlign w:val="subscript"/>'


def read(content):
    return list(read_docx(content, Limits()))


def text(runs):
    return " | ".join(element.text for element in read(document(f"<w:p>{runs}</w:p>")))


def test_powers_and_indices_are_no_digits_of_the_number_before():
    runs = run("The dose is 10") + run("6", RAISED) + run(" units per m") + run("2", RAISED) + run(" of H")
    runs += run("2", LOWERED) + run("O, or 5 × 10") + run("-", RAISED) + run("3", RAISED) + run(" of the limit.")
    assert text(runs) == "The dose is 10⁶ units per m² of H₂O, or 5 × 10⁻³ of the limit."


def test_ordinals_stay_words():
    assert text(run("The 22") + run("nd", RAISED) + run(" amendment")) == "The 22nd amendment"


def test_a_style_raises_text_too():
    style = '<w:style w:type="character" w:styleId="Up"><w:name w:val="Up"/><w:rPr>{}</w:rPr></w:style></w:styles>'
    styled = '<w:rStyle w:val="Up"/>'
    content = document(f"<w:p>{run('10')}{run('6', styled)}</w:p>")
    changes = {"word/styles.xml": lambda xml: xml.replace("</w:styles>", style.format(RAISED))}
    assert [element.text for element in read(with_part(content, changes))] == ["10⁶"]


def test_signs_of_symbol_fonts_are_read():
    signs = '<w:r><w:sym w:font="Symbol" w:char="F061"/><w:sym w:font="Wingdings" w:char="F0FE"/></w:r>'
    assert text(signs + run(" done")) == "\u03b1☑ done"


def test_fields_of_a_form_show_their_state():
    ticked = "<w:checkBox><w:checked/></w:checkBox>"
    box = f'<w:r><w:fldChar w:fldCharType="begin"><w:ffData>{ticked}</w:ffData></w:fldChar></w:r>'
    entries = '<w:ddList><w:result w:val="1"/><w:listEntry w:val="tea"/><w:listEntry w:val="milk"/></w:ddList>'
    choice = f'<w:r><w:fldChar w:fldCharType="begin"><w:ffData>{entries}</w:ffData></w:fldChar></w:r>'
    end = '<w:r><w:fldChar w:fldCharType="end"/></w:r>'
    assert text(box + end + run(" paid, ") + choice + end) == "☒ paid, milk"


def test_a_formula_alone_is_a_formula():
    formula = "<m:oMathPara><m:oMath><m:r><m:t>a=b</m:t></m:r></m:oMath></m:oMathPara>"
    assert read(document(f"<w:p>{formula}</w:p>")) == [Element("a=b", kind="formula")]


def test_a_drop_cap_is_the_first_letter_of_its_paragraph():
    body = paragraph("S", '<w:framePr w:dropCap="drop"/>') + paragraph("teep it.")
    assert [element.text for element in read(document(body))] == ["Steep it."]


def test_a_comment_stands_apart_with_its_author():
    body = f'<w:p>{run("Tea is cheap.")}<w:r><w:commentReference w:id="3"/></w:r></w:p>'
    comment = f'<w:comment w:id="3" w:author="Ada Amstutz">{paragraph("Is it?")}</w:comment>'
    xml = f'<w:comments xmlns:w="{WORD}">{comment}</w:comments>'
    found = read(with_related(document(body), "comments.xml", "comments", xml))
    assert [element.text for element in found] == ["Tea is cheap.", "Comment by Ada Amstutz: Is it?"]


def test_the_alternative_text_of_a_picture_is_read_and_a_file_s_name_is_not():
    pictures = "".join(
        f'<w:r><w:drawing><wp:inline><wp:docPr id="1" name="a" descr="{text}"/></wp:inline></w:drawing></w:r>'
        for text in ("A kettle on a stove", "kettle 1.png", "A cup. Description automatically generated", "")
    )
    assert text(pictures) == "Picture: A kettle on a stove | Picture: A cup."


@pytest.mark.parametrize(("style", "kind"), [("HTMLPreformatted", "code"), ("Quote", "quote"), ("Normal", "paragraph")])
def test_a_style_says_what_a_paragraph_is(style, kind):
    names = {"HTMLPreformatted": "HTML Preformatted", "Quote": "Quote", "Normal": "Normal"}
    added = f'<w:style w:type="paragraph" w:styleId="X"><w:name w:val="{names[style]}"/></w:style></w:styles>'
    content = document(paragraph("tea", '<w:pStyle w:val="X"/>'))
    changes = {"word/styles.xml": lambda xml: xml.replace("</w:styles>", added)}
    assert read(with_part(content, changes)) == [Element("tea", kind=kind)]


def test_a_part_in_another_format_is_read_where_it_stands():
    body = paragraph("Before.") + '<w:altChunk r:id="rId99"/>' + paragraph("After.")
    content = with_related(document(body), "part.html", "aFChunk", "<h1>Tea</h1><p>Steep it.</p>")
    added = '<Default Extension="html" ContentType="text/html"/></Types>'
    content = with_part(content, {"[Content_Types].xml": lambda xml: xml.replace("</Types>", added)})
    assert [element.text for element in read(content)] == ["Before.", "Tea", "Steep it.", "After."]
