import json

import pytest

from index.errors import ReadingError
from index.ingest.limits import Limits
from index.ingest.readers.elements import Element
from index.ingest.readers.notebook import read_notebook


def read(*cells, limits=None):
    notebook = {"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
    return list(read_notebook(json.dumps(notebook).encode(), limits or Limits()))


def markdown(source):
    return {"cell_type": "markdown", "metadata": {}, "source": source}


def code(source, *outputs):
    return {"cell_type": "code", "execution_count": 1, "metadata": {}, "source": source, "outputs": outputs}


def test_markdown_keeps_its_headings_paragraphs_and_items():
    source = ["# Tea\n", "Steep it:\n", "\n", "- green\n", "- black\n", "\n", "Pour it."]
    assert read(markdown(source)) == [
        Element("Tea", level=1, page=1),
        Element("Steep it:", page=1),
        Element("green", page=1, kind="list_item"),
        Element("black", page=1, tight=True, kind="list_item"),
        Element("Pour it.", page=1),
    ]


def test_code_is_a_piece_for_each_group_of_lines():
    assert read(code("import tea\n\n\ndef steep():\n    return 4\n")) == [
        Element("import tea", page=1, kind="code"),
        Element("def steep():\n    return 4", page=1, kind="code"),
    ]


def test_printed_output_goes_with_its_code():
    stream = {"output_type": "stream", "name": "stdout", "text": ["4\n", "minutes\n"]}
    result = {"output_type": "execute_result", "data": {"text/plain": ["'tea'"], "text/html": ["<b>tea</b>"]}}
    assert read(code("steep()", stream, result)) == [
        Element("steep()", page=1, kind="code"),
        Element("4\nminutes", page=1, tight=True, kind="code"),
        Element("'tea'", page=1, tight=True, kind="code"),
    ]


def test_images_errors_and_what_was_overwritten_are_not_read():
    plot = {"output_type": "display_data", "data": {"image/png": "iVBO", "text/plain": "<Figure size 640x480>"}}
    error = {"output_type": "error", "ename": "KeyError", "evalue": "tea", "traceback": ["KeyError"]}
    bar = {"output_type": "stream", "name": "stderr", "text": " 50%\r\x1b[32m100%\x1b[0m\ndone\r\n"}
    assert read(code("plot()", plot, error, bar), markdown("![plot](attachment:plot.png)\n\nSee above.")) == [
        Element("plot()", page=1, kind="code"),
        Element("100%\ndone", page=1, tight=True, kind="code"),
        Element("See above.", page=2),
    ]


def test_cells_are_numbered_and_an_empty_one_counts():
    assert read(markdown("One."), code(""), markdown("Three.")) == [
        Element("One.", page=1),
        Element("", page=2),
        Element("Three.", page=3),
    ]


def test_the_third_format_is_read_too():
    plot = {"output_type": "display_data", "png": "iVBO", "text": "<Figure>"}
    result = {"output_type": "pyout", "text": ["4"]}
    cells = [
        {"cell_type": "heading", "level": 2, "source": "Tea"},
        {"cell_type": "code", "input": ["steep()"], "outputs": [plot, result]},
    ]
    notebook = {"nbformat": 3, "worksheets": [{"cells": cells[:1]}, {"cells": cells[1:]}]}
    assert list(read_notebook(json.dumps(notebook).encode(), Limits())) == [
        Element("Tea", level=2, page=1),
        Element("steep()", page=2, kind="code"),
        Element("4", page=2, tight=True, kind="code"),
    ]


def test_a_byte_order_mark_and_half_characters_are_no_harm():
    content = b'\xef\xbb\xbf{"cells": [{"cell_type": "markdown", "source": "tea \\ud83d"}]}'
    assert list(read_notebook(content, Limits())) == [Element("tea \ufffd", page=1)]


def test_too_many_cells_are_refused():
    with pytest.raises(ReadingError, match=r"^has more than 1 cells: split it\.$"):
        read(markdown("One."), markdown("Two."), limits=Limits(pages=1))


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"tea",
        b"\xff\xfe",
        b"[]",
        b'{"cells": 1}',
        b'{"cells": [1]}',
        b'{"cells": [{}]}',
        b'{"cells": [{"cell_type": "code", "source": 1}]}',
        b"[" * 100_000,
    ],
)
def test_what_is_no_notebook_is_damage(content):
    with pytest.raises(ReadingError, match=r"^is damaged \(.+\): save it again\.$"):
        list(read_notebook(content, Limits()))
