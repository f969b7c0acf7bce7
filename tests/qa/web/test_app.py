"""The window without a browser: what its listeners do, what programs may call, and the flags."""

import json
import threading
from types import SimpleNamespace

import gradio as gr
import pytest
from fastapi import FastAPI
from reportlab.pdfgen.canvas import Canvas
from starlette.testclient import TestClient

import app
from index.build import build
from index.library import Library
from qa.service import QAService


@pytest.fixture
def page(library, service):
    return app.Page(library, service, may_change=True)


@pytest.fixture
def programs(library, service):
    return app.Programs(library, service)


def build_now(library):
    library.start_build()
    library.wait()


def event(**data):
    return gr.EventData(None, data)


def questions(kept):
    return [turn["question"] for turn in kept]


def test_a_question_becomes_a_turn_with_its_evidence(page):
    box, kept, chat, evidence, announced = page.ask(" Where does coffee come from? ", [])
    assert (box, questions(kept)) == ("", ["Where does coffee come from?"])
    assert "Coffee comes from Ethiopia.</q>" in chat
    assert "Coffee comes from Ethiopia.</mark>" in evidence.replace("<b>", "").replace("</b>", "")
    assert announced == "Coffee comes from Ethiopia. [1] [1] coffee.txt"


def test_a_blank_question_changes_nothing(page):
    assert page.ask("  ", []) == (gr.skip(),) * 5


def test_an_edited_question_drops_what_came_after_it(page):
    kept = page.ask("How long does green tea steep?", page.ask("Where does coffee come from?", [])[1])[1]
    kept, chat, *_ = page.act(event(action="again", turn=0, question="How long does black tea steep?"), kept)
    assert questions(kept) == ["How long does black tea steep?"]
    assert "Black tea steeps for five minutes." in chat and "Ethiopia" not in chat


def test_an_example_is_asked_at_the_end(page):
    kept = page.ask("Where does coffee come from?", [])[1]
    kept = page.act(event(action="ask", question="How long does green tea steep?"), kept)[0]
    assert questions(kept) == ["Where does coffee come from?", "How long does green tea steep?"]


def test_the_address_can_carry_a_question_which_is_asked_once(page):
    request = SimpleNamespace(query_params={"q": "Where does coffee come from?"})
    kept = page.restore([], [], request)[0]
    assert questions(kept) == ["Where does coffee come from?"]
    assert questions(page.restore(kept, [], request)[0]) == ["Where does coffee come from?"]


def test_a_conversation_is_put_aside_opened_again_and_erased(page):
    first = page.ask("Where does coffee come from?", [])[1]
    kept, chat, _, _, older, listed = page.begin(first, [])
    assert (kept, chat, [questions(turns) for turns in older]) == ([], "", [["Where does coffee come from?"]])
    assert "Where does coffee come from?" in listed
    second = page.ask("How long does green tea steep?", [])[1]
    kept, _, _, _, older, _ = page.choose(event(action="reopen", number="0"), second, older)
    assert questions(kept) == ["Where does coffee come from?"]
    assert [questions(turns) for turns in older] == [["How long does green tea steep?"]]
    kept, _, _, _, older, _ = page.choose(event(action="erase", number="0"), kept, older)
    assert (questions(kept), older) == (["Where does coffee come from?"], [])


def test_old_answers_are_marked_when_their_documents_change(page, folder):
    kept = page.ask("Where does coffee come from?", [])[1]
    assert "has changed since" not in page.recheck(kept)[1]
    (folder / "coffee.txt").write_text("Coffee comes from Yemen.")
    assert "the document has changed since this was quoted" in page.recheck(kept)[1]


def test_the_status_says_what_changed_and_what_is_new(page, folder, library):
    status, _, _, _, seen = page.refresh()
    assert "2 documents · 3 passages" in status
    (folder / "bad.txt").write_bytes(b"a\0b")
    status, _, _, _, other = page.refresh()
    assert "The folder has changed: 1 added. Press Rebuild." in status
    assert other != seen
    build_now(library)
    assert "1 not read, or not in full" in page.refresh()[0]


def test_a_document_is_opened_at_its_quote_wherever_it_stands_now(page, folder, library):
    opened = event(action="open", document="coffee.txt", quote="Coffee comes from Ethiopia.", start="0", end="27")
    assert ">Coffee comes from Ethiopia.</mark>" in page.open_document(opened)[0]
    (folder / "coffee.txt").write_text("First this. Coffee comes from Ethiopia.")
    build_now(library)
    assert 'First this. <mark class="here">Coffee comes from Ethiopia.</mark>' in page.open_document(opened)[0]
    (folder / "coffee.txt").write_text("Coffee comes from Yemen.")
    build_now(library)
    assert "The document no longer says this" in page.open_document(opened)[0]


