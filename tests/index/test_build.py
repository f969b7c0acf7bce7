import os
import re
import shutil
import sqlite3
import threading
from dataclasses import replace

import pytest
from filelock import FileLock
from support.fakes import FakeEncoder, ReadHere

from index.build import Progress, build, compare
from index.errors import IndexDamagedError, IndexUnusableError, ReadingError, SourcesError
from index.freshness import FileHashes
from index.ingest.formats import reader_version
from index.ingest.limits import Limits
from index.ingest.scan import scan
from index.search.searcher import Searcher
from index.store.connection import DATABASE_NAME
from index.store.embedded import LOCK_NAME, index_of
from index.store.records import Change, Changes, Difference
from index.store.schema import CHECKSUMS, checksum
from index.store.store import Store
from index.verify import verify

pytestmark = [pytest.mark.stores, pytest.mark.usefixtures("read_here")]

GREEN, BLACK = "Green tea steeps for two minutes.", "Black tea steeps for five minutes."
COFFEE = "Coffee comes from Ethiopia. Espresso takes thirty seconds."


def texts(index):
    with index_of(index).open() as store:
        return sorted(passage.text for path in store.files() for passage in store.passages_of(path))


@pytest.mark.quick
def test_the_first_build_takes_everything(run, encoder, index):
    report = run()
    assert report.difference == Difference(added=("coffee.txt", "tea.md"))
    assert sorted(encoder.encoded) == texts(index) == [BLACK, COFFEE, GREEN]
    assert (report.generation, report.documents, report.passages, report.embedded) == (1, 2, 3, 3)


def test_a_build_without_change_embeds_nothing_and_makes_no_generation(run, encoder):
    run()
    encoder.encoded.clear()
    assert (run().generation, encoder.encoded) == (1, [])


def test_an_edit_embeds_the_changed_passage_only(run, encoder, folder, index):
    run()
    encoder.encoded.clear()
    text = (folder / "tea.md").read_text("utf-8")
    (folder / "tea.md").write_text(text.replace("five", "six"), "utf-8")
    assert run().difference == Difference(edited=("tea.md",))
    assert encoder.encoded == ["Black tea steeps for six minutes."]
    assert "Black tea steeps for six minutes." in texts(index) and BLACK not in texts(index)


def test_an_edit_that_keeps_size_and_time_is_seen(run, encoder, folder, index):
    run()
    encoder.encoded.clear()
    path = folder / "tea.md"
    before = path.stat()
    path.write_text(path.read_text("utf-8").replace("five", "nine"), "utf-8")
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    with index_of(index).open() as store:
        found = compare(scan(folder).files, store.files(), FileHashes(folder).has_content)
        assert found == Difference(edited=("tea.md",))
    run()
    assert encoder.encoded == ["Black tea steeps for nine minutes."]


def test_editing_one_of_500_documents_embeds_its_changed_passage_only(run, encoder, folder):
    for number in range(500):
        (folder / f"{number}.md").write_text(
            f"# Note {number}\n\nNote {number} is short.\n\n## More\n\nMore {number}.\n"
        )
    run()
    encoder.encoded.clear()
    (folder / "250.md").write_text("# Note 250\n\nNote 250 was edited.\n\n## More\n\nMore 250.\n")
    assert run().embedded == 1
    assert encoder.encoded == ["Note 250 was edited."]


def test_a_renamed_file_is_not_embedded_again(run, encoder, folder, index):
    run()
    encoder.encoded.clear()
    (folder / "tea.md").rename(folder / "leaves.md")
    assert run().difference == Difference(renamed=(("tea.md", "leaves.md"),))
    assert encoder.encoded == []
    with index_of(index).open() as store:
        assert [passage.text for passage in store.passages_of("leaves.md")] == [GREEN, BLACK]


def test_a_deleted_file_is_gone(run, folder, index):
    run()
    (folder / "coffee.txt").unlink()
    assert run().difference == Difference(removed=("coffee.txt",))
    assert texts(index) == [BLACK, GREEN]


