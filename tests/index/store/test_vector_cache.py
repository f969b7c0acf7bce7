import time
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from support.memory import measured

from index.embed.late_interaction import unit
from index.search.searcher import Searcher
from index.store import vector_index as vectors
from index.store.store import PassageVectors, Store
from index.store.vector_cache import load
from index.store.vector_file import CACHE_NAME, Vectors, open_file, read_header, write_file
from index.store.vector_index import Quantizer


def snapshot(index, previous=None):
    with Store.open(index) as store, store.snapshot():
        return load(store, previous)


def same(one, other):
    """Whether two say the same of the same generation."""
    return (
        (one.origin, one.generation, one.passages) == (other.origin, other.generation, other.passages)
        and one.owners.tolist() == other.owners.tolist()
        and (one.vectors.rows == other.vectors.rows).all()
    )


def count_reads(monkeypatch):
    """The numbers past which passages' vectors are read from the store from now on."""
    seen = []
    read = Store.vectors_after
    monkeypatch.setattr(Store, "vectors_after", lambda store, number: seen.append(number) or read(store, number))
    return seen


def edit(folder):
    (folder / "coffee.txt").write_text("Coffee comes from Yemen.")
    (folder / "cocoa.txt").write_text("Cocoa comes from Ghana. It is bitter.")


def test_a_passage_has_a_row_and_one_for_each_sentence(run, index):
    run()
    assert snapshot(index).owners.tolist() == [1, 1, 1, 2, 2, 3, 3]
    assert snapshot(index).passages == 3


def test_after_a_build_the_file_is_opened_and_no_vector_is_read_from_the_store(run, index, monkeypatch):
    run()
    seen = count_reads(monkeypatch)
    assert snapshot(index).generation == 1
    assert seen == []


@pytest.mark.parametrize("flat", [100_000, 2])
def test_after_an_edit_what_is_held_or_in_the_file_gives_what_the_store_gives(run, folder, index, monkeypatch, flat):
    monkeypatch.setattr(vectors, "MAX_EXACT_ROWS", flat)
    monkeypatch.setattr("index.store.vector_cache._MAX_STALE_SHARE", 9)
    rows = [(folder / f"{number}.txt").write_text(f"Note {number} is here. It is short.") for number in range(20)]
    run()
    held = snapshot(index)
    old = (index / CACHE_NAME).read_bytes()
    edit(folder)
    run()
    assert (index / CACHE_NAME).read_bytes() == old and rows
    seen = count_reads(monkeypatch)
    from_held, from_file = snapshot(index, held), snapshot(index)
    assert seen == [int(held.owners.max())] * 2
    (index / CACHE_NAME).unlink()
    afresh = snapshot(index)
    assert same(from_held, afresh) and same(from_file, afresh)
    assert (index / CACHE_NAME).exists()


def test_the_file_is_written_anew_once_much_of_it_is_out_of_date(run, folder, index):
    run()
    old = (index / CACHE_NAME).read_bytes()
    edit(folder)
    run()
    assert (index / CACHE_NAME).read_bytes() != old


@pytest.mark.parametrize("damage", ["cut", "changed", "empty", "nonsense", "another index's"])
def test_a_file_in_doubt_is_thrown_away(run, index, damage):
    run()
    good, path = snapshot(index), index / CACHE_NAME
    content = bytearray(path.read_bytes())
    path.unlink()  # what is held of it stays as it is, as when it is replaced
    if damage == "another index's":
        run(full=True)
        path.write_bytes(content)
        assert snapshot(index).origin != good.origin
        assert path.read_bytes() != bytes(content)
        return
    content[-1] ^= 1
    path.write_bytes({"cut": content[:-9], "changed": content, "empty": b"", "nonsense": b"x" * 9999}[damage])
    assert same(snapshot(index), good)
    assert same(snapshot(index), good)


def test_a_number_is_not_given_again_to_another_passage(run, folder, index):
    run()
    held = snapshot(index)
    (folder / "tea.md").unlink()
    run()
    edit(folder)
    run()
    assert not set(snapshot(index).owners.tolist()) & {2, 3}
    assert same(snapshot(index, held), snapshot(index))


def test_an_index_that_cannot_be_written_is_searched_all_the_same(run, index, encoder, monkeypatch):
    run()
    (index / CACHE_NAME).unlink()

    def refuse(*_, **__):
        raise PermissionError("read-only")

    monkeypatch.setattr("index.store.vector_file.atomic_write", refuse)
    assert Searcher(index, encoder).search("green tea", 1).hits[0].passage.path == "tea.md"
    assert not (index / CACHE_NAME).exists()


def test_the_cache_has_the_encoded_vectors_to_the_last_bit(run, index, encoder):
    run()
    with Store.open(index) as store:
        passages = [passage for path in store.files() for passage in store.passages_of(path)]
    encoded = np.concatenate([found.vectors for found in encoder.encode_passages(passages)])
    cached = snapshot(index)
    assert cached.owners.tolist() == [1, 1, 1, 2, 2, 3, 3]
    assert cached.vectors.rows.tobytes() == encoded.astype(np.float16).tobytes()


def test_many_vectors_are_written_and_read_in_little_memory(run, index, monkeypatch):
    run()
    (index / CACHE_NAME).unlink()
    monkeypatch.setattr(vectors, "MAX_EXACT_ROWS", 10_000)
    monkeypatch.setattr(vectors, "_TRAINING_ROWS", 1_000)
    numbers, width = np.arange(1, 80_001), 64
    made = unit(np.random.default_rng(0).standard_normal((4_000, width), dtype=np.float32)).astype(np.float16)

    def batches(store, number):
        for first in range(0, len(numbers), 4_000):
            yield PassageVectors(numbers[first : first + 4_000], made)

    monkeypatch.setattr(Store, "passage_numbers", lambda store: numbers)
    monkeypatch.setattr(Store, "vectors_after", batches)
    with Store.open(index) as store:
        nothing = Vectors(np.empty(0, dtype=np.int64), np.empty((0, width), dtype=np.float16), None)
        with measured() as memory:
            write_file(nothing, store)
        found = open_file(store)
    assert (index / CACHE_NAME).stat().st_size > 80_000 * (2 * width + 8)
    assert memory.peak_mb < 6  # of 12 MB
    assert np.array_equal(found.owners, numbers) and np.array_equal(found.rows[4_000:8_000], made)
    codes = Quantizer.of(found.codes.centroids).encode(made)
    assert np.array_equal(found.codes.rows, np.tile(codes, (20, 1)))


def test_many_new_vectors_are_read_from_the_file_before_the_build_writes_it(run, folder, index, monkeypatch):
    run()
    held = snapshot(index)
    edit(folder)
    monkeypatch.setattr("index.store.writer.save_cache", lambda store: None)
    run()
    assert snapshot(index, held).generation == 2
    with Store.open(index) as store:
        assert read_header(store).generation == 2


def test_a_file_that_two_threads_need_is_written_once(run, folder, index, monkeypatch):
    run()
    (index / CACHE_NAME).unlink()
    written = []

    def write_slowly(old, store):
        written.append(store.generation())
        time.sleep(0.1)
        write_file(old, store)

    monkeypatch.setattr("index.store.vector_cache.write_file", write_slowly)
    with ThreadPoolExecutor() as pool:
        first, second = pool.map(lambda _: snapshot(index), range(2))
    assert same(first, second)
    assert written == [1]
