"""Errors meant for the user: each message names the problem and what to do."""


class FootnoteError(Exception):
    """Base of all errors that the user can fix."""


class SourcesError(FootnoteError):
    """The folder of documents is missing or has no readable document."""


class ReadingError(FootnoteError):
    """One file cannot be read; the others can."""


class OutputError(FootnoteError):
    """What a command prints cannot be written."""


class UploadError(FootnoteError):
    """A file cannot be added to the folder of documents, or removed from it."""


class ModelError(FootnoteError):
    """The embedding model cannot be loaded."""


class IndexUnusableError(FootnoteError):
    """The index is missing, unreadable, made with another model, or in use by another build."""


class DatabaseUnreachableError(IndexUnusableError):
    """The database of the index cannot be reached, or the connection was lost. It may work again later."""


class IndexOutdatedError(IndexUnusableError):
    """The index was made by an older version, or with an older copy of its model. The next build replaces it."""

    def __init__(self, problem: str) -> None:
        super().__init__(f"{problem}: run python -m index build.")
        self.problem = problem


class IndexDamagedError(IndexUnusableError):
    """The index is damaged. A full build replaces it."""

    def __init__(self, problem: str) -> None:
        super().__init__(f"{problem}: run python -m index build --full.")
        self.problem = problem


class IndexNotWritableError(IndexUnusableError):
    """Another build is running, or the folder of the index cannot be written. The index can still be read."""