def test_a_pdf_is_opened_with_its_page_and_the_quote_on_it_until_the_file_changes(page, folder, library):
    canvas = Canvas(str(folder / "cocoa.pdf"))
    canvas.drawString(72, 700, "Cocoa is drunk sweet.")
    canvas.save()
    library.start_build()
    library.wait()
    opened = event(action="open", document="cocoa.pdf", quote="Cocoa is drunk sweet.", start="0", end="21")
    shown = page.open_document(opened)[0]
    assert '<img alt="The page 1 of 1" src="data:image/png;base64,' in shown
    assert shown.count('<span class="spot"') == 1
    with (folder / "cocoa.pdf").open("ab") as file:
        file.write(b"%")
    shown = page.open_document(opened)[0]
    assert "cocoa.pdf has changed since it was read: press Rebuild, then ask again." in shown
    assert "Cocoa is drunk sweet.</mark>" in shown and "<img" not in shown


@pytest.mark.parametrize(
    "path", ["/etc/hostname", "../index/index.sqlite", "..\\x", "%2e%2e/x", "C:\\x", "tea.md\0", "x" * 9_000]
)
def test_what_is_not_in_the_index_is_not_opened(page, path):
    opened = page.open_document(event(action="open", document=path, quote="", start="0", end="1"))[0]
    assert opened == "<p>This document is no longer in the index.</p>"


def test_documents_are_added_and_removed_by_the_page(page, folder, library, tmp_path):
    upload = tmp_path / "cocoa.txt"
    upload.write_text("Cocoa is sweet.")
    bad = tmp_path / "cocoa.exe"
    bad.write_text("")
    cleared, note = page.add([str(upload), str(bad)], False)
    library.wait()
    assert cleared is None
    assert note == (
        '<p class="done">cocoa.txt is added.</p>'
        '<p class="problem">cocoa.exe is not added, since .exe files are not read.</p>'
    )
    assert not upload.exists() and not bad.exists()
    assert "cocoa.txt</th>" in page.table("", "Document", 0)
    note = page.change(event(action="remove", document="cocoa.txt"), "", "Document", 0)[3]
    library.wait()
    assert note.startswith('<p class="done">cocoa.txt is removed; it is kept as ')
    assert "cocoa.txt" not in page.table("", "Document", 0)
    assert "1, in " in page.facts()


def test_a_read_only_library_is_not_changed(library, service, folder, tmp_path):
    page = app.Page(library, service, may_change=False)
    upload = tmp_path / "cocoa.txt"
    upload.write_text("Cocoa.")
    assert "This library is read-only" in page.add([str(upload)], False)[1]
    assert "This library is read-only" in page.change(event(action="remove", document="tea.md"), "", "Document", 0)[3]
    assert sorted(path.name for path in folder.iterdir()) == ["coffee.txt", "tea.md"]
    (folder / "cocoa.txt").write_text("Cocoa.")
    page.rebuild()
    page.watch(True)
    assert not library.is_building and not library.watch.is_on


@pytest.mark.parametrize("kept", [None, "x", [5], [{"question": "q"}], {"a": 1}])
def test_a_conversation_that_a_browser_spoiled_is_begun_anew(page, kept):
    request = SimpleNamespace(query_params={})
    assert page.restore(kept, [kept], request)[0] == []
    assert questions(page.ask("Where does coffee come from?", kept)[1]) == ["Where does coffee come from?"]


def test_only_files_of_questions_that_lie_in_the_folder_can_be_chosen(page, folder, tmp_path):
    (folder / "mine.jsonl").write_text('{"question": "Where does coffee come from?", "answers": ["Ethiopia"]}')
    (tmp_path / "secret.jsonl").write_text('{"question": "secret?"}')
    (folder / "link.jsonl").symlink_to(tmp_path / "secret.jsonl")
    assert page.question_files()["choices"] == ["mine.jsonl"]
    *_, (progress, result) = page.evaluate(None, "mine.jsonl")
    assert progress == "" and "1 question was asked, 0 failed." in result
    for path in ("link.jsonl", "../secret.jsonl", str(tmp_path / "secret.jsonl"), None):
        assert list(page.evaluate(None, path)) == [
            ('<p class="problem">Drop a file of questions first: a line for each, as JSON.</p>', "")
        ]


