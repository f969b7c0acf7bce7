import sqlite3
import threading

import pytest
from support.libraries import built

from index import watch as watching
from index.errors import FootnoteError, IndexUnusableError, ModelError, UploadError
from index.library import TRASH, Library
from index.store.connection import DATABASE_NAME

pytestmark = pytest.mark.stores


def first(library, question):
    return library.search(question, 1).hits[0].passage.text


def test_it_finds_passages_once_it_is_built(library):
    assert first(built(library), "Where does coffee come from?").startswith("Coffee comes from Ethiopia.")


def test_its_standing_names_what_changed_and_what_is_not_read(library, folder):
    status = built(library).status()
    assert (status.description.documents, status.description.passages) == (2, 3)
    assert not status.difference
    (folder / "bad.txt").write_bytes(b"a\0b")
    (folder / "bad.exe").write_bytes(b"")
    assert str(library.status().difference) == "1 added"
    assert [why.split(" ")[0] for why in built(library).status().unread] == ["bad.txt", "bad.exe"]


def test_the_status_of_each_file_with_its_state(library, folder):
    (folder / "bad.exe").write_bytes(b"")
    built(library)
    (folder / "tea.md").write_text("# Tea\n\nNew.\n")
    (folder / "coffee.txt").unlink()
    (folder / "cocoa.txt").write_text("Cocoa.")
    assert [(status.path, status.state) for status in library.file_statuses()] == [
        ("bad.exe", "skipped"),
        ("cocoa.txt", "added"),
        ("coffee.txt", "removed"),
        ("tea.md", "edited"),
    ]


def test_the_status_counts_what_is_left_out_of_a_file(library, folder):
    story = "<h2>Part</h2><p>Green tea steeps for two minutes in water that has cooled down a little.</p>" * 9
    links = "<ul><li><a href=a>All about cups</a><li><a href=b>All about pots</a></ul>"
    (folder / "page.html").write_text(f"<body><h1>Tea</h1>{story}{links}</body>")
    built(library)
    status = next(status for status in library.file_statuses() if status.path == "page.html")
    assert (status.state, status.reason, status.left_out) == ("indexed", "", {"block of boilerplate": 2})
    assert str(status).endswith(" passages. Left out: 2 blocks of boilerplate.")


def test_an_empty_folder_is_a_state_and_not_an_end(library, folder):
    for path in folder.iterdir():
        path.unlink()
    assert built(library).status() is None
    assert "holds no document that can be read" in library.problem
    with pytest.raises(FootnoteError, match=r"The folder .* holds no document that can be read: add some"):
        library.search("tea?", 1)


def test_before_the_first_build_there_are_no_documents(library):
    with pytest.raises(FootnoteError, match=r"There are no documents yet: put some into .*, then update the library"):
        library.search("tea?", 1)


def test_a_cancelled_build_keeps_the_last_index(library, folder, encoder):
    built(library)
    (folder / "coffee.txt").write_text("Coffee comes from Yemen.")
    entered, go_on = threading.Event(), threading.Event()
    embed = encoder.encode_passages

    def slowly(passages):
        entered.set()
        assert go_on.wait(30)
        yield from embed(passages)

    encoder.encode_passages = slowly
    library.start_build()
    assert entered.wait(30)
    assert library.is_building
    assert first(library, "Where does coffee come from?").startswith("Coffee comes from Ethiopia.")
    library.cancel_build()
    go_on.set()
    library.wait()
    assert library.problem == "Update cancelled. Answers use the last complete index."
    assert first(library, "Where does coffee come from?").startswith("Coffee comes from Ethiopia.")


def test_while_it_watches_an_edit_starts_a_build(library, folder, monkeypatch):
    monkeypatch.setattr(watching, "POLL_SECONDS", 3600.0)  # so that only the system's report counts
    built(library)
    done = threading.Event()
    library.on_built = done.set
    library.watch.start()
    for number in range(600):  # the watcher may not be set up at the first edit
        (folder / "coffee.txt").write_text(f"Coffee comes from Yemen, or from {number} farms.")
        if done.wait(0.1):
            break
    library.watch.stop()
    library.wait()
    assert done.is_set()
    assert "Yemen" in first(library, "Where does coffee come from?")
    assert not library.watch.is_on


