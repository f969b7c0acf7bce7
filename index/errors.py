"""Errors meant for the user: each message says what is so and what to do."""


class FootnoteError(Exception):
    """Something that the user can put right."""


class SourcesError(FootnoteError):
    """The folder of documents is missing or holds nothing that can be read."""


class ReadingError(FootnoteError):
    """One file cannot be read; the others can."""


class UploadError(FootnoteError):
    """A file cannot be added to the folder of documents, or removed from it."""


class ModelError(FootnoteError):
    """The embedding model cannot be loaded."""


class IndexUnusableError(FootnoteError):
    """The index is missing, damaged, of another model or in use by another builder."""


class IndexDamagedError(IndexUnusableError):
    """The index is damaged, not Footnote's or of another version: only a full build mends it."""


class IndexNotWritableError(IndexUnusableError):
    """Another build is under way, or the folder of the index cannot be written. An index in it can still be read."""
