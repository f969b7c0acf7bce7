import docx
import pytest
from docx.oxml import parse_xml
from support.office import WORD, saved

from index.ingest.limits import Limits
from index.ingest.readers.office.docx_numbering import FORMATS, Numbering
from index.ingest.readers.office.reader import read_docx


def numbering(levels, instances='<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>'):
    """Lists of these levels, each of a format, the text that shows it and further settings."""
    nodes = "".join(
        f'<w:lvl w:ilvl="{level}"><w:start w:val="1"/><w:numFmt w:val="{form}"/>{more}'
        f'<w:lvlText w:val="{text}"/></w:lvl>'
        for level, (form, text, more) in enumerate(levels)
    )
    abstract = f'<w:abstractNum w:abstractNumId="0">{nodes}</w:abstractNum>'
    return Numbering(parse_xml(f'<w:numbering xmlns:w="{WORD}">{abstract}{instances}</w:numbering>'))


CLAUSES = [("decimal", "%1", ""), ("decimal", "%1.%2", ""), ("lowerLetter", "(%3)", ""), ("lowerRoman", "%4)", "")]


def test_levels_count_below_one_another_and_start_again():
    lists = numbering(CLAUSES)
    labels = [lists.label("1", level) for level in (0, 1, 1, 2, 2, 3, 1, 2, 0, 1)]
    assert labels == ["1 ", "1.1 ", "1.2 ", "(a) ", "(b) ", "i) ", "1.3 ", "(a) ", "2 ", "2.1 "]


def test_a_skipped_level_counts_as_begun():
    lists = numbering(CLAUSES)
    assert [lists.label("1", level) for level in (0, 2, 1)] == ["1 ", "(a) ", "1.2 "]


def test_a_list_goes_on_in_another_instance_unless_that_starts_anew():
    override = '<w:lvlOverride w:ilvl="0"><w:startOverride w:val="5"/></w:lvlOverride>'
    nodes = [
        f'<w:num w:numId="{number}"><w:abstractNumId w:val="0"/>{override * (number == 3)}</w:num>'
        for number in (1, 2, 3)
    ]
    lists = numbering([("decimal", "%1.", "")], "".join(nodes))
    assert [lists.label(number, 0) for number in "12133"] == ["1. ", "2. ", "3. ", "5. ", "6. "]


def test_a_level_that_never_starts_again_goes_on():
    lists = numbering([("decimal", "%1", ""), ("decimal", "§%2", '<w:lvlRestart w:val="0"/>')])
    assert [lists.label("1", level) for level in (0, 1, 0, 1)] == ["1 ", "§1 ", "2 ", "§2 "]


def test_legal_numbers_are_digits_and_bullets_are_none():
    lists = numbering([("upperRoman", "Article %1", ""), ("decimal", "%1.%2", "<w:isLgl/>"), ("bullet", "\uf0b7", "")])
    assert [lists.label("1", level) for level in (0, 0, 1, 2)] == ["Article I ", "Article II ", "2.1 ", ""]


def test_what_is_not_defined_has_no_number():
    assert Numbering(None).label("7", 0) == ""
    assert numbering(CLAUSES).label("1", 12) == ""


@pytest.mark.parametrize(
    ("name", "number", "text"),
    [
        ("lowerLetter", 27, "aa"),
        ("upperLetter", 26, "Z"),
        ("upperRoman", 1994, "MCMXCIV"),
        ("ordinal", 12, "12th"),
        ("ordinal", 23, "23rd"),
        ("decimalZero", 7, "07"),
        ("cardinalText", 42, "Forty-two"),
    ],
)
def test_numbers_are_written_as_word_writes_them(name, number, text):
    assert FORMATS[name](number) == text


def test_headings_and_list_items_of_a_document_have_their_numbers():
    file = docx.Document()
    definitions = file.part.numbering_part.element
    abstract = parse_xml(
        f'<w:abstractNum xmlns:w="{WORD}" w:abstractNumId="77">'
        '<w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="decimal"/>'
        '<w:lvlText w:val="%1"/></w:lvl><w:lvl w:ilvl="1"><w:start w:val="1"/><w:numFmt w:val="decimal"/>'
        '<w:pStyle w:val="Heading2"/><w:lvlText w:val="%1.%2"/></w:lvl></w:abstractNum>'
    )
    definitions.insert(0, abstract)
    definitions.append(parse_xml(f'<w:num xmlns:w="{WORD}" w:numId="77"><w:abstractNumId w:val="77"/></w:num>'))
    in_list = f'<w:numPr xmlns:w="{WORD}"><w:numId w:val="77"/></w:numPr>'
    for style in ("Heading 1", "Heading 2"):
        file.styles[style].element.get_or_add_pPr().append(parse_xml(in_list))
    for text, style in (
        ("Supply", "Heading 1"),
        ("Quantity", "Heading 2"),
        ("Quality", "Heading 2"),
        ("End", "Heading 1"),
    ):
        file.add_paragraph(text, style)
    file.add_paragraph("Open the lid.", "List Number")
    file.add_paragraph("Close it.", "List Number")
    assert [element.text for element in read_docx(saved(file), Limits())] == [
        "1 Supply",
        "1.1 Quantity",
        "1.2 Quality",
        "2 End",
        "1. Open the lid.",
        "2. Close it.",
    ]