@pytest.mark.quick
def test_a_build_reports_and_stores_what_changed(run, folder, index):
    assert run().changes == Changes(
        counts={"added": 2},
        added=3,
        files=(
            Change(what="added", path="coffee.txt", added=1),
            Change(what="added", path="tea.md", added=2),
        ),
    )
    (folder / "tea.md").write_text((folder / "tea.md").read_text().replace("five", "six"))
    (folder / "coffee.txt").rename(folder / "beans.txt")
    (folder / "cocoa.txt").write_text("Cocoa comes from Ghana.")
    changes = run().changes
    assert changes == Changes(
        counts={"renamed": 1, "edited": 1, "added": 1},
        added=2,
        removed=1,
        unchanged=2,
        files=(
            Change(what="renamed", path="beans.txt", was="coffee.txt", unchanged=1),
            Change(what="edited", path="tea.md", added=1, removed=1, unchanged=1),
            Change(what="added", path="cocoa.txt", added=1),
        ),
    )
    assert run().changes == Changes(unchanged=4)
    (folder / "tea.md").touch()
    assert run().changes == Changes(unchanged=4)
    with index_of(index).open() as store:
        assert store.changes() == changes
    (folder / "cocoa.txt").unlink()
    assert run().changes.files == (Change(what="removed", path="cocoa.txt", removed=1),)


def test_a_passage_that_goes_from_one_file_to_another_is_kept(run, folder):
    (folder / "notes.md").write_text("Milk is white.\n\n# Tea\n\n## Green\n\nGreen tea is green.\n")
    run()
    (folder / "notes.md").write_text("Milk is white.\n")
    (folder / "more.md").write_text("# Tea\n\n## Green\n\nGreen tea is green.\n")
    changes = run().changes
    assert (changes.added, changes.removed, changes.unchanged) == (0, 0, 5)


def test_of_many_files_some_hundreds_are_named(run, folder):
    for number in range(400):
        (folder / f"{number}.txt").write_text(f"{number}")
    changes = run().changes
    assert (changes.counts, len(changes.files)) == ({"added": 402}, 300)


def test_a_copied_folder_has_no_edits(run, folder, index, tmp_path):
    run()
    shutil.copytree(folder, tmp_path / "copy")
    with index_of(index).open() as store:
        hashes = FileHashes(tmp_path / "copy")
        assert not compare(scan(tmp_path / "copy").files, store.files(), hashes.has_content)


def test_a_touched_file_is_no_edit(run, encoder, folder, index):
    run()
    encoder.encoded.clear()
    (folder / "tea.md").touch()
    with index_of(index).open() as store:
        assert compare(scan(folder).files, store.files()) == Difference(edited=("tea.md",))
    assert not run().difference
    with index_of(index).open() as store:
        assert not compare(scan(folder).files, store.files())
    assert encoder.encoded == []


def test_a_bad_file_is_reported_and_the_others_go_on(run, folder, index):
    (folder / "bad.txt").write_bytes(b"a\0b")
    assert run().unreadable == {"bad.txt": "bad.txt is not text: save it as UTF-8 text, or leave it out."}
    assert texts(index) == [BLACK, COFFEE, GREEN]
    assert run().generation == 1
    (folder / "bad.txt").write_text("Good now.")
    assert run().unreadable == {}
    assert "Good now." in texts(index)


def test_a_bad_file_is_no_original_of_its_copies(run, folder):
    (folder / "bad.txt").write_bytes(b"a\0b")
    (folder / "worse.txt").write_bytes(b"a\0b")
    assert list(run().unreadable) == list(run().unreadable) == ["bad.txt", "worse.txt"]


def test_a_file_that_goes_bad_leaves_the_index(run, folder, index):
    run()
    (folder / "coffee.txt").write_bytes(b"a\0b")
    run()
    assert texts(index) == [BLACK, GREEN]


def test_a_folder_without_documents_is_an_error_and_the_index_is_kept(run, folder, index):
    run()
    (folder / "coffee.txt").write_bytes(b"a\0b")
    (folder / "tea.md").write_bytes(b"a\0b")
    with pytest.raises(SourcesError, match=r"No document in .* can be read, so the index stays as it is"):
        run()
    (folder / "coffee.txt").unlink()
    (folder / "tea.md").unlink()
    with pytest.raises(SourcesError, match=r"holds no document that can be read: add some"):
        run()
    assert texts(index) == [BLACK, COFFEE, GREEN]