def test_a_file_that_is_added_during_a_build_is_indexed_after_it(library, folder, encoder):
    entered, go_on = threading.Event(), threading.Event()
    embed = encoder.encode_passages

    def slowly(passages):
        entered.set()
        assert go_on.wait(60)
        yield from embed(passages)

    encoder.encode_passages = slowly
    library.start_build()
    assert entered.wait(60)
    (folder / "cocoa.txt").write_text("Cocoa is sweet.")
    library.start_build()
    go_on.set()
    library.wait()
    assert library.status().description.generation == 2
    assert first(library, "Is cocoa sweet?") == "Cocoa is sweet."


def test_what_waits_is_cancelled_with_the_build(library, encoder):
    entered, go_on = threading.Event(), threading.Event()

    encoder.token_axes = lambda axes=encoder.token_axes: entered.set() or (go_on.wait(60) and axes())
    library.start_build()
    assert entered.wait(60)
    library.start_build()
    library.cancel_build()
    go_on.set()
    library.wait()
    read = "The documents have not been read yet: update the library to read them."
    assert library.problem == f"Update cancelled. {read}"
    assert not library.is_built


def test_cancelling_a_build_ends_watching_too(library):
    built(library)
    library.watch.start()
    library.cancel_build()
    assert not library.watch.is_on


def test_what_is_to_be_done_after_a_build_is_done(library):
    done = []
    library.on_built = lambda: done.append(library.status().description.generation)
    built(library)
    assert done == [1]


def test_a_model_that_cannot_be_loaded_is_said(folder, index):
    def load():
        raise ModelError("tea cannot be loaded as a sentence-transformers model: check --model.")

    library = built(Library(folder, index, load))
    assert library.problem == "tea cannot be loaded as a sentence-transformers model: check --model."


def test_a_quote_is_held_until_its_document_changes(library, folder):
    assert not library.still_says("tea.md", "Green tea")
    built(library)
    assert library.still_says("tea.md", "Green tea steeps for two minutes.")
    assert not library.still_says("tea.md", "Green tea steeps for five minutes.")
    assert not library.still_says("none.md", "Green tea")
    (folder / "tea.md").write_text("# Tea\n\nLong before.\n\nGreen tea steeps for two minutes. Black tea: three.\n")
    assert not library.still_says("tea.md", "Green tea steeps for two minutes.")
    built(library)
    assert library.still_says("tea.md", "Green tea steeps for two minutes.")
    assert not library.still_says("tea.md", "Black tea steeps for five minutes.")


@pytest.mark.folder_only
def test_documents_are_added_and_removed_and_none_is_lost(library, folder, index, tmp_path):
    (tmp_path / "upload").write_text("Cocoa is sweet.")
    library.add("cocoa.txt", tmp_path / "upload")
    assert first(built(library), "Is cocoa sweet?") == "Cocoa is sweet."
    trashed = library.remove("cocoa.txt")
    assert trashed.is_relative_to(index / TRASH) and trashed.read_text() == "Cocoa is sweet."
    with pytest.raises(UploadError, match=r"cocoa\.txt is not in the folder"):
        library.remove("cocoa.txt")
    assert built(library).status().description.documents == 2


def test_the_size_is_that_of_the_index_and_not_of_removed_files(library):
    before = built(library).size()
    library.remove("tea.md")
    assert before > 50_000
    assert library.size() == before


@pytest.mark.folder_only
@pytest.mark.parametrize("damage", ["file", "row"])
def test_a_damaged_index_is_built_again_and_says_so(library, index, damage):
    built(library)
    if damage == "file":
        (index / DATABASE_NAME).write_bytes(b"not a database")
    else:
        with sqlite3.connect(index / DATABASE_NAME) as connection:
            connection.execute("UPDATE passage SET text = replace(text, 'Ethiopia', 'Atlantis')")
        connection.close()
    with pytest.raises(IndexUnusableError, match=r"is damaged .*: it is being built again\. Ask again when done"):
        first(library, "Where does coffee come from?")
    library.wait()
    assert library.problem == ""
    assert first(library, "Where does coffee come from?").startswith("Coffee comes from Ethiopia.")


@pytest.mark.folder_only
def test_an_index_that_cannot_be_built_again_is_not_tried_again_and_again(library, folder, index):
    built(library)
    (index / DATABASE_NAME).write_bytes(b"not a database")
    for path in folder.iterdir():
        path.unlink()
    with pytest.raises(IndexUnusableError, match="it is being built again"):
        library.search("tea", 1)
    library.wait()
    with pytest.raises(
        IndexUnusableError, match=r"update the library\. The folder .* holds no document that can be read"
    ):
        library.search("tea", 1)
    assert not library.is_building
