"""Read a PDF file page by page."""

import logging
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby, islice

import pypdfium2
import pypdfium2.raw as pdfium

from index.errors import ReadingError
from index.ingest.limits import Limits
from index.ingest.readers.bugs import raise_bug
from index.ingest.readers.elements import Element
from index.ingest.readers.ocr import DOTS_AN_INCH
from index.ingest.readers.pdf.annotations import Annotations
from index.ingest.readers.pdf.columns import regions
from index.ingest.readers.pdf.contents import Contents
from index.ingest.readers.pdf.glyphs import is_legible, words
from index.ingest.readers.pdf.headers_footers import PageRows, running
from index.ingest.readers.pdf.headings import is_sentence, key
from index.ingest.readers.pdf.layout import Run, gather, rows
from index.ingest.readers.pdf.margin_notes import line_numbers, turned_labels
from index.ingest.readers.pdf.paragraphs import Flow
from index.ingest.readers.pdf.recognised import drawn_elements, evened, recognised_words
from index.ingest.readers.pdf.ruled_rows import with_tables
from index.ingest.readers.pdf.ruled_tables import RuledTable, ruled_tables
from index.ingest.readers.pdf.rules import rules
from index.ingest.readers.pdf.spelling import Word
from index.ingest.readers.pdf.xfa import xfa_values

NEARBY_PAGES = 2  # pages before and after that are compared for heads and feet
MAX_OUTLINE = 20_000
MAX_SENTENCES = 0.25  # of the entries of an outline: headings seldom end like sentences
POINTS_AN_INCH = 72
MAX_PICTURES, MIN_PICTURE = 50, 60  # on a page; and points of the shorter side
logging.getLogger("pypdfium2").setLevel(logging.ERROR)  # it warns of outlines that are too deep
Outline = dict[tuple[int, str], int]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Sheet:
    """One page's runs, its rows across all columns, and its ruled tables, by rotation in quarter turns.

    The rotation with the most text comes first. `aside` counts what stands in the margins, and is in none of them.
    """

    number: int
    runs: dict[int, list[Run]]
    rows: dict[int, PageRows]
    tables: dict[int, list[RuledTable]]
    added: list[Element]
    aside: int
    is_ocr: bool


def read_pdf(content: bytes, limits: Limits) -> Iterator[Element]:
    """Yield the headings, paragraphs, list items and table rows of the pages in reading order.

    Headers, footers, page numbers, footnote marks and tables of contents are left out. A paragraph across a page break
    is one element, of the page on which it begins.

    Raises:
        ReadingError: the file is encrypted or damaged, or has too many pages or too much text.
    """
    document = opened(content)
    try:
        if len(document) > limits.pages:
            raise ReadingError(f"has more than {limits.pages:,} pages: split it.")
        characters = 0
        ocr_pages: set[int] = set()
        for element in _elements(document, _outline(document), limits, ocr_pages):
            if element.page in ocr_pages and element.text:
                element = replace(element, is_ocr=True)
            characters += len(element.text)
            if characters > limits.characters:
                raise ReadingError(f"has more than {limits.characters:,} characters of text: split it.")
            yield element
    finally:
        document.close()


def opened(content: bytes) -> pypdfium2.PdfDocument:
    """Open a PDF file. The caller closes it.

    Raises:
        ReadingError: the file is encrypted or damaged.
    """
    try:
        return pypdfium2.PdfDocument(content)
    except Exception as error:  # pdfium's binding raises whatever a damaged file makes of its calls
        raise_bug(error)
        if getattr(error, "err_code", None) in (pdfium.FPDF_ERR_PASSWORD, pdfium.FPDF_ERR_SECURITY):
            raise ReadingError("is encrypted: save it without a password.") from error
        raise ReadingError("is damaged (not a PDF): save it again.") from error


