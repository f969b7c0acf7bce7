import random
import re
import sqlite3

import pytest

from index.build import build
from index.errors import IndexUnusableError
from index.search.searcher import Searcher
from index.store.connection import DATABASE_NAME
from index.store.embedded import index_of
from index.store.store import Store
from index.store.vector_file import CACHE_NAME
from index.verify import verify

pytestmark = pytest.mark.usefixtures("read_here")


def problems(index, folder):
    with index_of(index).open() as store:
        return verify(store, folder)


def test_a_sound_index_has_no_problem(run, folder, index):
    run()
    assert problems(index, folder) == []


@pytest.mark.parametrize(
    ("damage", "expected"),
    [
        ('UPDATE passage SET "end" = 9999 WHERE id = 1', "a range differs from the document"),
        ("UPDATE encoding SET vectors = x'00'", "its vectors are missing or have the wrong size"),
        ("UPDATE encoding SET tokens = x'00'", "its tokens are missing or have the wrong size"),
        ("UPDATE encoding SET offsets = x''", "its tokens are missing or have the wrong size"),
        ("UPDATE passage SET text = 'other' WHERE id = 1", "a range differs from the document"),
        ("UPDATE word SET document_count = 9 WHERE word = 'coffee'", "The counts of the documents' words are wrong"),
        ("DELETE FROM term WHERE word = 'coffe'", "The counts of the documents' words are wrong"),
        ("UPDATE full_text SET text = 'other' WHERE rowid = 1", "the full text has other terms"),
        ("DELETE FROM full_text WHERE rowid = 1", "There are 3 passages and 2 in the full text"),
    ],
)
def test_damage_is_found(run, folder, index, damage, expected):
    run()
    with sqlite3.connect(index / DATABASE_NAME) as connection:
        connection.execute(damage)
    assert any(expected in problem for problem in problems(index, folder))


def test_files_that_changed_or_went_are_named(run, folder, index):
    run()
    (folder / "tea.md").write_text("Tea.")
    (folder / "coffee.txt").unlink()
    assert [problem.split(":")[0] for problem in problems(index, folder)] == [
        "coffee.txt is in the index, but coffee.txt cannot be opened (No such file or directory)",
        "tea.md has changed since it was read",
    ]


def test_vectors_that_are_not_the_stores_are_found(run, folder, index):
    run()
    with Store.open(index) as store:
        change = "vectors = zeroblob(length(vectors)), vectors_crc = checksum(digest, zeroblob(length(vectors)))"
        store.connection.execute(f"UPDATE encoding SET {change}")
    assert problems(index, folder) == [
        "The cached vectors differ from those of the index: run python -m index build --full."
    ]


def use(index, folder, encoder):
    """Everything that reads an index."""
    search = Searcher(index, encoder).search
    found = [search(question, 3) for question in ("green tea", "Where does coffee come from?")]
    with Store.open(index) as store, store.snapshot():
        documents = [(store.document(path), store.passages_of(path)) for path in store.files()]
        told = store.describe(), store.file_statuses(), store.changes(), store.sentence_count()
    return found, documents, told


def check_damaged(index, folder, encoder, chance):
    """Damage a sound index somewhere: it says so in one sentence, or gives what it gave before; returns whether verify
    found it."""
    path = index / DATABASE_NAME
    whole, content = use(index, folder, encoder), bytearray(path.read_bytes())
    for name in (f"{DATABASE_NAME}-wal", f"{DATABASE_NAME}-shm", CACHE_NAME):
        (index / name).unlink(missing_ok=True)
    match chance.randrange(8):
        case 0:
            del content[chance.randrange(len(content)) :]
        case 1:
            start = chance.randrange(len(content))
            content[start : start + 4096] = bytes(4096)
        case _:
            at = chance.randrange(len(content))
            content[at] ^= 1 << chance.randrange(8)
    path.write_bytes(content)
    try:
        found = problems(index, folder)
    except IndexUnusableError as error:
        found = [str(error)]
    try:
        now = use(index, folder, encoder)
    except IndexUnusableError as error:
        assert re.search(r"run python -m index build --full\.$", str(error), re.IGNORECASE) and "\n" not in str(error)
        assert found
    else:
        assert found or now == whole
    list(build(folder, index, encoder, full=True))
    assert problems(index, folder) == []
    return bool(found)


@pytest.mark.parametrize(
    ("times", "seed"), [(12, 1), pytest.param(1000, 2, marks=pytest.mark.slow)], ids=["few", "many"]
)
def test_damage_anywhere_is_said_and_mended_by_a_full_build(run, folder, index, encoder, times, seed):
    chance = random.Random(seed)
    run()
    assert sum(check_damaged(index, folder, encoder, chance) for _ in range(times)) > times // 4
