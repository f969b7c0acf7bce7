"""The types of the library that the page shows. Nothing of the index but its nouns is imported when the page runs."""

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from index.library import Library as Library
    from index.status import LibraryStatus as LibraryStatus
    from index.store.records import Difference as Difference
    from index.store.records import FileStatus as FileStatus
else:
    Library = LibraryStatus = Difference = FileStatus = object


class Progress(Protocol):
    """The progress of a build or an evaluation."""

    @property
    def stage(self) -> str: ...
    @property
    def done(self) -> int: ...
    @property
    def total(self) -> int: ...
    @property
    def share(self) -> float: ...
