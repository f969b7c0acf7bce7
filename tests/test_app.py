"""The window without a browser: the library that all visitors share, and the flags."""

import threading
import time

import pytest

import app
from index.building import build
from index.errors import FootnoteError, ModelError
from qa.types import Answer, NoAnswer


@pytest.fixture
def library(folder, index, encoder):
    return app.Library(folder, index, lambda: encoder)


def built(library):
    library.start_build()
    library._thread.join(30)
    return library


def test_it_answers_once_it_is_built(library):
    reply = built(library).ask("Where does coffee come from?")
    assert isinstance(reply, Answer)
    assert reply.text == "Coffee comes from Ethiopia."


def test_the_status_names_what_changed_and_what_cannot_be_read(library, folder):
    assert "2 documents · 3 passages" in built(library).status()
    (folder / "bad.txt").write_bytes(b"a\0b")
    assert "The folder has changed: 1 added. Press Rebuild." in library.status()
    assert "bad.txt is not text" in built(library).status()


def test_an_empty_folder_is_a_state_and_not_an_end(library, folder):
    for path in folder.iterdir():
        path.unlink()
    assert "No documents yet." in built(library).status()
    with pytest.raises(FootnoteError, match=r"There are no documents yet: put some into .* and press Rebuild"):
        library.ask("tea?")


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
    assert "Cancel" not in library.status() and "<progress" in library.status()
    assert library.ask("Where does coffee come from?").text == "Coffee comes from Ethiopia."
    library.cancel_build()
    go_on.set()
    library._thread.join(30)
    assert "Cancelled. The last whole index is kept." in library.status()
    assert library.ask("Where does coffee come from?").text == "Coffee comes from Ethiopia."


def test_while_it_watches_an_edit_is_built_by_itself(library, folder):
    built(library)
    library.watch.turn(True)
    time.sleep(0.3)  # the watcher has to be set up
    (folder / "coffee.txt").write_text("Coffee comes from Yemen.")
    deadline = time.monotonic() + 20
    while "Yemen" not in library.ask("Where does coffee come from?").text and time.monotonic() < deadline:
        time.sleep(0.1)
    assert library.ask("Where does coffee come from?").text == "Coffee comes from Yemen."
    library.watch.turn(False)
    assert not library.watch.is_on


def test_cancelling_a_build_ends_watching_too(library):
    built(library)
    library.watch.turn(True)
    library.cancel_build()
    assert not library.watch.is_on


def test_after_a_build_the_answers_that_are_different_now_are_shown(library, folder):
    built(library).ask("Where does coffee come from?")
    assert "different now" not in built(library).status()
    (folder / "coffee.txt").write_text("Coffee comes from Yemen.")
    assert "1 earlier answer is different now" in built(library).status()
    library.ask("Where does coffee come from?")
    assert "different now" not in library.status()


def test_examples_are_questions_that_are_answered(library):
    for question in built(library).examples():
        assert not isinstance(library.ask(question), NoAnswer)


def test_programs_get_the_same_answer_as_data(library):
    data = app.Page(built(library)).ask_for_programs("Where does coffee come from?")
    assert (data["answer"], data["citations"][0]["document"]) == ("Coffee comes from Ethiopia.", "coffee.txt")


def test_a_missing_folder_is_one_line_and_status_1(tmp_path, capsys):
    assert app.main(["--sources", str(tmp_path / "none")]) == 1
    assert capsys.readouterr().err.startswith("There is no folder")


def test_the_page_is_there_before_the_model_is(folder, index, encoder):
    go_on = threading.Event()
    library = app.Library(folder, index, lambda: go_on.wait(30) and encoder)
    library.start_build()
    assert "Preparing the model" in library.status()
    app.make_page(library)
    go_on.set()
    assert library.ask("Where does coffee come from?").text == "Coffee comes from Ethiopia."


def test_a_model_that_cannot_be_loaded_is_said_on_the_page(folder, index):
    def load():
        raise ModelError("tea cannot be loaded as a sentence-transformers model: check --model.")

    library = built(app.Library(folder, index, load))
    assert "tea cannot be loaded" in library.status()


def test_an_index_of_another_model_is_one_line_and_status_1(folder, index, encoder, capsys):
    list(build(folder, index, encoder))
    assert app.main(["--sources", str(folder), "--index", str(index)]) == 1
    assert "was made with the model fake, not all-MiniLM-L6-v2" in capsys.readouterr().err
