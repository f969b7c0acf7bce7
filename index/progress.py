"""The progress of a build, in numbers and as one share of the work."""

from collections.abc import Collection
from dataclasses import dataclass

_THINGS = {"Reading": "files", "Embedding": "passages"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """Report how far a build is: `done` of `total` files read, or passages embedded.

    While files are read, `document` is the current one, and `embedded` counts the passages that are embedded already.
    `share` is how much of all the work is done, from 0 to 1; while files are read, it is an estimate.

    >>> str(Progress(stage="Reading", done=12, total=70, embedded=512))
    'Reading 12 of 70 files, 512 passages embedded'
    """

    stage: str
    done: int = 0
    total: int = 0
    document: str = ""
    embedded: int = 0
    share: float = 0.0

    def __str__(self) -> str:
        counts = f" {self.done:,} of {self.total:,} {_THINGS.get(self.stage, '')}" if self.total else ""
        return f"{self.stage}{counts}{f', {self.embedded:,} passages embedded' if self.embedded else ''}"


class Work:
    """Follow a build. How much is to come is estimated from the files that have changed. The share never falls.

    >>> work = Work(files=2, changed={"tea.md", "coffee.md"})
    >>> work.note_file("coffee.md", passages=4)
    >>> work.reading("tea.md", embedded=2)
    Progress(stage='Reading', done=1, total=2, document='tea.md', embedded=2, share=0.25)
    """

    def __init__(self, files: int, changed: Collection[str]) -> None:
        self._files = files
        self._changed = changed
        self._read = self._of_changed = self._passages = 0
        self._share = 0.0

    def note_file(self, path: str, passages: int) -> None:
        """Note that a file is read, and how many passages of it are staged."""
        self._read += 1
        self._of_changed += path in self._changed
        self._passages += passages

    def reading(self, document: str, embedded: int) -> Progress:
        """Return the progress while files are read."""
        if self._changed:
            share = self._of_changed / len(self._changed) * embedded / max(self._passages, 1)
        else:
            share = self._read / self._files
        return Progress(
            stage="Reading",
            done=self._read,
            total=self._files,
            document=document,
            embedded=embedded,
            share=self._at_least(share),
        )

    def embedding(self, done: int, total: int) -> Progress:
        """Return the progress when all files are read: how many of the passages that lacked vectors are embedded."""
        return Progress(stage="Embedding", done=done, total=total, share=self._at_least(done / max(total, 1)))

    def _at_least(self, share: float) -> float:
        self._share = max(self._share, round(min(share, 1.0), 3))
        return self._share
