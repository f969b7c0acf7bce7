"""Compare an index with its folder, as a whole and file by file."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from index.changed_files import compare
from index.ingest.scan import Folder, scan
from index.store.protocols import SearchStore
from index.store.records import Description, Difference, FileRecord, FileStatus


@dataclass(frozen=True, slots=True, kw_only=True)
class LibraryStatus:
    """Describe an index, how the folder differs from it, and why some files are skipped or only partly read."""

    description: Description
    difference: Difference
    unread: tuple[str, ...]


def library_status(found: Folder, store: SearchStore, has_content: Callable[[FileRecord], bool]) -> LibraryStatus:
    """Compare an index with the files of its folder. See `compare` for `has_content`."""
    known = store.files()
    reasons = filter(None, (record.reason or record.note for record in known.values()))
    return LibraryStatus(
        description=store.describe(),
        difference=compare(found.files, known, has_content),
        unread=(*reasons, *found.skipped.values()),
    )


def file_statuses(
    found: Folder, store: SearchStore | None, has_content: Callable[[FileRecord], bool]
) -> list[FileStatus]:
    """Return the state of every file of a folder, including skipped files and those that wait for a build."""
    statuses: dict[str, FileStatus] = {}
    if store:
        statuses = {status.path: status for status in store.file_statuses()}
        difference = compare(found.files, store.files(), has_content)
        for paths, state, reason in (
            (difference.edited, "edited", "has changed since it was read: update the library to read it again."),
            (difference.removed, "removed", "is no longer in the folder: update the library to remove it."),
        ):
            statuses |= {path: FileStatus(path=path, state=state, reason=f"{path} {reason}") for path in paths}
    statuses |= {
        path: FileStatus(path=path, state="added", reason=f"{path} waits to be read: update the library to read it.")
        for path in found.files
        if path not in statuses
    }
    statuses |= {path: FileStatus(path=path, state="skipped", reason=reason) for path, reason in found.skipped.items()}
    return [statuses[path] for path in sorted(statuses)]


def question_files(sources: Path) -> list[str]:
    """Return the files of questions (JSON lines) in a folder. They are not documents."""
    found = [path for path in scan(sources).skipped if path.endswith(".jsonl")]
    return [path for path in found if (sources / path).is_file() and not (sources / path).is_symlink()]
