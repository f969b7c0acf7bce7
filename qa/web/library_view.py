"""Show the library as HTML: what the index contains, how it differs from the folder, and every file with its status."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from itertools import groupby

from qa.answer.folder import joined
from qa.formatting import count
from qa.question_log import AnswerChange
from qa.web.html import render
from qa.web.library import FileStatus, Progress

MAX_ROWS = 100
MAX_NAMED = 4
COLUMNS = ("Document", "Type", "Pages", "Passages", "Status")
_STAGES = {
    "Preparing the model": ("Getting ready", ""),
    "Reading": ("Reading", "files"),
    "Embedding": ("Indexing", "passages"),
}
_MIN_SHARE, _MIN_SECONDS = 0.03, 3  # of a build, from which the rest is estimated
# A removed file, and one that no reader takes, has no text to open.
_WORDS = {
    "partial": "partly read",
    "unreadable": "not readable",
    "skipped": "not supported",
    "edited": "changed",
    "added": "waiting",
}
_READABLE = ("indexed", "partial", "edited")
_FINE = ("indexed", "copy")
_STALE = ("added", "edited", "removed")


@dataclass(frozen=True, slots=True, kw_only=True)
class Status:
    """The library's status line: what it contains, how the folder differs, and the build that is running.

    `when` says when it was updated, `seconds` how long the build has been running, `document` the file that it reads,
    and `embedded` how many passages it has embedded meanwhile. `unread_key` is another one if other documents need
    attention.
    """

    summary: str = ""
    when: str = ""
    unread: int = 0
    unread_key: str = ""
    changed: str = ""
    problem: str = ""
    building: Progress | None = None
    seconds: float = 0.0
    document: str = ""
    embedded: int = 0
    may_change: bool = True

    @property
    def is_cancelled(self) -> bool:
        """Whether the problem is only that someone cancelled the last build."""
        return self.problem.startswith("Update cancelled")


@dataclass(frozen=True, slots=True, kw_only=True)
class TableView:
    """Which rows of the table to show: those that match `search`, in the `order` of a column ("-" reverses it)."""

    search: str = ""
    order: str = "Document"
    page: int = 0

    @property
    def column(self) -> str:
        """The column to sort by."""
        return self.order.removeprefix("-")

    @property
    def is_descending(self) -> bool:
        """Whether the order is reversed."""
        return self.order.startswith("-")


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A file to list, by its name in its folder."""

    name: str
    file: FileStatus


@dataclass(frozen=True, slots=True, kw_only=True)
class Folder:
    """Rows of one folder, and how many files it has; all rows if `path` is empty."""

    path: str = ""
    files: int = 0
    rows: tuple[Row, ...]


def summary_text(documents: int, built_at: float) -> str:
    """Say how many documents an index contains, and when it was updated.

    >>> summary_text(1, 0.0).split(" · ")[0]
    '1 document'
    """
    return f"{count(documents, 'document')} · updated {time_text(built_at)}"


def inside_text(paths: Sequence[str]) -> str:
    """Say how many documents a folder contains, and name its largest folders, or its documents if most are in none.

    >>> inside_text(["b/x.md", "a/x.md", "a/y.md", "c.md"]), inside_text(["tea.md", "mate.md"])
    ('4 documents in a and b', '2 documents: tea.md and mate.md')
    """
    folders = Counter(path.partition("/")[0] for path in paths if "/" in path)
    is_named = folders.total() < len(paths) / 2  # most are in no folder
    by_depth = sorted(paths, key=lambda path: path.count("/"))
    names = by_depth if is_named else [name for name, _ in folders.most_common()]
    where = ":" if is_named else f" in {len(folders):,} folders:" if len(folders) > MAX_NAMED else " in"
    return f"{count(len(paths), 'document')}{where} {joined(names, MAX_NAMED)}"


def time_text(timestamp: float) -> str:
    """Write a time of today as hours and minutes, another one with its date."""
    then = datetime.fromtimestamp(timestamp)
    if then.date() == date.today():
        return f"today {then:%H:%M}"
    return f"{then.day} {then:%B %Y, %H:%M}"


def status_html(status: Status) -> str:
    """Show the header's status."""
    return render("status.html", status=status, progress=progress_html(status) if status.building else "")


def progress_html(status: Status) -> str:
    """Show how far a build or an evaluation is, and how long it will take."""
    building = status.building
    assert building
    stage, things = _STAGES.get(building.stage, (building.stage, ""))
    return render(
        "progress.html",
        stage=stage,
        things=things,
        building=building,
        embedded=status.embedded,
        left=left_text(building, status.seconds),
    )


