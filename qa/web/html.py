"""Render the page's templates, and escape what documents, file names and questions contain."""

from html import escape
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from qa.formatting import count, line
from qa.markup import visible

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
_ENVIRONMENT.filters |= {
    "line": line,
    "things": count,
    "label": lambda text: line(visible(text, "heading.md")),
}


def render(template: str, **context: object) -> Markup:
    """Render a template. Every value in it is escaped by `html`."""
    return Markup(_ENVIRONMENT.get_template(template).render(context))


def paragraph(text: str, kind: str = "") -> Markup:
    """Show one line of plain text as a paragraph, with a CSS class if one is given."""
    return Markup('<p class="{}">{}</p>' if kind else "<p>{1}</p>").format(kind, html(line(text)))
