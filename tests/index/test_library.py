import threading
import time

import pytest

from index.errors import FootnoteError, ModelError, UploadError
from index.library import TRASH, Library


def built(library):
    library.start_build()
    library.wait()
    return library


def first(library, question):
    return library.search(question, 1).hits[0].passage.text


def test_it_finds_passages_once_it_is_built(library):
    assert first(built(library), "Where does coffee come from?").startswith("Coffee comes from Ethiopia.")


def test_its_standing_names_what_changed_and_what_is_not_read(library, folder):
    standing = built(library).standing()
    assert (standing.description.documents, standing.description.passages) == (2, 3)
    assert not standing.difference
    (folder / "bad.txt").write_bytes(b"a\0b")
    (folder / "bad.exe").write_bytes(b"")
    assert str(library.standing().difference) == "1 added"
    assert [why.split(" ")[0] for why in built(library).standing().unread] == ["bad.txt", "bad.exe"]


def test_the_ledger_has_each_file_with_its_state(library, folder):
    (folder / "bad.exe").write_bytes(b"")
    built(library)
    (folder / "tea.md").write_text("# Tea\n\nNew.\n")
    (folder / "coffee.txt").unlink()
    (folder / "cocoa.txt").write_text("Cocoa.")
    assert [(entry.path, entry.state) for entry in library.ledger()] == [
        ("bad.exe", "skipped"),
        ("cocoa.txt", "added"),
        ("coffee.txt", "removed"),
        ("tea.md", "edited"),
    ]


def test_an_empty_folder_is_a_state_and_not_an_end(library, folder):
    for path in folder.iterdir():
        path.unlink()
    assert built(library).standing() is None
    assert "holds no document that can be read" in library.problem
    with pytest.raises(FootnoteError, match=r"The folder .* holds no document that can be read: add some"):
        library.search("tea?", 1)


def test_before_the_first_build_there_are_no_documents(library):
    with pytest.raises(FootnoteError, match=r"There are no documents yet: put some into .* and press Rebuild"):
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
    assert library.problem == "Cancelled. The last whole index is kept."
    assert first(library, "Where does coffee come from?").startswith("Coffee comes from Ethiopia.")


def test_while_it_watches_an_edit_is_built_by_itself(library, folder):
    built(library)
    library.watch.turn(True)
    time.sleep(0.3)  # the watcher has to be set up
    (folder / "coffee.txt").write_text("Coffee comes from Yemen.")
    deadline = time.monotonic() + 20
    while "Yemen" not in first(library, "Where does coffee come from?") and time.monotonic() < deadline:
        time.sleep(0.1)
    assert first(library, "Where does coffee come from?") == "Coffee comes from Yemen."
    library.watch.turn(False)
    assert not library.watch.is_on


def test_cancelling_a_build_ends_watching_too(library):
    built(library)
    library.watch.turn(True)
    library.cancel_build()
    assert not library.watch.is_on


def test_what_is_to_be_done_after_a_build_is_done(library):
    done = []
    library.on_built = lambda: done.append(library.standing().description.generation)
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


def test_documents_are_added_and_removed_and_none_is_lost(library, folder, index, tmp_path):
    (tmp_path / "upload").write_text("Cocoa is sweet.")
    library.add("cocoa.txt", tmp_path / "upload")
    assert first(built(library), "Is cocoa sweet?") == "Cocoa is sweet."
    kept = library.remove("cocoa.txt")
    assert kept.is_relative_to(index / TRASH) and kept.read_text() == "Cocoa is sweet."
    with pytest.raises(UploadError, match=r"cocoa\.txt is not in the folder"):
        library.remove("cocoa.txt")
    assert built(library).standing().description.documents == 2


def test_the_size_is_that_of_the_index_and_not_of_removed_files(library):
    before = built(library).size()
    library.remove("tea.md")
    assert before > 50_000
    assert library.size() == before
