"""The handlers of the Ask tab and the header, without a browser."""

import threading

import pytest
from pydantic import ValidationError

from index.errors import FootnoteError
from index.library import Library
from qa.service import QAService
from qa.web.components import as_function
from qa.web.handlers import Handlers
from qa.web.layout import make_page
from qa.web.status_cache import StatusCache


def build_now(library, status):
    library.start_build()
    library.wait()
    status.invalidate()


def ask(handlers, question, key="k1", context=()):
    return handlers.ask({"key": key, "question": question, "context": list(context)})


def context_of(saved):
    reply = saved["reply"]
    return {
        "question": reply["question"],
        "answer": " ".join(cited["quote"] for cited in reply["citations"]),
        "places": reply["citations"],
    }


def test_a_question_is_answered_with_its_sources(handlers):
    got = ask(handlers, " Where does coffee come from? ")
    assert got["saved"]["question"] == "Where does coffee come from?"
    assert '<mark class="lead">Coffee comes from Ethiopia.</mark>' in got["html"]
    assert '<mark id="quote-k1-1">' in got["evidence"]
    assert got["announced"] == "Coffee comes from Ethiopia. Espresso takes thirty seconds. [1] [1] coffee.txt"


def test_a_follow_up_is_resolved_with_what_the_page_sends_of_earlier_turns(handlers):
    first = ask(handlers, "How long does green tea steep?")["saved"]
    second = ask(handlers, "What about black tea?", context=[context_of(first)])
    assert "Asked about: How long does green tea steep?" in second["html"]
    assert "Black tea steeps for five minutes." in second["html"]
    alone = ask(handlers, "What about black tea?")
    assert "Asked about" not in alone["html"]


@pytest.mark.parametrize(
    "data",
    [
        None,
        {},
        {"key": "k1"},
        {"key": "<b>", "question": "q"},
        {"key": "k1", "question": "q" * 20_001},
        {"key": "k1", "question": "q", "context": [{"question": "q"}] * 13},
        {"key": "k1", "question": "q", "context": [{"question": "q", "places": [{"document": "a", "start": -1}]}]},
    ],
)
def test_a_message_that_the_page_never_sends_is_refused(handlers, data):
    with pytest.raises(ValidationError, match="validation error"):
        handlers.ask(data)


def test_a_saved_conversation_is_shown_again_and_what_is_not_valid_is_left_out(handlers):
    saved = ask(handlers, "Where does coffee come from?")["saved"]
    got = handlers.show({"turns": [saved | {"key": "k7"}, {"question": "q"}, None, 5]})
    (turn,) = got["turns"]
    assert turn["key"] == "k7"
    assert '<article class="turn" data-turn="k7"' in turn["turn"]
    assert ">Coffee comes from Ethiopia.</mark>" in turn["html"] and 'id="quote-k7-1"' in turn["evidence"]


def test_a_quote_is_checked_against_its_document(handlers, folder):
    quotes = [
        {"document": "coffee.txt", "quote": "Coffee comes from Ethiopia."},
        {"document": "tea.md", "quote": "Green tea steeps for two minutes."},
    ]
    assert handlers.recheck({"quotes": quotes}) == {"current": [True, True]}
    (folder / "coffee.txt").write_text("Coffee comes from Yemen.")
    assert handlers.recheck({"quotes": quotes}) == {"current": [False, True]}


def test_a_shown_turn_says_that_its_document_has_changed(handlers, folder):
    saved = ask(handlers, "Where does coffee come from?")["saved"] | {"key": "k1"}
    note = '<p class="stale" data-stale hidden>'
    (shown,) = handlers.show({"turns": [saved]})["turns"]
    assert note in shown["html"] and note in shown["evidence"]
    (folder / "coffee.txt").write_text("Coffee comes from Yemen.")
    (shown,) = handlers.show({"turns": [saved]})["turns"]
    assert note not in shown["html"] and note not in shown["evidence"]
    assert "coffee.txt has changed since this answer." in shown["html"]


def test_the_status_counts_changes_and_documents_that_need_attention(handlers, folder, library, status):
    before = handlers.status({})
    assert '2 documents<span class="when"> · updated today' in before["html"]
    assert (before["building"], before["built"], before["watching"]) == (False, True, False)
    (folder / "bad.txt").write_bytes(b"a\0b")
    status.invalidate()
    after = handlers.status({})
    assert "1 document changed." in after["html"] and ">Update now</button>" in after["html"]
    assert after["version"] != before["version"]
    build_now(library, status)
    assert ">1 document needs attention</button>" in handlers.status({})["html"]


