"""A library as visitors see it: its messages name folders as they are called, not where they lie on the machine."""

from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Any

from index.errors import DatabaseUnreachableError, FootnoteError

UNREACHABLE = "The index cannot be reached at the moment: ask again."


class VisitorLibrary:
    """The same library, whose errors and problem have no absolute paths."""

    def __init__(self, library: Any) -> None:
        self._library = library
        names: dict[str, str] = {}
        for folder in (library.sources, library.folder):
            for form in (folder, folder.absolute(), folder.resolve()):
                if form.is_absolute():
                    names[str(form)] = folder.name
        names[str(library.index)] = library.folder.name  # also the address of a database
        self._names = names | {str(Path.home()): "~"}

    def __getattr__(self, name: str) -> Any:
        value = self._hiding(getattr)(self._library, name)
        if name in ("problem", "place"):
            return self.hide(value)
        return self._hiding(value) if callable(value) else value

    def hide(self, text: str) -> str:
        """Replace the absolute paths of a message, longest first."""
        for path in sorted(self._names, key=len, reverse=True):
            text = text.replace(path, self._names[path])
        return text

    def _hiding(self, function: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(function)
        def call(*args: Any, **kwargs: Any) -> Any:
            try:
                return function(*args, **kwargs)
            except DatabaseUnreachableError as error:
                error.args = (UNREACHABLE,)  # the reason names hosts and users
                raise
            except FootnoteError as error:
                error.args = tuple(self.hide(part) if isinstance(part, str) else part for part in error.args)
                raise

        return call