@pytest.mark.quick
def test_a_stopped_build_changes_nothing_and_the_next_goes_on(run, encoder, folder, index):
    run()
    for number in range(100):
        (folder / f"{number}.md").write_text(f"Note {number}.")
    encoder.encoded.clear()
    stop = threading.Event()

    class StoppedEncoder(FakeEncoder):
        def encode_passages(self, passages):
            for number, encoded in enumerate(super().encode_passages(passages)):
                assert number < 64 or stop.wait(60)
                yield encoded

    steps = build(folder, index, StoppedEncoder())
    for step in steps:
        if (step.stage, step.done, step.total) == ("Embedding", 64, 100):
            break
    stop.set()
    steps.close()
    assert texts(index) == [BLACK, COFFEE, GREEN]
    assert run().generation == 2
    assert len(encoder.encoded) == 36  # the 64 that were saved are not embedded again


def many_notes(folder, count):
    for number in range(count):
        (folder / f"note {number:03}.md").write_text(f"Note {number} is of tea.")


@pytest.mark.quick
def test_passages_are_embedded_while_files_are_read(folder, index, encoder, monkeypatch):
    monkeypatch.setattr("index.build.Parser", ReadHere)
    monkeypatch.setattr("index.build.QUEUE_EVERY", 8)
    read, is_embedded = ReadHere.read, threading.Event()

    def read_the_last_file_late(parser, path, content):
        assert path != "tea.md" or is_embedded.wait(60), "nothing was embedded while a file was read"
        return read(parser, path, content)

    monkeypatch.setattr(ReadHere, "read", read_the_last_file_late)
    many_notes(folder, 20)
    steps = list_until_embedded(build(folder, index, encoder), is_embedded)
    reading = [step for step in steps if isinstance(step, Progress) and step.stage == "Reading"]
    assert reading[-1].embedded >= 8 and reading[-1].total == 22
    assert [step.stage for step in steps[:-1]] == sorted((step.stage for step in steps[:-1]), reverse=True)
    shares = [step.share for step in steps[:-1]]
    assert shares == sorted(shares) and shares[-1] == 1.0
    assert (steps[-1].embedded, steps[-1].passages) == (23, 23)
    assert len(encoder.encoded) == len(set(encoder.encoded)) == 23


def list_until_embedded(steps, is_embedded):
    """Return all steps of a build. Note when the first passages are embedded."""
    found = []
    for step in steps:
        found.append(step)
        if step.embedded:
            is_embedded.set()
    return found


@pytest.mark.quick
def test_equal_passages_that_are_staged_at_different_times_are_embedded_once(folder, index, encoder, monkeypatch):
    monkeypatch.setattr("index.build.Parser", ReadHere)
    monkeypatch.setattr("index.build.QUEUE_EVERY", 2)
    for number in range(30):
        (folder / f"{number}.md").write_text(f"# Note\n\nNote {number}.\n\n# Tea\n\nTea is steeped.\n")
    *_, report = build(folder, index, encoder)
    assert (report.embedded, report.passages) == (34, 63)
    assert len(encoder.encoded) == 34


def test_a_build_that_is_stopped_gives_up_the_file_that_is_read(folder, index, encoder, monkeypatch):
    monkeypatch.setattr("index.build.Parser", ReadHere)
    is_stopped = threading.Event()
    monkeypatch.setattr(ReadHere, "stop", lambda parser: is_stopped.set())

    def read_for_ever(parser, path, content):
        assert is_stopped.wait(60)
        raise ReadingError(f"{path} crashes its reader: save it again or leave it out.")

    monkeypatch.setattr(ReadHere, "read", read_for_ever)
    steps = build(folder, index, encoder)
    assert next(steps).stage == "Reading"
    steps.close()
    assert is_stopped.is_set()


@pytest.mark.parametrize("full", [False, True])
def test_questions_are_answered_from_the_old_generation_during_a_build(run, encoder, folder, index, full):
    run()
    searcher = Searcher(index, encoder)
    (folder / "coffee.txt").write_text("Coffee comes from Yemen.")
    seen = []
    for _ in build(folder, index, encoder, full):
        found = searcher.search("Where does coffee come from?", 1)
        seen.append((found.generation, found.hits[0].passage.text))
    assert set(seen[:-1]) == {(1, COFFEE)}
    assert seen[-1] == (2, "Coffee comes from Yemen.")


@pytest.mark.folder_only
def test_a_full_build_that_is_stopped_leaves_the_index_and_nothing_else(run, encoder, folder, index):
    run()
    steps = build(folder, index, encoder, full=True)
    assert Progress(stage="Embedding", done=3, total=3, share=1.0) in steps
    steps.close()
    assert texts(index) == [BLACK, COFFEE, GREEN]
    before = {path.name for path in index.iterdir()}
    run()
    assert before - {path.name for path in index.iterdir()} == {"footnote.db.new"}


