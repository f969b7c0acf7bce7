"""The handlers of the Ask tab and the header, without a browser."""

import threading
from types import SimpleNamespace

import gradio as gr
import pytest
from reportlab.pdfgen.canvas import Canvas

from index.library import Library
from qa.service import QAService
from qa.web.handlers import Handlers
from qa.web.layout import make_page


@pytest.fixture
def tab(components):
    return components.ask


@pytest.fixture
def header(components):
    return components.header


def build_now(library):
    library.start_build()
    library.wait()


def questions(turns):
    return [turn["question"] for turn in turns]


def test_a_question_becomes_a_turn_with_its_sources(handlers, tab):
    updates = handlers.ask(" Where does coffee come from? ", [])
    assert updates[tab.question] == ""
    assert questions(updates[tab.session]) == ["Where does coffee come from?"]
    assert "Coffee comes from Ethiopia.</q>" in updates[tab.chat]
    evidence = updates[tab.evidence].replace("<b>", "").replace("</b>", "")
    assert "Coffee comes from Ethiopia.</mark>" in evidence
    assert updates[tab.announced] == "Coffee comes from Ethiopia. [1] [1] coffee.txt"


def test_a_blank_question_changes_nothing(handlers, tab):
    assert handlers.ask("  ", []) == {tab.question: gr.skip()}


def test_an_edited_question_drops_the_turns_after_it(handlers, tab, event):
    turns = handlers.ask("Where does coffee come from?", [])[tab.session]
    turns = handlers.ask("How long does green tea steep?", turns)[tab.session]
    updates = handlers.act(event(action="again", turn=0, question="How long does black tea steep?"), turns)
    assert questions(updates[tab.session]) == ["How long does black tea steep?"]
    assert "Black tea steeps for five minutes." in updates[tab.chat] and "Ethiopia" not in updates[tab.chat]


def test_an_example_is_asked_at_the_end(handlers, tab, event):
    turns = handlers.ask("Where does coffee come from?", [])[tab.session]
    turns = handlers.act(event(action="ask", question="How long does green tea steep?"), turns)[tab.session]
    assert questions(turns) == ["Where does coffee come from?", "How long does green tea steep?"]


def test_the_address_can_contain_a_question_that_is_asked_once(handlers, tab):
    request = SimpleNamespace(query_params={"q": "Where does coffee come from?"})
    turns = handlers.load([], [], request)[tab.session]
    assert questions(turns) == ["Where does coffee come from?"]
    assert questions(handlers.load(turns, [], request)[tab.session]) == ["Where does coffee come from?"]


def test_a_conversation_is_archived_opened_again_and_deleted(handlers, tab, event):
    first = handlers.ask("Where does coffee come from?", [])[tab.session]
    updates = handlers.begin(first, [])
    assert (updates[tab.session], updates[tab.chat]) == ([], "")
    assert [questions(turns) for turns in updates[tab.archive]] == [["Where does coffee come from?"]]
    assert "Where does coffee come from?" in updates[tab.archived]
    second = handlers.ask("How long does green tea steep?", [])[tab.session]
    updates = handlers.choose(event(action="reopen", number="0"), second, updates[tab.archive])
    assert questions(updates[tab.session]) == ["Where does coffee come from?"]
    assert [questions(turns) for turns in updates[tab.archive]] == [["How long does green tea steep?"]]
    updates = handlers.choose(event(action="delete", number="0"), updates[tab.session], updates[tab.archive])
    assert (questions(updates[tab.session]), updates[tab.archive]) == (["Where does coffee come from?"], [])


def test_old_answers_are_marked_when_their_documents_change(handlers, tab, folder):
    turns = handlers.ask("Where does coffee come from?", [])[tab.session]
    assert "has changed since" not in handlers.recheck(turns)[tab.chat]
    (folder / "coffee.txt").write_text("Coffee comes from Yemen.")
    assert "This document has changed since." in handlers.recheck(turns)[tab.chat]


