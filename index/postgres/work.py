"""Share the encoding of passages between processes: a build queues them, and workers claim some at a time.

A claim locks its rows of the table `work` until its vectors are saved, in one transaction. If a worker is killed, the
server rolls the transaction back, and others claim its rows.
"""

import json
from collections.abc import Generator, Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
from psycopg import Connection

from index.embed.late_interaction import Floats
from index.errors import IndexUnusableError
from index.postgres.halfvec import copy_rows
from index.postgres.schema import version
from index.postgres.tables import one_row
from index.store.protocols import IndexedModel
from index.store.records import Claim, PassageEncoding
from index.store.schema import pairs
from index.types import Passage

CLAIMED = 256  # passages at once, which a killed process loses
_CLAIM = """
SELECT id, digest, start, "end", text, section, sentences FROM work WHERE edition = %s
ORDER BY "end" - start DESC, id LIMIT %s FOR UPDATE SKIP LOCKED"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Edition:
    """The encodings of one model and way of chunking. `is_new` means that a full build writes it beside the old one."""

    id: int
    width: int
    is_new: bool = False


class Editions:
    """Find or begin the edition that a build writes. Only the running build may use it."""

    def __init__(self, connection: Connection[Any]) -> None:
        self._connection = connection

    def for_build(self, model: IndexedModel, chunking: int, full: bool) -> Edition:
        """Return the edition that is read, or a new one with `full` or if there is none."""
        connection = self._connection
        current = one_row(connection, "SELECT edition AS id FROM meta")["id"]
        if current and not full:
            return Edition(
                id=current, width=one_row(connection, "SELECT width FROM edition WHERE id = %s", current)["width"]
            )
        with connection.transaction():
            connection.execute("DELETE FROM work")
            for table in ("vector", "encoding"):  # of a full build that was interrupted
                connection.execute(f"DELETE FROM {table} WHERE edition <> %s", (current,))
            connection.execute("DELETE FROM edition WHERE id <> %s", (current,))
            connection.execute(
                "INSERT INTO edition (id, model, fingerprint, width, chunking, axes) VALUES (%s, %s, %s, %s, %s, %s)",
                (current + 1, model.name, model.fingerprint, model.width, chunking, model.token_axes().tobytes()),
            )
            if not current:  # at once, so that the next build finds what an interrupted build has embedded
                connection.execute("UPDATE meta SET edition = %s", (current + 1,))
        return Edition(id=current + 1, width=model.width, is_new=bool(current))


class Queue:
    """Claim passages of an edition, and save their vectors."""

    def __init__(self, connection: Connection[Any], edition: int) -> None:
        self._connection = connection
        self._edition = edition
        self._digests: dict[int, str] = {}

    def token_axes(self) -> Floats:
        """Return the axes that token vectors are projected on, shape (width, axes)."""
        row = one_row(self._connection, "SELECT width, axes FROM edition WHERE id = %s", self._edition)
        return np.frombuffer(row["axes"], dtype=np.float32).reshape(row["width"], -1)

    def waiting(self) -> int:
        """Return how many passages are in the queue, including those that are being encoded."""
        return int(one_row(self._connection, "SELECT count(*) AS n FROM work WHERE edition = %s", self._edition)["n"])

    def claims(self) -> Generator[Claim, None, None]:
        """Yield passages to encode, the longest first, until none is left. A claim is empty if others have the rest."""
        is_closed = False
        while not is_closed:
            with self._connection.transaction():
                rows = self._connection.execute(_CLAIM, (self._edition, CLAIMED)).fetchall()
                self._digests = {row["id"]: row["digest"] for row in rows}
                if rows:
                    try:
                        yield Claim(list(self._digests), [_passage(row) for row in rows])
                    except GeneratorExit:  # what is saved of the claim stays
                        is_closed = True
            if rows:
                continue
            if not self.waiting():
                return
            yield Claim((), ())

    def save_encodings(self, encodings: Iterable[PassageEncoding]) -> None:
        """Save the vectors of claimed passages, which then no longer wait."""
        found = {self._digests[one.number]: one for one in encodings}
        rows = self._connection.execute(
            """INSERT INTO encoding (edition, digest, tokens, offsets)
            SELECT %s, * FROM unnest(%s::text[], %b::bytea[], %b::bytea[])
            ON CONFLICT (edition, digest) DO NOTHING RETURNING id, digest""",
            (
                self._edition,
                list(found),
                [one.tokens.packed.tobytes() for one in found.values()],
                [one.tokens.offsets.tobytes() for one in found.values()],
            ),
        ).fetchall()
        with self._connection.cursor().copy("COPY vector FROM STDIN (FORMAT binary)") as copy:
            copy.write(copy_rows(self._edition, [(row["id"], found[row["digest"]].vectors) for row in rows]))
        numbers = [one.number for one in found.values()]
        self._connection.execute("DELETE FROM work WHERE id = ANY(%s)", (numbers,))


class Worker:
    """Encode passages for builds that other processes run."""

    def __init__(self, connection: Connection[Any], model: IndexedModel) -> None:
        self._connection = connection
        self._model = model

    def queue(self) -> Queue | None:
        """Return the queue of the running build; None if no passage waits.

        Raises:
            IndexUnusableError: the build uses another model.
        """
        if not version(self._connection):
            return None
        row = self._connection.execute(
            "SELECT id, model, fingerprint FROM edition WHERE id IN (SELECT edition FROM work LIMIT 1)"
        ).fetchone()
        if row is None:
            return None
        if (row["model"], row["fingerprint"]) != (self._model.name, self._model.fingerprint):
            raise IndexUnusableError(
                f"The build uses the model {row['model']} with other weights than {self._model.name} here: "
                "choose the same one with --model."
            )
        return Queue(self._connection, row["id"])


def _passage(row: dict[str, Any]) -> Passage:
    return Passage(
        path="",
        start=row["start"],
        end=row["end"],
        text=row["text"],
        section=tuple(json.loads(row["section"])),
        sentences=pairs(row["sentences"]),
    )
