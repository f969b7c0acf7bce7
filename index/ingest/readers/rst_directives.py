"""Read directives and roles of reStructuredText that docutils does not know, such as those of Sphinx, as text."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, ClassVar

from docutils import nodes
from docutils.parsers.rst import Directive, directives, roles

_CODE = frozenset("code code-block sourcecode highlight-block testcode testoutput doctest prompt ipython".split())
_SILENT = frozenset(
    "toctree index highlight currentmodule module default-role tabularcolumns sectionauthor codeauthor contents".split()
)


class _AnyOption(dict[str, Callable[[str | None], str]]):
    """Options of any name."""

    def __missing__(self, name: str) -> Callable[[str | None], str]:
        return lambda value: value or ""


class _Read(Directive):  # type: ignore[misc]  # docutils has no types
    """A directive with any options; its argument and its content are text."""

    has_content = True
    optional_arguments = 1
    final_argument_whitespace = True
    option_spec: ClassVar[Any] = _AnyOption(name=str)

    def run(self) -> list[nodes.Node]:
        if self.name in _SILENT:
            return []
        if self.name in _CODE:
            text = "\n".join(self.content)
            return [nodes.literal_block(text, text)]
        box = nodes.container()
        for argument in self.arguments:
            words, _ = self.state.inline_text(argument, self.lineno)
            box += nodes.paragraph("", "", *words)
        self.state.nested_parse(self.content, self.content_offset, box)
        return [box]


def _read_role(role: str, rawtext: str, text: str, *_: Any, **__: Any) -> tuple[list[nodes.Node], list[nodes.Node]]:
    """Return the words of a role, without the target in angle brackets."""
    shown = text.partition("<")[0].strip() or text.strip("<>")
    shown = shown.rpartition("/")[2] if shown.startswith("/") else shown  # a document of the same manual
    return [nodes.inline(rawtext, shown.lstrip("~!"))], []


@contextmanager
def known_or_read() -> Iterator[None]:
    """Make docutils read unknown directives and roles as text."""
    find_directive, find_role = directives.directive, roles.role

    def directive(name: str, *others: Any) -> tuple[Any, list[nodes.Node]]:
        found, messages = (None, []) if name in _CODE else find_directive(name, *others)
        return (found, messages) if found else (_Read, [])

    def role(name: str, *others: Any) -> tuple[Any, list[nodes.Node]]:
        found, messages = find_role(name, *others)
        return (found, messages) if found else (_read_role, [])

    directives.directive, roles.role = directive, role
    try:
        yield
    finally:
        directives.directive, roles.role = find_directive, find_role
