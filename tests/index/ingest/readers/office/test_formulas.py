import pytest
from lxml import etree
from support.office import MATH

from index.ingest.readers.office.formulas import formula_text


def r(text):
    return f"<m:r><m:t>{text}</m:t></m:r>"


def part(name, xml):
    return f"<m:{name}>{xml}</m:{name}>"


def shown(xml):
    return formula_text(etree.fromstring(f'<m:oMath xmlns:m="{MATH}">{xml}</m:oMath>'))


@pytest.mark.parametrize(
    ("xml", "text"),
    [
        (r("a=b"), "a=b"),
        (part("f", part("num", r("mλ")) + part("den", r("a"))), "(mλ)/a"),
        (r("2.2×") + part("sSup", part("e", r("10")) + part("sup", r("-4"))), "2.2×10⁻⁴"),
        (part("sSup", part("e", r("e")) + part("sup", r("x"))), "e^x"),
        (part("sSup", part("e", r("x")) + part("sup", r("n-k"))), "x^(n-k)"),
        (part("sSub", part("e", r("a")) + part("sub", r("0"))), "a₀"),
        (part("sSub", part("e", r("V")) + part("sub", r("max"))), "V_(max)"),
        (part("sSubSup", part("e", r("x")) + part("sub", r("i")) + part("sup", r("2"))), "xᵢ²"),
        (
            part("sSup", part("e", part("f", part("num", r("x-c")) + part("den", r("v")))) + part("sup", r("2"))),
            "((x-c)/v)²",
        ),
        (
            part(
                "nary",
                '<m:naryPr><m:chr m:val="∑"/></m:naryPr>'
                + part("sub", r("n=1"))
                + part("sup", r("∞"))
                + part("e", r("n")),
            ),
            "∑_(n=1)^∞ n",
        ),
        (part("rad", "<m:radPr/>" + part("deg", "") + part("e", r("b²-4ac"))), "√(b²-4ac)"),
        (part("rad", part("deg", r("3")) + part("e", r("x"))), "∛x"),
        (part("d", '<m:dPr><m:begChr m:val="["/><m:endChr m:val="]"/></m:dPr>' + part("e", r("x"))), "[x]"),
        (part("func", part("fName", r("cos")) + part("e", r("x"))), "cos x"),
        (
            part(
                "m",
                part("mr", part("e", r("1")) + part("e", r("2"))) + part("mr", part("e", r("3")) + part("e", r("4"))),
            ),
            "[1, 2; 3, 4]",
        ),
        (part("box", part("e", r("kept"))), "kept"),
    ],
)
def test_a_formula_is_one_line_that_reads_as_it_is_meant(xml, text):
    assert shown(xml) == text


def test_a_formula_nested_without_end_is_cut_off():
    assert shown("<m:box><m:e>" * 100 + r("deep") + "</m:e></m:box>" * 100) == ""
