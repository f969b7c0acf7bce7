import json

import pytest

from index.errors import ReadingError
from index.ingest.limits import Limits
from index.ingest.readers.elements import Piece
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
        Piece("Tea", 1, 1),
        Piece("Steep it:", 0, 1),
        Piece("green", 0, 1),
        Piece("black", 0, 1, tight=True),
        Piece("Pour it.", 0, 1),
    ]


def test_code_is_a_piece_for_each_group_of_lines():
    assert read(code("import tea\n\n\ndef steep():\n    return 4\n")) == [
        Piece("import tea", 0, 1),
        Piece("def steep():\n    return 4", 0, 1),
    ]


def test_printed_output_goes_with_its_code():
    stream = {"output_type": "stream", "name": "stdout", "text": ["4\n", "minutes\n"]}
    result = {"output_type": "execute_result", "data": {"text/plain": ["'tea'"], "text/html": ["<b>tea</b>"]}}
    assert read(code("steep()", stream, result)) == [
        Piece("steep()", 0, 1),
        Piece("4\nminutes", 0, 1, tight=True),
        Piece("'tea'", 0, 1, tight=True),
    ]


def test_images_errors_and_what_was_overwritten_are_not_read():
    plot = {"output_type": "display_data", "data": {"image/png": "iVBO", "text/plain": "<Figure size 640x480>"}}
    error = {"output_type": "error", "ename": "KeyError", "evalue": "tea", "traceback": ["KeyError"]}
    bar = {"output_type": "stream", "name": "stderr", "text": " 50%\r\x1b[32m100%\x1b[0m\ndone\r\n"}
    assert read(code("plot()", plot, error, bar), markdown("![plot](attachment:plot.png)\n\nSee above.")) == [
        Piece("plot()", 0, 1),
        Piece("100%\ndone", 0, 1, tight=True),
        Piece("See above.", 0, 2),
    ]


def test_cells_are_numbered_and_an_empty_one_counts():
    assert read(markdown("One."), code(""), markdown("Three.")) == [
        Piece("One.", 0, 1),
        Piece("", 0, 2),
        Piece("Three.", 0, 3),
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
        Piece("Tea", 2, 1),
        Piece("steep()", 0, 2),
        Piece("4", 0, 2, tight=True),
    ]


def test_a_byte_order_mark_and_half_characters_are_no_harm():
    content = b'\xef\xbb\xbf{"cells": [{"cell_type": "markdown", "source": "tea \\ud83d"}]}'
    assert list(read_notebook(content, Limits())) == [Piece("tea \ufffd", 0, 1)]


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
    with pytest.raises(ReadingError, match=r"^is damaged \(.+\): save it anew\.$"):
        list(read_notebook(content, Limits()))
