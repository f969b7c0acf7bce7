"""The handlers of the Library and the Evaluate tab, without a browser."""

import pytest

from qa.web.library_handlers import LibraryHandlers


@pytest.fixture
def tab(components):
    return components.library


def test_documents_are_added_and_removed(library_handlers, tab, library, tmp_path, event):
    upload = tmp_path / "cocoa.txt"
    upload.write_text("Cocoa is sweet.")
    bad = tmp_path / "cocoa.exe"
    bad.write_text("")
    updates = library_handlers.add([str(upload), str(bad)], False)
    library.wait()
    assert updates[tab.upload] is None
    added, refused = updates[tab.note].split("</p>")[:2]
    assert added == '<p class="done">cocoa.txt was added.'
    assert refused.startswith('<p class="problem">cocoa.exe ')
    assert not upload.exists() and not bad.exists()
    assert "cocoa.txt</th>" in library_handlers.show_table("", "Document", 0)[tab.table]
    updates = library_handlers.act(event(action="remove", document="cocoa.txt"), "", "Document", 0)
    library.wait()
    assert updates[tab.note] == '<p class="done">cocoa.txt was removed.</p>'
    assert "cocoa.txt" not in library_handlers.show_table("", "Document", 0)[tab.table]


def test_a_read_only_library_is_not_changed(components, tab, library, service, folder, tmp_path, event):
    handlers = LibraryHandlers(components, library, service, may_change=False)
    upload = tmp_path / "cocoa.txt"
    upload.write_text("Cocoa.")
    assert "This library is read-only" in handlers.add([str(upload)], False)[tab.note]
    removed = handlers.act(event(action="remove", document="tea.md"), "", "Document", 0)
    assert "This library is read-only" in removed[tab.note]
    assert sorted(path.name for path in folder.iterdir()) == ["coffee.txt", "tea.md"]


def test_the_table_is_sorted_from_its_first_page(library_handlers, tab, event):
    updates = library_handlers.act(event(action="sort", order="-Passages"), "", "Document", 3)
    assert (updates[tab.order], updates[tab.page]) == ("-Passages", 0)
    assert updates[tab.table].index("tea.md</th>") < updates[tab.table].index("coffee.txt</th>")


def test_the_facts_name_the_folder_and_what_the_index_contains(library_handlers, tab, folder):
    facts = library_handlers.show_facts()[tab.facts]
    assert f'<dt>Folder</dt><dd dir="auto">{folder}</dd>' in facts
    assert '<dd dir="auto">2 documents · updated today' in facts
    assert '<dt>Passages</dt><dd dir="auto">3</dd>' in facts


def test_only_files_of_questions_in_the_folder_can_be_chosen(evaluation_handlers, components, folder, tmp_path):
    (folder / "mine.jsonl").write_text('{"question": "Where does coffee come from?", "answers": ["Ethiopia"]}')
    (tmp_path / "secret.jsonl").write_text('{"question": "secret?"}')
    (folder / "link.jsonl").symlink_to(tmp_path / "secret.jsonl")
    tab = components.evaluate
    assert evaluation_handlers.list_files()[tab.chosen]["choices"] == ["mine.jsonl"]
    *_, result, last = evaluation_handlers.evaluate(None, "mine.jsonl")
    assert result[tab.progress] == "" and "1 of 1 question was answered correctly." in result[tab.result]
    assert last[tab.stop]["visible"] is False
    for path in ("link.jsonl", "../secret.jsonl", str(tmp_path / "secret.jsonl"), None):
        _, problem, _ = evaluation_handlers.evaluate(None, path)
        text = "Upload a file of questions first, with one JSON object per line."
        assert problem == {tab.progress: f'<p class="problem">{text}</p>', tab.result: ""}
