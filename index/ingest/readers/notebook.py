"""Read Jupyter notebooks (.ipynb, formats 3 and 4) as JSON. No code is run."""

import json
import re
from collections.abc import Iterator
from typing import Any

from index.ingest.limits import Limits
from index.ingest.readers.archive import guard
from index.ingest.readers.elements import Element
from index.ingest.readers.markdown import read_markdown

_BLANK_LINES = re.compile(r"\n(?:[^\S\n]*\n)+")
_ONLY_IMAGE = re.compile(r"!\[[^\]]*\]\([^)]*\)")
_COLOUR = re.compile(r"\x1b\[[\d;?]*[A-Za-z]")
_OVERWRITTEN = re.compile(r"[^\n]*\r(?!\n)")


def read_notebook(content: bytes, limits: Limits) -> Iterator[Element]:
    """Yield the text, code and printed output of each cell in order; `page` is the cell's number."""
    return guard(_cells(content), limits, "cells")


def _cells(content: bytes) -> Iterator[Element]:
    notebook = json.loads(content.decode("utf-8-sig"))
    sheets = notebook.get("worksheets") or [notebook]
    for number, cell in enumerate((cell for sheet in sheets for cell in sheet["cells"]), start=1):
        empty = True
        for element in _cell(cell, number):
            empty = False
            yield element
        if empty:
            yield Element("", page=number)


def _cell(cell: dict[str, Any], number: int) -> Iterator[Element]:
    source = _joined(cell.get("source", cell.get("input", "")))
    if cell["cell_type"] == "markdown":
        yield from _markdown(source, number)
    elif cell["cell_type"] == "heading":
        yield Element(source, level=int(cell["level"]), page=number)
    else:
        groups = (group for group in _BLANK_LINES.split(source.strip("\n")) if group.strip())
        yield from (Element(group, page=number, kind="code") for group in groups)
        for output in cell.get("outputs", []):
            if text := _printed(output):
                yield Element(text, page=number, tight=True, kind="code")


def _markdown(text: str, number: int) -> Iterator[Element]:
    end, after_heading = 0, True
    for block in read_markdown(text):
        tight = not (after_heading or block.level or _BLANK_LINES.search(text, end, block.start))
        end, after_heading = block.end, block.level > 0
        words = text[block.start : block.end]
        if not _ONLY_IMAGE.fullmatch(words):
            kind = "paragraph" if block.level else block.kind
            yield Element(words, level=block.level, page=number, tight=tight, kind=kind)


def _printed(output: dict[str, Any]) -> str:
    """Return the text of an output; none for pictures, whose text only names an object, and for errors."""
    kinds = output.get("data", output)
    if any(kind.startswith("image/") or kind in ("png", "jpeg", "svg") for kind in kinds):
        return ""
    text = _joined(kinds.get("text/plain", kinds.get("text", "")))
    return _OVERWRITTEN.sub("", _COLOUR.sub("", text)).strip()


def _joined(text: str | list[str]) -> str:
    return (text if isinstance(text, str) else "".join(text)).replace("\r\n", "\n")
