"""A flipped bit in an index never gives a wrong quote: it is reported, or does no harm."""

import random
import shutil
import sqlite3
from contextlib import closing, suppress

import pytest
from support.fakes import FakeEncoder

from index.build import build
from index.errors import FootnoteError
from index.search.searcher import Searcher
from index.store.connection import DATABASE_NAME
from qa.answer.pipeline import answer

DRINKS = ("tea", "coffee", "cocoa", "milk", "juice", "water", "cider", "punch")
COLUMNS = {
    "passage": ("text", "sentences", "section", "pages", "start", '"end"', "document", "is_ocr"),
    "encoding": ("vectors", "tokens", "offsets"),
    "document": ("text", "path", "pages", "blocks", "unit", "language", "sha256"),
    "term": ("passage_count",),
    "word": ("document_count",),
    "axis": ("rows",),
}


@pytest.fixture
def undamaged(folder, tmp_path, read_here):
    """A folder with an index without damage."""
    for number, drink in enumerate(DRINKS):
        (folder / f"{drink}.md").write_text(
            f"# {drink.title()}\n\nA cup of {drink} was first poured in {1900 + number}. It cost {number + 2} dollars."
            f"\n\n## Making\n\nMake {drink} at {60 + number} degrees. It takes {number + 3} minutes.\n"
        )
    list(build(folder, tmp_path / "undamaged", FakeEncoder()))
    return tmp_path / "undamaged"


def flipped(value, chance):
    """The value with one bit flipped."""
    if isinstance(value, int):
        return value ^ 1 << chance.randrange(8)
    content = bytearray(value.encode() if isinstance(value, str) else value)
    content[chance.randrange(len(content))] ^= 1 << chance.randrange(8)
    return bytes(content)


def damage(index, chance):
    """Flip a bit of one value of the index, past SQLite's own checks."""
    with closing(sqlite3.connect(index / DATABASE_NAME)) as connection:
        table = chance.choice(
            [*["passage"] * 5, "encoding", "encoding", "document", "document", "term", "word", "axis"]
        )
        column = chance.choice(COLUMNS[table])
        key = {"term": "word", "word": "word", "encoding": "digest"}.get(table, "rowid")
        rows = connection.execute(f"SELECT {key}, {column}, typeof({column}) FROM {table} ORDER BY 1").fetchall()
        number, value, kind = chance.choice(rows)
        if value == "":
            return
        query = f"UPDATE {table} SET {column} = CAST(? AS {kind}) WHERE {key} = ?"
        with connection:
            connection.execute("PRAGMA foreign_keys = OFF")
            with suppress(sqlite3.IntegrityError):  # a path that becomes another document's
                connection.execute(query, (flipped(value, chance), number))


def wrong_quotes(folder, reply):
    """The citations whose quote is not what the file has at their place."""
    wrong = []
    for cited in reply.citations:  # also of a reply that may not answer
        try:
            text = (folder / cited.passage.path).read_text("utf-8")
        except OSError:
            continue  # a document that is not in the folder is shown as stale
        if text[cited.start : cited.end] != cited.quote:
            wrong.append((cited.passage.path, cited.start, cited.quote))
    return wrong


@pytest.mark.parametrize(
    ("times", "seed"), [(60, 1), pytest.param(1000, 2, marks=pytest.mark.slow)], ids=["few", "many"]
)
def test_a_flipped_bit_never_gives_a_wrong_quote(undamaged, folder, index, times, seed):
    chance = random.Random(seed)
    reported = quoted = 0
    for _ in range(times):
        shutil.rmtree(index, ignore_errors=True)
        shutil.copytree(undamaged, index)
        if chance.random() < 0.5:
            (index / "vectors.bin").unlink()  # vectors are then read from the damaged index
        damage(index, chance)
        searcher = Searcher(index, FakeEncoder())
        for drink in chance.sample(DRINKS, 2):
            for question in (f"When was a cup of {drink} first poured?", f"How many minutes does {drink} take?"):
                try:
                    reply = answer(question, searcher)
                except FootnoteError as error:
                    assert "is damaged" in str(error)
                    reported += 1
                else:
                    assert wrong_quotes(folder, reply) == []
                    quoted += bool(reply.citations)
    assert reported > times // 20 and quoted > times // 2