@pytest.mark.folder_only
def test_a_second_builder_is_refused(run, index):
    run()
    with FileLock(index / LOCK_NAME), pytest.raises(IndexUnusableError, match=r"Another build of .* is running"):
        run()


@pytest.mark.quick
def test_an_index_of_another_model_is_refused_and_rebuilt_in_full(run, encoder):
    run()
    other = FakeEncoder("other", "g" * 8)
    with pytest.raises(IndexUnusableError, match=r"made with the model fake, not other: .* build again with .* --full"):
        run(by=other)
    assert run(full=True, by=other).embedded == 3


def test_an_unfinished_index_of_another_model_is_replaced(run, folder, index, encoder):
    steps = build(folder, index, encoder)
    assert Progress(stage="Embedding", done=3, total=3, share=1.0) in steps
    steps.close()
    assert run(by=FakeEncoder("other", "g" * 8)).embedded == 3


@pytest.mark.folder_only
@pytest.mark.parametrize("content", [b"not a database", b"", b"SQLite format 3\0" + b"x" * 2000])
def test_a_damaged_index_is_replaced_by_the_next_build(run, index, content, caplog):
    run()
    (index / DATABASE_NAME).write_bytes(content)
    with pytest.raises(IndexDamagedError, match=r"is damaged \(.*\): run python -m index build --full\.$"):
        texts(index)
    notice = run().notice
    assert re.fullmatch(r"The index in .* is damaged \(.*\): building a new one from the documents\.", notice)
    assert caplog.messages == [notice]
    assert texts(index) == [BLACK, COFFEE, GREEN]
    assert run().notice == ""


@pytest.mark.folder_only
def test_damage_that_a_build_meets_in_the_middle_is_replaced_too(run, folder, index, caplog):
    run()
    with sqlite3.connect(index / DATABASE_NAME) as connection:
        connection.execute("UPDATE axis SET rows = x'00'")
    (folder / "cocoa.txt").write_text("Cocoa comes from Ghana.")
    report = run()
    assert "is damaged (" in report.notice and caplog.messages == [report.notice]
    assert (report.documents, report.embedded) == (3, 4)


@pytest.mark.folder_only
@pytest.mark.parametrize("change", ["format = 7", "chunking = 0", "fingerprint = 'older weights'"])
def test_an_outdated_index_is_rebuilt_beside_the_old_one(run, index, encoder, change):
    run()
    with sqlite3.connect(index / DATABASE_NAME) as connection:
        connection.execute(f"UPDATE meta SET {change}")
        columns = CHECKSUMS["meta.crc"]
        connection.create_function("checksum", -1, checksum)
        connection.execute(f"UPDATE meta SET crc = checksum({columns})")
    connection.close()
    encoder.encoded.clear()
    report = run()
    assert report.notice.endswith(": building a new one from the documents.")
    assert "older version of Footnote" in report.notice or "other weights of the model fake" in report.notice
    assert (report.generation, len(encoder.encoded)) == (2, 3)
    assert texts(index) == [BLACK, COFFEE, GREEN]


@pytest.mark.folder_only
def test_an_index_of_a_newer_version_is_left_alone(run, index):
    run()
    with sqlite3.connect(index / DATABASE_NAME) as connection:
        connection.execute("UPDATE meta SET format = 99")
    connection.close()
    with pytest.raises(IndexUnusableError, match="made by a newer version of Footnote: update Footnote"):
        run()


def test_a_better_reader_reads_its_files_again(run, index, folder, encoder, monkeypatch):
    run()
    encoder.encoded.clear()
    versions = {"tea.md": 99}
    monkeypatch.setattr("index.changed_files.reader_version", lambda path: versions.get(path, reader_version(path)))
    with index_of(index).open() as store:
        assert compare(scan(folder).files, store.files()) == Difference(reread=("tea.md",))
    report = run()
    assert report.difference == Difference(reread=("tea.md",))
    assert report.changes.files == (Change(what="reread", path="tea.md", unchanged=2),)
    assert encoder.encoded == []
    assert not run().difference


