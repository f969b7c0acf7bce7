import sqlite3

import pytest

from index.freshness import Freshness
from index.store import FILE_NAME, Store
from index.verifying import verify


def problems(index, folder):
    with Store.open(index) as store:
        return verify(store, folder)


def test_a_sound_index_has_no_problem(run, folder, index):
    run()
    assert problems(index, folder) == []


@pytest.mark.parametrize(
    ("damage", "expected"),
    [
        ('UPDATE passage SET "end" = 9999 WHERE id = 1', "a range is not the document's"),
        ("UPDATE encoding SET vectors = x'00'", "its vectors are missing or of the wrong size"),
        ("UPDATE encoding SET tokens = x'00'", "its tokens are missing or of the wrong size"),
        ("UPDATE encoding SET places = x''", "its tokens are missing or of the wrong size"),
        ("UPDATE passage SET text = 'other' WHERE id = 1", "a range is not the document's"),
        ("UPDATE form SET held = 9 WHERE word = 'coffee'", "The counts of the documents' words are wrong"),
        ("DELETE FROM stem WHERE word = 'coffe'", "The counts of the documents' words are wrong"),
        ("UPDATE words SET text = 'other' WHERE rowid = 1", "the full text holds other words"),
        ("DELETE FROM words WHERE rowid = 1", "There are 3 passages and 2 in the full text"),
    ],
)
def test_damage_is_found(run, folder, index, damage, expected):
    run()
    with sqlite3.connect(index / FILE_NAME) as connection:
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


def test_a_passage_is_current_until_its_file_changes(run, folder, index):
    run()
    freshness = Freshness(folder, index)
    with Store.open(index) as store:
        tea, coffee = store.passages_of("tea.md")[0], store.passages_of("coffee.txt")[0]
    (folder / "tea.md").touch()
    assert freshness.is_current(tea)
    (folder / "tea.md").write_text("Tea.")
    (folder / "coffee.txt").unlink()
    assert not freshness.is_current(tea)
    assert not freshness.is_current(coffee)


def test_vectors_that_are_not_the_stores_are_found(run, folder, index):
    run()
    with sqlite3.connect(index / FILE_NAME) as connection:
        connection.execute("UPDATE encoding SET vectors = zeroblob(length(vectors))")
    assert problems(index, folder) == [
        "The vectors in memory are not those of the index: run python -m index build --full."
    ]