def _outline(document: pypdfium2.PdfDocument) -> Outline:
    """Return the level of each heading in the outline by its page and words.

    Nothing if the outline is damaged, or lists the paragraphs of the text.
    """
    found: Outline = {}
    sentences = 0
    try:
        for entry in islice(document.get_toc(), MAX_OUTLINE):
            target, title = entry.get_dest(), entry.get_title()
            page = target.get_index() if target else None
            if page is not None:
                sentences += is_sentence(title)
                found.setdefault((page + 1, key(title)), min(entry.level + 1, 3))
    except Exception as error:  # the text can be read without it, whatever is wrong with it
        raise_bug(error)
        return {}
    return found if sentences <= MAX_SENTENCES * len(found) else {}


def _elements(
    document: pypdfium2.PdfDocument, outline: Outline, limits: Limits, ocr_pages: set[int]
) -> Iterator[Element]:
    """Yield the elements of the pages; the numbers of those whose text is recognised by OCR are added to a set."""
    flow, contents = Flow(outline), Contents(len(document))
    annotations = Annotations(document)
    window: deque[_Sheet] = deque(maxlen=2 * NEARBY_PAGES + 1)
    count = len(document)
    for ahead in range(count + NEARBY_PAGES):
        if ahead < count:
            window.append(_sheet(document, annotations, ahead, outline, limits))
            ocr_pages |= {sheet.number for sheet in window if sheet.is_ocr}
            flow.learn([run for runs in window[-1].runs.values() for run in runs])
        for sheet in [sheet for sheet in window if sheet.number == ahead + 1 - NEARBY_PAGES]:
            shown = _body(sheet, window, flow.body_size)
            yield from _heads_left_out(sheet, shown)
            yield from _page_elements(sheet, shown, flow, contents)
    if not annotations.has_fields:
        flow.append([Element(value, page=count) for value in xfa_values(document)])
    yield from flow.close()


def _page_elements(sheet: _Sheet, shown: Sequence[list[Run]], flow: Flow, contents: Contents) -> Iterator[Element]:
    if not any(shown):
        yield from flow.close()
        yield from [] if sheet.added else [Element("", page=sheet.number)]
    for (turns, whole), runs in zip(sheet.runs.items(), shown, strict=True):
        for region in regions(with_tables(whole, runs, sheet.tables[turns])):
            lines = rows(region)
            rest = list(contents.rest(lines))
            yield from [Element("", left_out="line of contents")] * (len(lines) - len(rest))
            yield from flow.add(rest, sheet.number)
    flow.append(sheet.added)


def _body(sheet: _Sheet, window: Iterable[_Sheet], body_size: float) -> list[list[Run]]:
    """Return the runs of a page by rotation, without its header and footer."""
    found = []
    for turns, runs in sheet.runs.items():
        others = [other.rows[turns] for other in window if other is not sheet and turns in other.rows]
        left_out = running(sheet.rows[turns], others, body_size)
        found.append([run for run in runs if run.position not in left_out])
    return found


def _heads_left_out(sheet: _Sheet, shown: Sequence[list[Run]]) -> Iterator[Element]:
    """Yield an element for each line of a header or footer, and each line in a margin, that is not shown."""
    yield from [Element("", left_out="number or label in a margin")] * sheet.aside
    for page, runs in zip(sheet.rows.values(), shown, strict=True):
        positions = {run.position for run in runs}
        for row in page.rows:
            if positions.isdisjoint(run.position for run in row.runs):
                yield Element("", left_out="header or footer line")


def _words(page: pypdfium2.PdfPage, limits: Limits) -> tuple[list[tuple[int, Word]], bool]:
    """Return the words of a page, each with its quarter turns, and whether they are recognised by OCR."""
    found = sorted(words(page, limits.characters), key=lambda entry: entry[0])
    if not is_legible([word.text for _, word in found]):
        found = []
    found = list(zip((turns for turns, _ in found), evened([word for _, word in found]), strict=True))
    if found or not limits.ocr:
        return found, False
    return _recognised(page), True