def table_html(entries: Sequence[FileStatus], view: TableView, may_change: bool, is_building: bool = False) -> str:
    """Show the files that match the view, a hundred to a page, with buttons to open and to remove them.

    While a build runs, files that differ from the index need no attention: it reads them.
    """
    if is_building:
        entries = [replace(entry, reason="") if entry.state in _STALE else entry for entry in entries]
    fine = (*_FINE, *_STALE) if is_building else _FINE
    wanted = view.search.casefold()
    found = [
        entry
        for entry in entries
        if wanted in f"{entry.path} {kind(entry)} {entry.state} {state_word(entry)}".casefold()
    ]
    found.sort(key=_KEYS.get(view.column, _KEYS["Document"]), reverse=view.is_descending)
    pages = max(1, -(-len(found) // MAX_ROWS))
    page = min(max(view.page, 0), pages - 1)
    return render(
        "table.html",
        folders=_folders(found[page * MAX_ROWS : (page + 1) * MAX_ROWS], found, view),
        found=len(found),
        total=len(entries),
        attention=sum(entry.state not in fine for entry in entries),
        page=page,
        pages=pages,
        view=view,
        columns=COLUMNS,
        may_change=may_change,
        kind=kind,
        reason=reason_text,
        readable=_READABLE,
        state_word=state_word,
    )


def _folders(rows: Sequence[FileStatus], found: Sequence[FileStatus], view: TableView) -> list[Folder]:
    """Put the rows of a page in folders if they are sorted by name; otherwise they are one list."""
    if view.column != "Document" or not any("/" in entry.path for entry in found):
        return [Folder(rows=tuple(Row(name=entry.path, file=entry) for entry in rows))]
    counts = Counter(_folder_of(entry) for entry in found)
    return [
        Folder(
            path=path,
            files=counts[path],
            rows=tuple(Row(name=entry.path.removeprefix(path), file=entry) for entry in group),
        )
        for path, group in groupby(rows, key=_folder_of)
    ]


def _folder_of(entry: FileStatus) -> str:
    """Return the folder of a file with a slash at its end; "" at the top."""
    return "".join(entry.path.rpartition("/")[:2])


def reason_text(entry: FileStatus) -> str:
    """Say why a file needs attention, without its name: ".exe files are not read."."""
    text = entry.reason.removeprefix(entry.path).removeprefix(":").strip().removeprefix("is ")
    text = text.removeprefix("only partly read: ").removeprefix("skipped because ")
    return text[:1].upper() + text[1:]


def state_word(entry: FileStatus) -> str:
    """Name a file's state; one that was read and has no text is "empty"."""
    is_empty = entry.state == "indexed" and not entry.characters
    return "empty" if is_empty else _WORDS.get(entry.state, entry.state)


def kind(entry: FileStatus) -> str:
    """Name a file's type after its suffix."""
    name = entry.path.rpartition("/")[2]
    return name.rpartition(".")[2].upper() if "." in name else ""


_KEYS: dict[str, Callable[[FileStatus], tuple[int | str, str]]] = {
    "Document": lambda entry: (_folder_of(entry).casefold(), entry.path.casefold()),
    "Type": lambda entry: (kind(entry), entry.path),
    "Pages": lambda entry: (entry.pages, entry.path),
    "Passages": lambda entry: (entry.passages, entry.path),
    "Status": lambda entry: (entry.state, entry.path),
    "Attention": lambda entry: (entry.state in _FINE, entry.path),
}


def changes_html(changes: Sequence[AnswerChange]) -> str:
    """Show the questions whose answers have changed, before and now side by side; empty if there are none."""
    return render("changes.html", changes=changes)


def last_build_html(changes: Sequence[object], summary: str) -> str:
    """Show what the last update changed, file by file; empty if it changed nothing."""
    return render("last_build.html", changes=changes, summary=summary)


def facts_html(facts: Sequence[tuple[str, str]], folded_as: str = "") -> str:
    """Show facts about the index as a list of names and values, folded under a title if one is given."""
    return render("facts.html", facts=facts, title=folded_as)


def left_text(building: Progress, seconds: float) -> str:
    """Estimate how long a build will take; empty as long as too little is done to tell."""
    if building.share < _MIN_SHARE or seconds < _MIN_SECONDS:
        return ""
    left = seconds * (1 - building.share) / building.share
    return f"about {left / 60:.0f} min left" if left > 90 else f"about {max(left, 1):.0f} s left"