def test_the_status_counts_changes_and_documents_that_need_attention(handlers, header, folder, library):
    before = handlers.refresh()
    assert "2 documents · updated today" in before[header.status]
    (folder / "bad.txt").write_bytes(b"a\0b")
    after = handlers.refresh()
    assert "1 document changed." in after[header.status]
    assert after[header.version] != before[header.version]
    build_now(library)
    assert ">1 document needs attention</button>" in handlers.refresh()[header.status]


def test_a_document_is_opened_at_its_quote_even_if_the_quote_has_moved(handlers, tab, folder, library, event):
    opened = event(action="open", document="coffee.txt", quote="Coffee comes from Ethiopia.", start="0", end="27")
    assert ">Coffee comes from Ethiopia.</mark>" in handlers.open_cited(opened)[tab.document]
    (folder / "coffee.txt").write_text("First this. Coffee comes from Ethiopia.")
    build_now(library)
    shown = handlers.open_cited(opened)[tab.document]
    assert 'First this. <mark class="here">Coffee comes from Ethiopia.</mark>' in shown
    (folder / "coffee.txt").write_text("Coffee comes from Yemen.")
    build_now(library)
    assert "it no longer contains the quote" in handlers.open_cited(opened)[tab.document]


def test_a_pdf_is_opened_with_its_page_until_the_file_changes(handlers, tab, folder, library, event):
    canvas = Canvas(str(folder / "cocoa.pdf"))
    canvas.drawString(72, 700, "Cocoa is drunk sweet.")
    canvas.save()
    build_now(library)
    opened = event(action="open", document="cocoa.pdf", quote="Cocoa is drunk sweet.", start="0", end="21")
    shown = handlers.open_cited(opened)[tab.document]
    assert '<img alt="The page 1 of 1" src="data:image/png;base64,' in shown
    assert shown.count('<span class="spot"') == 1
    with (folder / "cocoa.pdf").open("ab") as file:
        file.write(b"%")
    shown = handlers.open_cited(opened)[tab.document]
    assert "cocoa.pdf has changed since it was read" in shown
    assert "Cocoa is drunk sweet.</mark>" in shown and "<img" not in shown


@pytest.mark.parametrize(
    "path", ["/etc/hostname", "../index/index.sqlite", "..\\x", "%2e%2e/x", "C:\\x", "tea.md\0", "x" * 9_000]
)
def test_a_path_outside_the_index_is_not_opened(handlers, tab, event, path):
    updates = handlers.open_cited(event(action="open", document=path, quote="", start="0", end="1"))
    assert updates[tab.document] == "<p>This document is no longer in the index.</p>"


def test_a_read_only_library_is_neither_built_nor_watched(components, library, service, folder):
    handlers = Handlers(components, library, service, may_change=False)
    (folder / "cocoa.txt").write_text("Cocoa.")
    handlers.update()
    handlers.watch(True)
    assert not library.is_building and not library.watch.is_on


@pytest.mark.parametrize("saved", [None, "x", [5], [{"question": "q"}], {"a": 1}])
def test_a_damaged_saved_conversation_is_replaced_by_a_new_one(handlers, tab, saved):
    request = SimpleNamespace(query_params={})
    assert handlers.load(saved, [saved], request)[tab.session] == []
    turns = handlers.ask("Where does coffee come from?", saved)[tab.session]
    assert questions(turns) == ["Where does coffee come from?"]


def test_the_page_is_ready_before_the_model_is(components, folder, index, encoder):
    go_on = threading.Event()
    library = Library(folder, index, lambda: go_on.wait(30) and encoder)
    service = QAService(library)
    library.start_build()
    assert "Getting ready" in Handlers(components, library, service, True).refresh()[components.header.status]
    make_page(library, service)
    go_on.set()
    assert service.ask("Where does coffee come from?").text == "Coffee comes from Ethiopia."