def _recognised(page: pypdfium2.PdfPage) -> list[tuple[int, Word]]:
    """Recognise the words of a page by OCR; all are upright."""
    picture = page.render(scale=DOTS_AN_INCH / POINTS_AN_INCH).to_pil()
    left, bottom, _, _ = page.get_bbox()
    return [
        (0, word._replace(left=word.left + left, right=word.right + left, base=word.base + bottom))
        for word in recognised_words(picture, POINTS_AN_INCH / DOTS_AN_INCH)
    ]


def _pictures(page: pypdfium2.PdfPage, found: Sequence[tuple[int, Word]], number: int) -> list[Element]:
    """Recognise the text of large pictures on a page that has other text; those with text on them are backgrounds."""
    elements: list[Element] = []
    left, bottom, right, top = page.get_bbox()
    for thing in islice(page.get_objects((pdfium.FPDF_PAGEOBJ_IMAGE,), max_depth=2), MAX_PICTURES):
        begin, low, end, high = thing.get_bounds()
        begin, low, end, high = max(begin, left), max(low, bottom), min(end, right), min(high, top)
        has_text = any(turns == 0 and begin < word.left < end and low < word.base < high for turns, word in found)
        if min(end - begin, high - low) >= MIN_PICTURE and not has_text:
            crop = (begin - left, low - bottom, right - end, top - high)
            picture = page.render(scale=DOTS_AN_INCH / POINTS_AN_INCH, crop=crop).to_pil()
            elements += [replace(element, page=number) for element in drawn_elements(picture)]
    return elements


def _without_margins(runs: dict[int, list[Run]]) -> tuple[dict[int, list[Run]], int]:
    """Return the runs of a page without what stands beside its text, and how many these were."""
    labels = turned_labels(runs)
    found = {}
    for turns, own in runs.items():
        numbers = line_numbers(own)
        if turns not in labels:
            found[turns] = [run for run in own if run.position not in numbers]
    return found, sum(map(len, runs.values())) - sum(map(len, found.values()))


def _tables(page: pypdfium2.PdfPage, groups: dict[int, list[Word]], is_form: bool) -> dict[int, list[RuledTable]]:
    """Return the ruled tables among the words of a page, by rotation; a form has none."""
    return {turns: [] if is_form else ruled_tables(rules(page, turns), found) for turns, found in groups.items()}


def _sheet(
    document: pypdfium2.PdfDocument, annotations: Annotations, position: int, outline: Outline, limits: Limits
) -> _Sheet:
    number = position + 1
    try:
        page = document[position]
        try:
            turned, is_ocr = _words(page, limits)
            groups = {turns: [word for _, word in part] for turns, part in groupby(turned, key=lambda entry: entry[0])}
            runs = {turns: gather(groups[turns]) for turns in sorted(groups, key=lambda turns: -len(groups[turns]))}
            runs, aside = _without_margins(runs)
            lines = {turns: rows(found) for turns, found in runs.items()}
            added = annotations.of_page(page, lines.get(0, []), number)
            tables = _tables(page, groups, is_form=bool(added))
            if limits.ocr and not is_ocr:
                added += _pictures(page, turned, number)
            left, bottom, right, top = page.get_bbox()
        finally:
            page.close()
        label = document.get_page_label(position)
    except ReadingError:
        raise
    except Exception as error:  # pdfium's binding raises whatever a damaged page makes of them
        raise_bug(error)
        raise ReadingError(f"is damaged (page {number}): save it again.") from error
    edges = ((bottom, top), (-right, -left), (-top, -bottom), (left, right))
    pages = {}
    for turns, found in lines.items():
        titles = frozenset(row.text for row in found if (number, key(row.text)) in outline)
        low, high = edges[turns]
        pages[turns] = PageRows(number=number, rows=found, label=label, bottom=low, top=high, titles=titles)
    return _Sheet(number=number, runs=runs, rows=pages, tables=tables, added=added, aside=aside, is_ocr=is_ocr)