def test_programs_get_the_same_answer_as_data(programs):
    data = programs.ask("Where does coffee come from?")
    assert (data["answer"], data["citations"][0]["document"]) == ("Coffee comes from Ethiopia.", "coffee.txt")


def test_programs_can_tell_what_was_said_before(programs):
    history = [
        {"role": "user", "content": "How long does green tea steep?"},
        {"role": "assistant", "content": "Green tea steeps for two minutes."},
    ]
    reply = programs.converse("What about black tea?", history)
    assert (reply["answer"], reply["follows"]) == (
        "Black tea steeps for five minutes.",
        "How long does green tea steep?",
    )
    with pytest.raises(gr.Error, match="Entry 1 of the history must be an object"):
        programs.converse("What about black tea?", ["x"])


def test_programs_search_and_ask_for_the_status_and_a_build(programs, library, folder):
    (hit,) = programs.search("green tea", 1)
    assert (hit["rank"], hit["document"], hit["text"]) == (1, "tea.md", "Green tea steeps for two minutes.")
    (folder / "cocoa.txt").write_text("Cocoa is sweet.")
    assert programs.status()["difference"]["added"] == ("cocoa.txt",)
    assert programs.build()["building"]
    library.wait()
    status = programs.status()
    assert (status["building"], status["documents"], status["generation"]) == (False, 3, 2)


def test_programs_are_told_what_is_wrong(folder, index, encoder):
    library = Library(folder, index, lambda: encoder)
    with pytest.raises(gr.Error, match="There are no documents yet"):
        app.Programs(library, QAService(library)).ask("tea?")


def test_a_missing_folder_is_one_line_and_status_1(tmp_path, capsys):
    assert app.main(["--sources", str(tmp_path / "none")]) == 1
    assert capsys.readouterr().err.startswith("There is no folder")


def test_the_page_is_there_before_the_model_is(folder, index, encoder):
    go_on = threading.Event()
    library = Library(folder, index, lambda: go_on.wait(30) and encoder)
    service = QAService(library)
    library.start_build()
    assert "Preparing the model" in app.Page(library, service, True).refresh()[0]
    app.make_page(library, service)
    go_on.set()
    assert service.ask("Where does coffee come from?").text == "Coffee comes from Ethiopia."


def test_an_index_of_another_model_is_one_line_and_status_1(folder, index, encoder, capsys):
    list(build(folder, index, encoder))
    assert app.main(["--sources", str(folder), "--index", str(index)]) == 1
    assert "was made with the model fake, not all-MiniLM-L6-v2" in capsys.readouterr().err


def test_another_host_needs_users_or_that_everyone_is_let_in(folder, index, capsys):
    assert app.main(["--sources", str(folder), "--index", str(index), "--host", "0.0.0.0"]) == 1
    assert "Whoever reaches 0.0.0.0 could read every document: name a file of users" in capsys.readouterr().err


def test_a_file_of_users_that_is_missing_is_one_line(folder, index, tmp_path, capsys):
    assert app.main(["--sources", str(folder), "--auth", str(tmp_path / "none")]) == 1
    assert "make it with python -m qa user add" in capsys.readouterr().err


def test_tools_for_mcp_say_what_they_need(folder, monkeypatch, capsys):
    monkeypatch.setattr(app, "find_spec", lambda name: None)
    assert app.main(["--sources", str(folder), "--mcp"]) == 1
    assert "pip install -e '.[mcp]'" in capsys.readouterr().err


def test_recognising_without_tesseract_is_one_line(folder, monkeypatch, capsys):
    monkeypatch.setenv("PATH", "")
    assert app.main(["--sources", str(folder), "--ocr"]) == 1
    assert capsys.readouterr().err == "Tesseract is not installed on this machine: install it, or leave out --ocr.\n"


def test_programs_that_speak_mcp_are_offered_the_same_as_tools(library, service):
    pytest.importorskip("mcp")
    outer = FastAPI()
    gr.mount_gradio_app(outer, app.make_page(library, service), path="/", mcp_server=True, ssr_mode=False)
    spoken = {"Accept": "application/json, text/event-stream"}
    with TestClient(outer, base_url="http://127.0.0.1:7860") as client:
        message = {"jsonrpc": "2.0", "id": 1, "method": "tools/list", "params": {}}
        said = client.post("/gradio_api/mcp/", json=message, headers=spoken).text
    tools = json.loads(said[said.index("{") : said.rindex("}") + 1])["result"]["tools"]
    assert [tool["name"] for tool in tools] == ["ask", "converse", "search", "status", "build"]
    assert set(tools[1]["inputSchema"]["properties"]) == {"question", "history"}
