"""Read the headings, paragraphs, list items, table rows and code of web pages, as a browser lays them out."""

from collections.abc import Iterator
from itertools import repeat

from lxml import etree

from index.ingest.limits import Limits
from index.ingest.readers.archive import guard
from index.ingest.readers.elements import Element
from index.ingest.readers.html.boilerplate import boilerplate_nodes, main_text, visible_body
from index.ingest.readers.html.flow import Flow
from index.ingest.readers.html.main_content import main_content
from index.ingest.readers.html.page_tree import parse
from index.ingest.readers.table_rows import one_line


def read_html(content: bytes, limits: Limits) -> Iterator[Element]:
    """Yield the main text of a web page in reading order, under its title if it has no heading.

    Raises:
        ReadingError: it holds too much, or its elements are nested too deeply.

    >>> found = read_html(b"<h1>Tea</h1><nav>Home</nav><ol><li>Steep <b>it</b>.</ol>", Limits())
    >>> [(element.text, element.level, element.tight) for element in found if element.text]
    [('Tea', 1, False), ('1. Steep it.', 0, True)]
    """
    return guard(_titled_elements(content), limits, "pages")


def html_elements(content: bytes | str, with_drawings: bool = False) -> Iterator[Element]:
    """Yield the main text of HTML inside another file, such as a chapter of a book or the body of an email.

    With `with_drawings`, the text in its drawings (SVG) is read too.
    """
    root = parse(content)
    return Flow().elements(main_text(root, with_drawings)) if root is not None else iter(())


def _titled_elements(content: bytes) -> Iterator[Element]:
    root = parse(content)
    if root is None:
        return
    title = next((one_line(node.text or "") for node in root.iter("title", "{*}title")), "")
    page = etree.tostring(root, encoding="unicode")
    body = visible_body(root)
    flow = Flow(boilerplate_nodes(body))
    marked = list(flow.marked_elements(body))
    found = main_content(marked, page)
    if title and not any(element.level for element in found):
        yield Element(title, level=1)
    yield from found
    texts = sum(bool(one.element.text) for one in marked) - sum(bool(element.text) for element in found)
    yield from repeat(Element("", left_out="block of boilerplate"), texts)