def test_a_partly_read_file_is_read_again_with_other_limits(folder, index, encoder, monkeypatch):
    read = ReadHere.read

    def read_in_part(parser, path, content):
        document = read(parser, path, content)
        return document if parser.limits.ocr else replace(document, note=f"{path} is read in part.")

    monkeypatch.setattr(ReadHere, "read", read_in_part)
    (folder / "coffee.txt").unlink()
    for limits, reread, partial in ((Limits(), (), 1), (Limits(), (), 1), (Limits(ocr=True), ("tea.md",), 0)):
        *_, report = build(folder, index, encoder, limits=limits)
        assert (report.difference.reread, len(report.partial)) == (reread, partial)


def test_an_index_folder_that_cannot_be_made_is_said(encoder, folder, tmp_path):
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(IndexUnusableError, match=r"cannot be written to .*: name another"):
        next(build(folder, tmp_path / "file", encoder))


@pytest.mark.quick
def test_a_copy_is_indexed_once_and_named_with_its_original(run, encoder, folder, index):
    (folder / "again").mkdir()
    (folder / "again" / "tea.md").write_bytes((folder / "tea.md").read_bytes())
    assert (run().documents, sorted(encoder.encoded)) == (2, [BLACK, COFFEE, GREEN])
    (hit,) = Searcher(index, encoder).search("green tea", 1).hits
    assert (hit.passage.path, hit.passage.copies) == ("again/tea.md", ("tea.md",))
    assert (run().generation, run().difference) == (1, Difference())
    with index_of(index).open() as store:
        assert {status.path: status.state for status in store.file_statuses()} == {
            "again/tea.md": "indexed",
            "coffee.txt": "indexed",
            "tea.md": "copy",
        }


def test_a_copy_takes_the_place_of_an_original_that_goes(run, encoder, folder, index):
    (folder / "again.md").write_bytes((folder / "tea.md").read_bytes())
    run()
    encoder.encoded.clear()
    (folder / "again.md").unlink()
    assert run().difference == Difference(removed=("again.md",))
    assert encoder.encoded == []
    (hit,) = Searcher(index, encoder).search("green tea", 1).hits
    assert (hit.passage.path, hit.passage.copies) == ("tea.md", ())


def test_a_file_that_could_not_be_read_is_tried_again_only_with_other_limits(run, folder, index, encoder, monkeypatch):
    (folder / "long.txt").write_text("Tea. " * 100)
    tried = []
    read = ReadHere.read
    monkeypatch.setattr(ReadHere, "read", lambda parser, path, *rest: tried.append(path) or read(parser, path, *rest))
    few, many = Limits(characters=99), Limits(characters=999)
    for limits, expected in ((few, ["coffee.txt", "long.txt", "tea.md"]), (few, []), (many, ["long.txt"]), (many, [])):
        *_, report = build(folder, index, encoder, limits=limits)
        assert (tried, bool(report.unreadable)) == (expected, limits is few)
        tried.clear()


@pytest.mark.folder_only
def test_a_full_disk_is_said_and_the_last_index_stays(run, folder, index, monkeypatch):
    run()
    for number in range(200):
        (folder / f"{number}.md").write_text(f"Note {number}.")
    opened = Store.open

    def open_on_a_full_disk(place):
        store = opened(place)
        pages = store.connection.execute("PRAGMA page_count").fetchone()[0]
        store.connection.execute(f"PRAGMA max_page_count = {pages + 40}")
        return store

    with monkeypatch.context() as patched:
        patched.setattr(Store, "open", open_on_a_full_disk)
        with pytest.raises(IndexUnusableError, match=r"cannot be written \(.*full\): make room and try again; nothing"):
            run()
    assert texts(index) == [BLACK, COFFEE, GREEN]
    assert run().documents == 202


class Askers:
    """Threads that search an index all the time. Every answer must be of one generation."""

    def __init__(self, index, encoder):
        self._searcher = Searcher(index, encoder)
        self._stop = threading.Event()
        self._answered = threading.Condition()
        self._seen = set()
        self.wrong = []
        self._threads = [threading.Thread(target=self._ask) for _ in range(8)]

    def __enter__(self):
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_):
        self._stop.set()
        for thread in self._threads:
            thread.join()

    def wait_for(self, generation):
        """Wait until an answer came from a generation."""
        with self._answered:
            assert self._answered.wait_for(lambda: generation in self._seen or self.wrong, 60), "no answer"

    def _ask(self):
        while not self._stop.is_set():
            try:
                found = self._searcher.search("Which cup?", 3)
                texts = [hit.passage.text for hit in found.hits]
                if {text.split()[-1] for text in texts} != {f"{found.generation}."} or len(texts) != 3:
                    self.wrong.append((found.generation, texts))
            except Exception as error:
                self.wrong.append(repr(error))
            with self._answered:
                self._seen.add(found.generation)
                self._answered.notify_all()


