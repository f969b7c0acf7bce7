"""Render the page's templates, and escape what documents, file names and questions contain."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from index.types import Span
from qa.formatting import count, line

TEMPLATES = Path(__file__).parent / "templates"
# Gradio treats `$` as mathematics, and `${`, `{{` and a backtick as parts of a JavaScript template.
_GRADIO_ESCAPES = {ord("$"): "&#36;", ord("{"): "&#123;", ord("`"): "&#96;"}
_CONTROL = {code: " " for code in range(32) if chr(code) not in "\n\t"}


def html(text: object) -> Markup:
    """Escape a text for HTML and for Gradio; text that is HTML already stays as it is.

    >>> html("<b> & ${x}")
    Markup('&lt;b&gt; &amp; &#36;&#123;x}')
    """
    if hasattr(text, "__html__"):
        return Markup(text)
    return Markup(escape(str(text).translate(_CONTROL)).translate(_GRADIO_ESCAPES))


_ENVIRONMENT = Environment(
    loader=FileSystemLoader(TEMPLATES),
    autoescape=True,
    finalize=html,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
_ENVIRONMENT.filters |= {"line": line, "things": count}


def render(template: str, **context: object) -> Markup:
    """Render a template. Every value in it is escaped by `html`."""
    return Markup(_ENVIRONMENT.get_template(template).render(context))


def paragraph(text: str, kind: str = "") -> Markup:
    """Show one line of plain text as a paragraph, with a CSS class if one is given."""
    return Markup('<p class="{}">{}</p>' if kind else "<p>{1}</p>").format(kind, html(line(text)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """A range of a text to highlight, with the id and the CSS class of its element."""

    start: int
    end: int
    id: str = ""
    kind: str = ""


def highlight(text: str, marks: Iterable[Mark], matches: Sequence[Span] = ()) -> Markup:
    """Escape a text, wrap each mark in `<mark>`, and set the matching words inside marks in bold.

    >>> highlight("Hot tea.", [Mark(start=4, end=8)], [(4, 7)])
    Markup('Hot <mark><b>tea</b>.</mark>')
    """
    pieces, position = [], 0
    for mark in sorted(marks, key=lambda mark: (mark.start, mark.end)):
        start, end = max(mark.start, position), min(mark.end, len(text))
        if start < end:
            inside = [(first, last) for first, last in matches if start <= first and last <= end]
            attributes = "".join(
                f' {name}="{html(value)}"' for name, value in (("id", mark.id), ("class", mark.kind)) if value
            )
            pieces += [html(text[position:start]), Markup(f"<mark{attributes}>"), _bold(text, start, end, inside)]
            pieces.append(Markup("</mark>"))
            position = end
    return Markup().join([*pieces, html(text[position:])])


def _bold(text: str, start: int, end: int, matches: Sequence[Span]) -> Markup:
    pieces = []
    for first, last in sorted(matches):
        if first >= start:
            pieces += [html(text[start:first]), Markup("<b>{}</b>").format(html(text[first:last]))]
            start = last
    return Markup().join([*pieces, html(text[start:end])])
