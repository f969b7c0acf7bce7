"""Queue the staged passages that have no vectors, and save their vectors at once, so that the next build finds them."""

from collections.abc import Generator, Iterable

from index.embed.late_interaction import Floats
from index.store.records import Claim, PassageEncoding
from index.store.schema import SELECT_PASSAGES, passage_of
from index.store.store import VECTOR_TYPE, Store
from index.types import Passage

CLAIMED = 1024  # passages at once; those of similar length are encoded together
# A digest that is being encoded is in the queue until its vectors are saved.
_TABLE = """
DROP TABLE IF EXISTS queued;
CREATE TEMP TABLE queued (digest TEXT PRIMARY KEY, id INTEGER, size INTEGER) WITHOUT ROWID;
CREATE INDEX temp.queued_size ON queued(size DESC, id);
"""
_QUEUE = """
INSERT OR IGNORE INTO queued SELECT digest, id, "end" - start FROM staged_passage
WHERE id > ? AND NOT EXISTS (SELECT 1 FROM encoding WHERE encoding.digest = staged_passage.digest)"""
_SAVE = """
INSERT OR REPLACE INTO encoding SELECT digest, ?1, ?2, ?3, checksum(digest, ?1), checksum(digest, ?2, ?3)
FROM staged_passage WHERE id = ?4"""


class StagedQueue:
    """Claim staged passages, and save their vectors."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._connection = store.connection
        self._last_queued = 0
        with store.writing():
            self._connection.executescript(_TABLE)

    def token_axes(self) -> Floats:
        """Return the axes that token vectors are projected on, shape (width, axes)."""
        return self._store.token_axes()

    def queue(self) -> int:
        """Put the passages that were staged since the last call and have no vectors into the queue; return how many."""
        with self._store.writing():
            found = self._connection.execute(_QUEUE, (self._last_queued,)).rowcount
            last = self._connection.execute("SELECT max(id) FROM staged_passage").fetchone()[0]
        self._last_queued = last or 0
        return found

    def waiting(self) -> int:
        """Return how many passages are in the queue, including those that are being encoded."""
        with self._store.reading():
            return int(self._connection.execute("SELECT count(*) FROM queued").fetchone()[0])

    def claims(self) -> Generator[Claim, None, None]:
        """Yield passages of the queue until none is left, the longest first."""
        while numbers := self._longest():
            yield Claim(numbers, [self.passage(number) for number in numbers])

    def passage(self, number: int) -> Passage:
        """Return a staged passage."""
        with self._store.reading():
            query = f"{SELECT_PASSAGES.format('staged_')} WHERE passage.id = ?"
            return passage_of(self._connection.execute(query, (number,)).fetchone())

    def save_encodings(self, encodings: Iterable[PassageEncoding]) -> None:
        """Save the vectors of staged passages, which then leave the queue."""
        rows = [
            (
                found.vectors.astype(VECTOR_TYPE).tobytes(),
                found.tokens.packed.tobytes(),
                found.tokens.offsets.tobytes(),
                found.number,
            )
            for found in encodings
        ]
        with self._store.transaction():
            self._connection.executemany(_SAVE, rows)
            self._connection.executemany(
                "DELETE FROM queued WHERE digest = (SELECT digest FROM staged_passage WHERE id = ?)",
                [row[-1:] for row in rows],
            )

    def _longest(self) -> list[int]:
        query = "SELECT id FROM queued ORDER BY size DESC, id LIMIT ?"
        with self._store.reading():
            return [row[0] for row in self._connection.execute(query, (CLAIMED,))]
