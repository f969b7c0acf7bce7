"""Decide whether an index fits a model, and whether the next build has to replace or update it."""

from pathlib import Path
from typing import NamedTuple, Protocol

from index.changed_files import compare
from index.errors import IndexDamagedError, IndexOutdatedError, IndexUnusableError
from index.freshness import FileHashes
from index.ingest.scan import scan
from index.store.embedded import index_of
from index.store.protocols import Index
from index.store.records import Description
from index.text.chunking import VERSION


class Model(Protocol):
    """Identify a model."""

    @property
    def name(self) -> str: ...
    @property
    def fingerprint(self) -> str: ...


def check_fits(description: Description, model: Model) -> None:
    """Check that an index was made with this model and this way of chunking.

    Raises:
        IndexUnusableError: it was made with a model of another name. Replacing it takes minutes, and is more often a
            forgotten --model than intended, so that needs --full.
        IndexOutdatedError: it was made with other weights of this model, or by an older version.
    """
    if description.model != model.name and description.generation:
        raise IndexUnusableError(
            f"The index was made with the model {description.model}, not {model.name}: "
            f"choose that one with --model, or build again with python -m index build --full."
        )
    if description.fingerprint != model.fingerprint:
        raise IndexOutdatedError(f"The index was made with other weights of the model {description.model}")
    if description.chunking != VERSION:
        raise IndexOutdatedError("The index was made by an older version of Footnote")


def check_model(index: Path | Index, model: Model) -> None:
    """Check that a build may update an index with this model, or replace it because it is damaged or outdated.

    Raises:
        IndexUnusableError: the index was made with another model, or cannot be read.
    """
    why_replaced(index, model)


class BuildReason(NamedTuple):
    """Say why an index needs a build. A build that replaces a damaged or outdated index announces that itself."""

    text: str
    replaces_index: bool = False


def why_build(folder: Path, index: Path | Index, model: Model) -> BuildReason | None:
    """Return why an index needs a build before it answers from the folder as it is now; None if it does not.

    Raises:
        IndexUnusableError: the index was made with another model, or cannot be read.
        SourcesError: the folder is missing.
    """
    index = index_of(index)
    if not index.exists():
        return BuildReason("There is no index yet")
    try:
        with index.open() as store:
            check_fits(store.describe(), model)
            difference = compare(scan(folder).files, store.files(), FileHashes(folder).has_content)
    except (IndexDamagedError, IndexOutdatedError) as error:
        return BuildReason(error.problem, replaces_index=True)
    return BuildReason(f"The folder has changed ({difference})") if difference else None


def why_replaced(index: Path | Index, model: Model) -> str:
    """Return one sentence if a build has to replace an index, since it is damaged or outdated; otherwise ""."""
    index = index_of(index)
    if not index.exists():
        return ""
    try:
        with index.open() as store:
            check_fits(store.describe(), model)
    except (IndexDamagedError, IndexOutdatedError) as error:
        return replacement_notice(error)
    return ""


def replacement_notice(error: IndexDamagedError | IndexOutdatedError) -> str:
    """Return the sentence that announces a replacement."""
    return f"{error.problem}: building a new one from the documents."
