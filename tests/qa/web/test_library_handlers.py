"""The handlers of the Library and the Evaluate tab, without a browser."""

from pathlib import Path

import pytest
from gradio.utils import get_upload_folder

from qa.web.library_handlers import LibraryHandlers


@pytest.fixture
def upload(tmp_path, monkeypatch):
    """Put a file where Gradio puts uploads, and return what the page then sends."""
    monkeypatch.setenv("GRADIO_TEMP_DIR", str(tmp_path / "uploads"))

    def put(name, text):
        file = Path(get_upload_folder()) / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
        return {"path": str(file), "name": name}

    return put


def test_a_file_is_added_replaced_removed_and_restored(library_handlers, library, folder, upload):
    sent = upload("cocoa.txt", "Cocoa is sweet.")
    assert library_handlers.add(sent) == {"note": "cocoa.txt was added."}
    assert not Path(sent["path"]).exists()
    library.wait()
    assert "cocoa.txt</th>" in library_handlers.table({})["html"]
    assert "is in the folder already" in library_handlers.add(upload("cocoa.txt", "Cocoa."))["problem"]
    again = library_handlers.add(upload("cocoa.txt", "Cocoa is bitter.") | {"replace": True})
    assert again == {"note": "cocoa.txt was replaced."}
    library.wait()
    got = library_handlers.remove({"document": "cocoa.txt"})
    assert got["note"] == "cocoa.txt was removed."
    assert not (folder / "cocoa.txt").exists()
    library.wait()
    request = {"document": "cocoa.txt", "removed": got["removed"]}
    restored = library_handlers.restore(request)
    assert restored == {"note": "cocoa.txt was restored."}
    assert (folder / "cocoa.txt").read_text() == "Cocoa is bitter."
    library.wait()
    assert "no longer in the trash" in library_handlers.restore(request)["problem"]


def test_a_file_that_is_not_supported_is_refused_with_its_reason(library_handlers, upload):
    sent = upload("cocoa.exe", "")
    assert "cocoa.exe" in library_handlers.add(sent)["problem"]
    assert not Path(sent["path"]).exists()


def test_only_an_uploaded_file_can_be_added(library_handlers, folder, tmp_path, upload):
    upload("cocoa.txt", "")
    (tmp_path / "secret.txt").write_text("secret")
    for path in (tmp_path / "secret.txt", Path(get_upload_folder()) / ".." / "secret.txt", folder / "tea.md"):
        got = library_handlers.add({"path": str(path), "name": "stolen.txt"})
        assert got == {"problem": "stolen.txt was not uploaded: try again."}
    assert (tmp_path / "secret.txt").exists() and (folder / "tea.md").exists()


def test_a_removed_file_is_not_restored_outside_the_folder(library_handlers, library, folder, tmp_path):
    removed = library_handlers.remove({"document": "coffee.txt"})["removed"]
    library.wait()
    for path in ("../coffee.txt", str(tmp_path / "coffee.txt")):
        assert "problem" in library_handlers.restore({"document": path, "removed": removed})
        assert not (tmp_path / "coffee.txt").exists()


def test_a_read_only_library_is_not_changed(library, service, status, folder, upload):
    handlers = LibraryHandlers(library, service, status, may_change=False)
    assert "This library is read-only" in handlers.add(upload("cocoa.txt", "Cocoa."))["problem"]
    assert "This library is read-only" in handlers.remove({"document": "tea.md"})["problem"]
    assert sorted(path.name for path in folder.iterdir()) == ["coffee.txt", "tea.md"]
    assert 'data-action="remove"' not in handlers.table({})["html"]


def test_the_facts_name_the_folder_and_what_the_index_contains(library_handlers, folder):
    facts = library_handlers.facts({})["html"]
    assert f'<dt>Folder</dt><dd dir="auto">{folder}</dd>' in facts
    assert '<dd dir="auto">2 documents · updated today' in facts
    assert '<dt>Passages</dt><dd dir="auto">3</dd>' in facts


def test_only_files_of_questions_in_the_folder_can_be_chosen(evaluation_handlers, evaluate_tab, folder, tmp_path):
    (folder / "mine.jsonl").write_text('{"question": "Where does coffee come from?", "answers": ["Ethiopia"]}')
    (tmp_path / "secret.jsonl").write_text('{"question": "secret?"}')
    (folder / "link.jsonl").symlink_to(tmp_path / "secret.jsonl")
    tab = evaluate_tab
    assert evaluation_handlers.list_files()[tab.chosen]["choices"] == ["mine.jsonl"]
    *_, result, last = evaluation_handlers.evaluate(None, "mine.jsonl")
    assert result[tab.progress] == "" and "1 of 1 question was answered correctly." in result[tab.result]
    assert last[tab.stop]["visible"] is False
    for path in ("link.jsonl", "../secret.jsonl", str(tmp_path / "secret.jsonl"), None):
        _, problem, _ = evaluation_handlers.evaluate(None, path)
        text = "Upload a file of questions first, with one JSON object per line."
        assert problem == {tab.progress: f'<p class="problem">{text}</p>', tab.result: ""}


def test_the_documents_to_choose_from_are_found_by_name_folder_and_title(library_handlers, library, folder):
    (folder / "drinks").mkdir()
    (folder / "drinks" / "m1.md").write_text("# Mate\n\nMate is drunk from a gourd.\n", "utf-8")
    library.start_build()
    library.wait()
    everything = library_handlers.choices({})["html"]
    assert "3 documents" in everything
    assert everything.index('data-document="tea.md"') < everything.index('data-document="drinks/"')
    for search in ("m1", "drinks/", "MATE", "mate drinks"):
        found = library_handlers.choices({"search": search})["html"]
        assert "1 document of 3" in found
        assert '<span dir="auto">m1.md <small>Mate</small></span>' in found
    assert "No document matches." in library_handlers.choices({"search": "wine"})["html"]
    assert library_handlers.inside({"folders": ["drinks/"]}) == {"paths": ["drinks/m1.md"]}
