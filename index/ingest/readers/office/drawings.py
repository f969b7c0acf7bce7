"""Read what Office files draw: charts, diagrams (SmartArt) and the alternative texts of pictures."""

import re
from collections.abc import Iterator
from typing import Any

from lxml import etree
from openpyxl.styles.numbers import is_date_format
from openpyxl.utils.datetime import from_excel

from index.ingest.readers.elements import Element
from index.ingest.readers.office.number_format import shown
from index.ingest.readers.table_rows import one_line, row_line

_CHART_NAMES = "{http://schemas.openxmlformats.org/drawingml/2006/chart}"
_DRAWING = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
_DIAGRAM_NAMES = "{http://schemas.openxmlformats.org/drawingml/2006/diagram}"
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_EXTENDED_CHART = "{http://schemas.microsoft.com/office/drawing/2014/chartex}chart"
CHART, DIAGRAM = f"{_CHART_NAMES}chart", f"{_DIAGRAM_NAMES}relIds"
_CACHES = [f"{_CHART_NAMES}{name}" for name in ("numCache", "numLit", "strCache", "strLit", "lvl")]
_MAX_POINTS = 2_000
_MIN_DESCRIPTION = 2  # words
_NO_DESCRIPTION = re.compile(r"\.(?:png|jpe?g|gif|emf|wmf|svg|bmp|tiff?)\s*$|^https?://", re.IGNORECASE)
_GENERATED = re.compile(
    r"\s*(?:Description automatically generated|AI-generated content may be incorrect).*", re.DOTALL
)


def drawing_elements(node: Any, part: Any) -> Iterator[Element]:
    """Yield the charts and diagrams to which a node refers; `part` is the part of the file that holds the node.

    What cannot be found or parsed is left out: the text around it can still be read.
    """
    for reference in node.iter(CHART, DIAGRAM, _EXTENDED_CHART):
        is_diagram = reference.tag == DIAGRAM
        relation = reference.get(f"{_RELATION}{'dm' if is_diagram else 'id'}")
        try:
            root = parsed(part.rels[relation].target_part.blob)
        except (KeyError, ValueError, AttributeError, etree.XMLSyntaxError):
            continue
        yield from diagram_elements(root) if is_diagram else chart_elements(root)


def chart_elements(root: Any) -> Iterator[Element]:
    """Yield a chart's title, its axes' titles and a line for each category with the values of all series."""
    chart = next(root.iter(CHART), root)
    title = _title(chart.find(f"{_CHART_NAMES}title"))
    titles = dict.fromkeys(filter(None, (title, *map(_title, root.iter(f"{_CHART_NAMES}title")))))
    if titles:
        yield Element(f"Chart: {'; '.join(titles)}")
    yield from _chart_rows(list(root.iter(f"{_CHART_NAMES}ser"))[:_MAX_POINTS], title)


def _chart_rows(series: list[Any], title: str) -> Iterator[Element]:
    """Yield a line for each category of a chart; a single series without a name has the chart's title as its name."""
    values = [_points(one, "val", "yVal") for one in series]
    categories = _categories(series)
    names = [_series_name(one) or (title if len(series) == 1 else "") for one in series]
    for index in sorted({index for points in values for index in points})[:_MAX_POINTS]:
        cells = [categories.get(index, ""), *(points.get(index, "") for points in values)]
        if any(cells[1:]) and (cells[0] or any(names)):
            yield Element(row_line(cells, ["", *names]), tight=True, kind="table_row")


def _categories(series: list[Any]) -> dict[int, str]:
    """Return the names of a chart's categories by their index, from the first series that names each."""
    categories: dict[int, str] = {}
    for one in series:
        categories = {**_points(one, "cat", "xVal"), **categories}
    return categories


def diagram_elements(root: Any) -> Iterator[Element]:
    """Yield the texts of a diagram, one for each box."""
    for paragraph in root.iter(f"{_DRAWING}p"):
        if text := one_line("".join(node.text or "" for node in paragraph.iter(f"{_DRAWING}t"))):
            yield Element(text, tight=True, kind="list_item")


def description(node: Any) -> str:
    """Return the alternative text that an author wrote for a picture; "" for a file's name or a generated text."""
    text = one_line(_GENERATED.sub("", node.get("descr") or ""))
    written = len(text.split()) >= _MIN_DESCRIPTION and not _NO_DESCRIPTION.search(text)
    return text if written else ""


def parsed(content: bytes) -> Any:
    """Parse a part of an Office file without entities."""
    return etree.fromstring(content, etree.XMLParser(resolve_entities=False, no_network=True))


def _title(node: Any) -> str:
    return "" if node is None else one_line("".join(text.text or "" for text in node.iter(f"{_DRAWING}t")))


def _series_name(series: Any) -> str:
    name = series.find(f"{_CHART_NAMES}tx")
    return "" if name is None else one_line(" ".join(node.text or "" for node in name.iter(f"{_CHART_NAMES}v")))


def _points(series: Any, *names: str) -> dict[int, str]:
    """Return the values of a series by their index; levels of a category are joined."""
    found: dict[int, str] = {}
    for name in names:
        node = series.find(f"{_CHART_NAMES}{name}")
        for level in [] if node is None else list(node.iter(*_CACHES)):
            number_format = level.findtext(f"{_CHART_NAMES}formatCode") or "General"
            for point in level.iterchildren(f"{_CHART_NAMES}pt"):
                index = int(point.get("idx", "0"))
                text = _shown(point.findtext(f"{_CHART_NAMES}v") or "", point.get("formatCode") or number_format)
                found[index] = f"{text} {found[index]}" if index in found else text
    return found


def _shown(text: str, number_format: str) -> str:
    try:
        number = float(text)
        is_date = number_format != "General" and is_date_format(number_format)
        return shown(from_excel(number) if is_date else number, number_format)
    except (ValueError, OverflowError):
        return one_line(text)