def test_a_read_only_library_is_neither_built_nor_watched(library, service, status, folder):
    handlers = Handlers(library, service, status, may_change=False)
    (folder / "cocoa.txt").write_text("Cocoa.")
    status.invalidate()
    assert "Update" not in handlers.update({})["html"]
    handlers.watch({"on": True})
    assert not library.is_building and not library.watch.is_on


def test_watching_is_started_and_stopped(handlers):
    assert handlers.watch({"on": True})["watching"] is True
    assert handlers.watch({"on": False})["watching"] is False


def test_a_question_during_the_first_build_waits_for_its_end(folder, index, encoder):
    go_on = threading.Event()
    library = Library(folder, index, lambda: go_on.wait(30) and encoder)
    service = QAService(library)
    library.start_build()
    handlers = Handlers(library, service, StatusCache(library), may_change=True)
    got = ask(handlers, "Where does coffee come from?")
    assert got == {"waiting": "Reading your documents for the first time."}
    assert "Reading your documents for the first time." in handlers.welcome({})["html"]
    assert "Getting ready" in handlers.status({})["html"]
    make_page(library, service)
    go_on.set()
    library.wait()
    assert "Coffee comes from Ethiopia." in ask(handlers, "Where does coffee come from?")["html"]


def test_documents_that_no_build_has_read_are_not_called_missing(folder, index, encoder):
    library = Library(folder, index, lambda: encoder)
    handlers = Handlers(library, QAService(library), StatusCache(library), may_change=True)
    assert "Documents not read yet." in handlers.status({})["html"]
    html = handlers.welcome({})["html"]
    assert "have not been read yet: update the library to read them." in html and "no documents" not in html


def test_why_a_build_failed_is_shown_until_the_index_has_what_it_would_have_read(handlers, library, folder):
    library._build.problem = "Another build of index is running: try again when it is done."
    assert "Another build" not in handlers.status({})["html"]
    (folder / "new.md").write_text("Mate is drunk from a gourd.")
    handlers._status.invalidate()
    assert "Another build" in handlers.status({})["html"]


def test_the_examples_are_made_once_for_each_generation(handlers, service, monkeypatch):
    made = []
    monkeypatch.setattr(service, "examples", lambda: made.append(1) or ["Is tea hot?"])
    for _ in range(3):
        assert 'data-question="Is tea hot?"' in handlers.welcome({})["html"]
    assert made == [1]


def test_an_error_for_the_user_is_a_result_of_what_the_page_calls():
    def open(data):
        raise FootnoteError("The index cannot be opened.")

    function = as_function(open)
    assert function({}) == {"problem": "The index cannot be opened."}
    assert function.__name__ == "do_open"


def test_a_question_is_limited_to_the_chosen_documents(handlers):
    got = handlers.ask({"key": "k1", "question": "How long does green tea steep?", "only": ["coffee.txt"]})
    assert got["saved"]["reply"]["scope"] == "coffee.txt"
    assert "tea.md" not in got["html"] + got["evidence"]


def test_a_question_is_asked_of_all_documents_or_as_typed(handlers):
    asked = {"key": "k1", "question": "How long does green tea steepz?", "only": ["tea.md"]}
    got = handlers.ask(asked)["saved"]["reply"]
    assert (got["scope"], got["searched"]) == ("tea.md", "How long does green tea steeps?")
    got = handlers.ask(asked | {"everywhere": True, "as_typed": True})["saved"]["reply"]
    assert (got["scope"], got["searched"] in ("", asked["question"])) == ("", True)


def test_a_choice_that_is_gone_is_never_another_document_of_that_name(handlers, library, status, folder):
    (folder / "old").mkdir()
    (folder / "old" / "coffee.txt").write_text("Coffee comes from Yemen.\n", "utf-8")
    (folder / "coffee.txt").unlink()
    build_now(library, status)
    sent = {"key": "k1", "question": "Where does coffee come from?"}
    gone = "The documents that you chose are no longer in the folder. Choose others."
    assert as_function(handlers.ask)(sent | {"only": ["coffee.txt"]}) == {"problem": gone}
    got = handlers.ask(sent | {"only": ["coffee.txt", "tea.md"]})
    assert "Yemen" not in got["html"] + got["evidence"] and "Only in: tea.md" in got["html"]
    assert "Yemen" in handlers.ask(sent | {"only": ["old/"]})["html"]


def test_a_folder_is_chosen_without_folders_of_its_name_elsewhere(handlers, library, status, folder):
    for path, country in (("trips", "Peru"), ("old/trips", "Chile")):
        (folder / path).mkdir(parents=True)
        (folder / path / "note.txt").write_text(f"The next trip leads to {country}.\n", "utf-8")
    build_now(library, status)
    got = handlers.ask({"key": "k1", "question": "Where does the next trip lead to?", "only": ["trips/"]})
    assert "Peru" in got["html"] and "Chile" not in got["html"] + got["evidence"]