def test_answers_go_on_through_fifty_builds_each_of_one_generation(run, encoder, folder, index):
    def write(generation):
        for drink in ("coffee", "cocoa", "tea"):
            (folder / f"{drink}.md").write_text(f"A cup of {drink} in generation {generation}.")

    (folder / "coffee.txt").unlink()
    write(1)
    run()
    with Askers(index, encoder) as askers:
        for generation in range(2, 52):
            write(generation)
            assert run().generation == generation
            askers.wait_for(generation)
    assert askers.wrong == []


def test_a_file_with_too_many_passages_is_read_in_part(run, folder, index, monkeypatch):
    monkeypatch.setattr("index.changed_files.MAX_PASSAGES", 2)
    (folder / "long.md").write_text("# A\n\nOne.\n\n# B\n\nTwo.\n\n# C\n\nThree.\n")
    report = run()
    assert report.partial == {"long.md": "long.md is read in part: only its first 2 passages."}
    with index_of(index).open() as store:
        assert [passage.text for passage in store.passages_of("long.md")] == ["One.", "Two."]
        assert store.document("long.md").note == report.partial["long.md"]
    assert not run().difference


def test_a_file_with_too_many_sentences_is_read_in_part(run, folder, index, monkeypatch):
    monkeypatch.setattr("index.changed_files.MAX_SENTENCES", 3)
    (folder / "long.md").write_text("# A\n\nOne. Two.\n\n# B\n\nThree.\n\n# C\n\nFour.\n")
    assert run().partial == {"long.md": "long.md is read in part: only its first 2 passages."}
    with index_of(index).open() as store:
        assert [passage.text for passage in store.passages_of("long.md")] == ["One. Two.", "Three."]


def test_a_file_that_takes_too_long_to_divide_is_refused_and_not_tried_again(run, folder, index, encoder, monkeypatch):
    monkeypatch.setattr("index.changed_files._STAGE_EVERY", 1)  # some of its passages are staged before
    for name in ("slow.txt", "slow copy.txt"):
        (folder / name).write_text("# Quick\n\nQuick.\n\n# More\n\n" + "Slow. " * 1000)
    clock = [0.0]
    monkeypatch.setattr("index.divide.time.thread_time", lambda: clock[0])
    count = encoder.count

    def count_slowly(texts):
        clock[0] += 1000 * any("Slow" in text for text in texts)
        return count(texts)

    monkeypatch.setattr(encoder, "count", count_slowly)
    reason = "slow.txt takes more than 60 seconds to divide into passages: split it."
    assert run().unreadable["slow.txt"] == reason
    assert texts(index) == [BLACK, COFFEE, GREEN]
    with index_of(index).open() as store:
        assert verify(store, folder) == []
    before = clock[0]
    assert run().unreadable["slow.txt"] == reason
    assert clock[0] == before


def test_files_that_fail_slowly_do_not_keep_a_build_busy_for_ever(run, folder, index, monkeypatch):
    class SlowParser(ReadHere):
        def read(self, path, content):
            if path.endswith(".bad.txt"):
                clock[0] += 600
                raise ReadingError(f"{path} takes more than 600 seconds to read: split it.")
            return super().read(path, content)

    clock = [0.0]
    monkeypatch.setattr("index.build.Parser", SlowParser)
    monkeypatch.setattr("index.changed_files.time.monotonic", lambda: clock[0])
    for number in range(5):
        (folder / f"a{number}.bad.txt").write_text(f"Bad {number}.")
    names = []
    for _ in range(4):
        unreadable = run().unreadable
        names.append([path for path, reason in unreadable.items() if "waits for the next build" in reason])
    others = ["coffee.txt", "tea.md"]
    assert names == [["a2.bad.txt", "a3.bad.txt", "a4.bad.txt", *others], ["a4.bad.txt", *others], [], []]
    assert texts(index) == [BLACK, COFFEE, GREEN]
    assert clock[0] == 5 * 600
