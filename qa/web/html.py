"""Text -> HTML (pure): everything that comes from a document, a file's name or a question is escaped here."""

from collections.abc import Iterable, Sequence
from html import escape

from index.types import Span
from qa.formatting import line


def html(text: str) -> str:
    """A text as HTML that shows it and nothing else.

    >>> html("<b> & ${x}")
    '&lt;b&gt; &amp; &#36;&#123;x}'
    """
    # Control characters have no place in HTML; a dollar sign could begin a formula or a template.
    visible = "".join(character if character >= " " or character in "\n\t" else " " for character in text)
    return escape(visible).replace("$", "&#36;").replace("{", "&#123;").replace("`", "&#96;")


def paragraph(text: str, kind: str = "") -> str:
    """A paragraph of plain text, of a class where one is given."""
    return f'<p class="{kind}">{html(line(text))}</p>' if kind else f"<p>{html(line(text))}</p>"


def action(name: str, label: str, title: str = "", **data: object) -> str:
    """A button that the page's script hears: `name` says what it does, `data` with what."""
    written = "".join(f' data-{key}="{html(str(value))}"' for key, value in data.items())
    titled = f' title="{html(title)}" aria-label="{html(title)}"' if title else ""
    return f'<button type="button" class="act" data-action="{name}"{written}{titled}>{html(label)}</button>'


def marked(text: str, marks: Iterable[tuple[int, int, str]], met: Sequence[Span] = ()) -> str:
    """A text with some ranges marked, each with the attributes of its mark, and in them some words set off."""
    pieces, position = [], 0
    for start, end, attributes in sorted(marks):
        start, end = max(start, position), min(end, len(text))
        if start < end:
            inside = [(first, last) for first, last in met if start <= first and last <= end]
            pieces += [html(text[position:start]), f"<mark{attributes}>", _set_off(text, start, end, inside), "</mark>"]
            position = end
    return "".join([*pieces, html(text[position:])])


def _set_off(text: str, start: int, end: int, met: Sequence[Span]) -> str:
    pieces = []
    for first, last in sorted(met):
        pieces += [html(text[start:first]), f"<b>{html(text[first:last])}</b>"]
        start = last
    return "".join([*pieces, html(text[start:end])])
