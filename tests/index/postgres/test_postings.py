"""Keyword search has the scores of FTS5, and the postings stay right through edits."""

import random

import pytest
from support.fakes import FakeEncoder

from index.build import build
from index.postgres import postings
from index.store.embedded import index_of

WORDS = "tea coffee cocoa milk sugar kettle cup green black white two five minutes steep".split()


@pytest.fixture
def both(tmp_path, folder, database, read_here):
    """Build the folder in both stores, and return them."""

    def build_both():
        stores = [index_of(tmp_path / "index"), database]
        for index in stores:
            list(build(folder, index, FakeEncoder()))
        return stores

    return build_both


def scores(index, terms, only=None):
    """The scores of all passages for some terms, by their places, since the numbers may differ."""
    with index.open() as store, store.snapshot():
        chosen = None if only is None else store.numbers_of(only)
        found = dict(store.keyword_search(terms, 1000, chosen))
        passages = store.passages(found)
    return {(passages[number].path, passages[number].start): score for number, score in found.items()}


def write(folder, chance, name):
    text = "".join(f"# {chance.choice(WORDS)}\n\n{' '.join(chance.choices(WORDS, k=9))}.\n\n" for _ in range(6))
    (folder / name).write_text(text)


def test_scores_are_those_of_fts5_through_edits(both, folder, monkeypatch):
    monkeypatch.setattr(postings, "_WRITE", postings._WRITE.replace(f"/ {postings.BLOCK} AS", "/ 8 AS"))
    monkeypatch.setattr(postings, "_TAKE", postings._TAKE.replace(f"size < {postings.BLOCK}", "size < 8"))
    chance = random.Random(4)
    for number in range(8):
        write(folder, chance, f"note {number}.md")
    for _ in range(2):
        embedded, database = both()
        for terms in (["tea"], ["green", "tea"], ["kettl", "minut", "note"], ["zebra"], []):
            expected = scores(embedded, terms)
            assert scores(database, terms) == pytest.approx(expected, rel=1e-12)
            assert len(expected) >= 1 or "zebra" in terms or not terms
        chosen = ["note 3.md", "note 4.md"]
        assert scores(database, ["green", "tea"], chosen) == pytest.approx(
            scores(embedded, ["green", "tea"], chosen), rel=1e-12
        )
        with database.open() as store:
            assert store.problems() == []
        for number in chance.sample(range(8), 3):
            write(folder, chance, f"note {number}.md")
        chance.choice(sorted(folder.glob("note*.md"))).unlink()
        write(folder, chance, f"more {chance.randrange(8)}.md")
