"""Tell a typewritten text from code: both are in a font of fixed pitch (pure)."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from index.ingest.readers.pdf.layout import Row, Run

_SIGNS = frozenset("{}[]();=<>_#/\\|&*+$%^~@")
MIN_FIXED = 0.8  # share of a document's characters in a font of fixed pitch
MAX_SIGNS = 0.03  # share of the characters that are signs of code
MIN_WORDS = 4.0  # of a line, on average


class Pitch:
    """Counts what a document has in a font of fixed pitch."""

    def __init__(self) -> None:
        self._characters = self._fixed = self._signs = self._words = self._lines = 0

    def learn(self, runs: Iterable[Run]) -> None:
        """Count the characters, signs and words of runs."""
        for run in runs:
            self._characters += len(run.text)
            if run.fixed:
                self._fixed += len(run.text)
                self._signs += sum(character in _SIGNS for character in run.text)
                self._words += len(run.text.split())
                self._lines += 1

    @property
    def is_typewritten(self) -> bool:
        """Say whether a document is written on a typewriter, or looks so: prose in fixed pitch."""
        is_fixed = self._fixed > MIN_FIXED * self._characters
        return is_fixed and self._signs < MAX_SIGNS * self._fixed and self._words > MIN_WORDS * self._lines

    def typed(self, rows: Sequence[Row]) -> Sequence[Row]:
        """Return the rows of a typewritten text as if their pitch were not fixed; other rows as they are."""
        if not self.is_typewritten:
            return rows
        return [Row(tuple(replace(cell, fixed=False) for cell in row.cells), row.runs) for row in rows]
