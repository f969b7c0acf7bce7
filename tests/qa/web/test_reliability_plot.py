import xml.etree.ElementTree as ElementTree

from qa.evaluation.types import Bin
from qa.web.reliability_plot import LEFT, SIDE, TOP, reliability_svg

BINS = [
    Bin(low=0.0, high=0.1, confidence=0.05, right=0.0, count=1),
    Bin(low=0.5, high=0.6, confidence=0.5, right=1.0, count=4),
    Bin(low=0.9, high=1.0, confidence=1.0, right=0.75, count=100),
]


def read(bins):
    return ElementTree.fromstring(reliability_svg(bins))


def test_a_dot_stands_as_far_across_as_it_is_sure_and_as_high_as_it_is_right():
    dots = [tuple(float(dot.attrib[name]) for name in ("cx", "cy", "r")) for dot in read(BINS).iter("circle")]
    assert dots == [
        (LEFT + 0.05 * SIDE, TOP + SIDE, 2.5),
        (LEFT + 0.5 * SIDE, TOP, 2.5),
        (LEFT + SIDE, TOP + 0.25 * SIDE, 11.0),
    ]


def test_it_says_in_words_what_it_shows():
    svg = read(BINS)
    assert svg.attrib["role"] == "img"
    named = {part.attrib["id"]: part.text.replace("\u00a0", " ") for part in svg if "id" in part.attrib}
    assert [named[name] for name in svg.attrib["aria-labelledby"].split()] == [
        "How often answers are correct, by their confidence",
        "1 question has a mean confidence of 5 %; 0 % are correct. 4 questions"
        " have a mean confidence of 50 %; 100 % are"
        " correct. 100 questions have a mean confidence of 100 %; 75 % are correct.",
    ]


def test_it_has_the_colour_of_the_text_and_none_of_its_own():
    colours = {part.attrib[name] for part in read(BINS).iter() for name in ("fill", "stroke") if name in part.attrib}
    assert colours == {"currentColor", "none"}


def test_all_of_it_lies_inside_the_picture():
    svg = read(BINS)
    _, _, width, height = map(float, svg.attrib["viewBox"].split())
    for dot in svg.iter("circle"):
        x, y, radius = (float(dot.attrib[name]) for name in ("cx", "cy", "r"))
        assert x - radius >= 0 and x + radius <= width and y - radius >= 0 and y + radius <= height


def test_without_bins_it_is_empty_and_still_a_picture():
    assert list(read([]).iter("circle")) == []
