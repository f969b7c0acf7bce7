"""Errors of asking and evaluating. Each message names the problem and what to do."""

from index.errors import FootnoteError


class UsageError(FootnoteError):
    """Options or input that do not fit together."""


class HistoryError(FootnoteError):
    """The history sent with a question is not a list of roles and contents."""


class DatasetError(FootnoteError):
    """A file of questions cannot be read."""


class ReceiptError(FootnoteError):
    """A file is not a receipt."""


class WritingError(FootnoteError):
    """A language model cannot be reached, or its reply cannot be used."""
