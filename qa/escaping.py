"""Text -> HTML that shows it and does nothing else (pure)."""

from html import escape


def escaped(text: str) -> str:
    """A text for HTML's content and attributes; fit for the page's templates and formulas too.

    >>> escaped("<b> ${alert(1)}")
    '&lt;b&gt; &#36;&#123;alert(1)}'
    """
    # Control characters have no place in HTML; a dollar sign could begin a formula or a template.
    visible = "".join(character if character >= " " or character in "\n\t" else " " for character in text)
    return escape(visible).replace("$", "&#36;").replace("{", "&#123;").replace("`", "&#96;")
