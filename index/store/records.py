"""What the store says about files, builds and passages."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from index.embed.late_interaction import Floats, StoredTokens
from index.types import Passage, Span


@dataclass(frozen=True, slots=True, kw_only=True)
class Description:
    """Describe an index: its model, chunking version and size.

    A generation counts the builds that changed the index; 0 means that no build has finished yet.
    """

    model: str
    fingerprint: str
    width: int
    chunking: int
    generation: int
    built_at: float
    documents: int
    passages: int


@dataclass(frozen=True, slots=True, kw_only=True)
class FileRecord:
    """Describe a file as the last build found it.

    `changed_ns` is the time of the last change of its content, owner or mode (ctime). `reader` is the version of the
    reader that read it, and `limits` names the limits of reading. `reason` says why the file could not be read, and
    `note` which part could not. `original` is the path of the file that it is a copy of.
    """

    path: str
    size: int
    modified_ns: int
    changed_ns: int = 0
    inode: int = 0
    sha256: str = ""
    reader: int = 0
    limits: str = ""
    reason: str = ""
    note: str = ""
    original: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """List the files that differ between a folder and its index.

    `renamed` has the old and the new path of files with equal content. `reread` has unchanged files that a newer
    reader, or other limits, may read better.
    """

    added: tuple[str, ...] = ()
    edited: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    renamed: tuple[tuple[str, str], ...] = ()
    reread: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.added or self.edited or self.removed or self.renamed or self.reread)

    def __str__(self) -> str:
        parts = [
            (self.added, "added"),
            (self.edited, "edited"),
            (self.removed, "removed"),
            (self.renamed, "renamed"),
            (self.reread, "to read again"),
        ]
        return counted(*((len(files), action) for files, action in parts)) or "nothing changed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """Describe what a build did with one file.

    `what` is renamed (from `was`), edited, removed, added or reread. The counts are the file's passages that are new,
    removed and unchanged.
    """

    what: str
    path: str
    was: str = ""
    added: int = 0
    removed: int = 0
    unchanged: int = 0

    def __str__(self) -> str:
        counts = counted((self.added, "added"), (self.removed, "removed"), (self.unchanged, "unchanged"))
        name = f"{self.was} to {self.path}" if self.was else self.path
        return f"{self.what} {name}" + (f" (passages: {counts})" if counts else "")


@dataclass(frozen=True, slots=True, kw_only=True)
class Changes:
    """Describe what a build changed.

    `counts` has the number of files for each kind of change, and `files` names a few hundred of them. The other counts
    are passages that are new, removed and unchanged. A passage that moved to another file counts as unchanged.
    """

    counts: dict[str, int] = field(default_factory=dict)
    added: int = 0
    removed: int = 0
    unchanged: int = 0
    files: tuple[Change, ...] = ()

    def __str__(self) -> str:
        files = counted(*((count, what) for what, count in self.counts.items())) or "nothing changed"
        passages = counted((self.added, "added"), (self.removed, "removed"), (self.unchanged, "unchanged"))
        return f"{files}; passages: {passages or 'none'}"


def counted(*counts: tuple[int, str]) -> str:
    """Join counts that are not 0.

    >>> counted((2, "added"), (0, "edited"), (1, "removed"))
    '2 added, 1 removed'
    """
    return ", ".join(f"{count} {what}" for count, what in counts if count)


@dataclass(frozen=True, slots=True, kw_only=True)
class FileStatus:
    """Describe the state of one file.

    `state` is indexed, partial (a part could not be read), copy, unreadable or skipped, and `reason` says why.
    `pages` counts the units that the file has: pages, slides, rows, chapters or cells. `left_out` counts what is not
    part of the text, such as running heads.
    """

    path: str
    state: str
    reason: str = ""
    characters: int = 0
    pages: int = 0
    unit: str = ""
    passages: int = 0
    left_out: Mapping[str, int] = field(default_factory=dict)

    def __str__(self) -> str:
        if self.state == "indexed":
            counts = [(self.characters, "character"), (self.pages, self.unit), (self.passages, "passage")]
            sizes = ", ".join(f"{count} {what}{'s' * (count != 1)}" for count, what in counts if what and count)
            return f"{self.path}: {sizes or 'empty'}." + (f" {self.left_out_note}" if self.left_out else "")
        return f"{self.reason} {self.left_out_note}".rstrip()

    @property
    def left_out_note(self) -> str:
        """Say what is not part of the text; "" if nothing is left out.

        >>> FileStatus(path="tea.pdf", state="indexed", left_out={"running head": 12}).left_out_note
        'Left out: 12 running heads.'
        """
        counts = [f"{number:,} {_plural(what) if number != 1 else what}" for what, number in self.left_out.items()]
        return f"Left out: {', '.join(counts)}." if counts else ""


def _plural(what: str) -> str:
    """Return the plural of a thing: lines of contents, hidden rows.

    >>> _plural("line of contents"), _plural("hidden row")
    ('lines of contents', 'hidden rows')
    """
    thing, of, rest = what.partition(" of ")
    return f"{thing}s{of}{rest}"


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredPassage:
    """Hold the columns of a passage for verification. None means that a row is missing."""

    start: int
    end: int
    text: str
    sentences: Sequence[Span]
    section: Sequence[str]
    vectors: bytes | None
    tokens: bytes | None
    offsets: bytes | None
    terms: str | None
    section_terms: str | None
    name_terms: str | None


class PassageDigest(NamedTuple):
    """Pair a passage with the digest of what is encoded of it."""

    passage: Passage
    digest: str


class Claim(NamedTuple):
    """Hold passages that are to be encoded, each with a number that tells them apart."""

    numbers: Sequence[int]
    passages: Iterable[Passage]


class PassageEncoding(NamedTuple):
    """Hold the vectors of the passage that a claim has under a number."""

    number: int
    vectors: Floats
    tokens: StoredTokens
