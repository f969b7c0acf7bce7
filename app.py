"""The window: flags in, a page out that answers from a folder of documents."""

import argparse
import dataclasses
import os
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import Any

os.environ.setdefault("GRADIO_ANALYTICS_ENABLED", "False")

import gradio as gr

import qa
from index.build import check_fits
from index.embed.encoder import load_encoder
from index.embed.model_files import find_weights
from index.errors import FootnoteError
from index.ingest.limits import MEGABYTE, add_limits, limits_of
from index.ingest.scan import scan
from index.library import TRASH, Library
from index.store.store import Store
from index.types import Document, Span
from qa.evaluation.types import Evaluation
from qa.formatting import hit_json, to_json
from qa.history import read_history
from qa.service import MAX_QUESTION_CHARACTERS, QAService
from qa.web.chat_view import NO_EVIDENCE, all_evidence_html, chat_html, next_html, older_html, said, welcome_html
from qa.web.document_view import GONE, document_html, find_quote, picture_html
from qa.web.evaluation_view import evaluation_html
from qa.web.html import paragraph
from qa.web.library_view import changes_html, facts_html, holds, last_build_html, status_html, table_html
from qa.web.login_throttle import SignIn
from qa.web.security import LOOPBACK, Guard, hosts_for
from qa.web.session import keep, restore, sound
from qa.web.users import Users, read_users

MOST_OLDER = 20
MOST_HITS = 50
PAGE_FILES = Path(qa.__file__).parent / "web" / "static"
ACT_SCRIPT = """
element.addEventListener('click', event => {
  const button = event.target.closest('button.act');
  if (button) footnote.act(button, data => trigger('click', data));
});
"""
EVALUATE_HINT = """<p>How well do these documents answer your own questions? A line of the file for each, for example
<code>&#123;"question": "When was the railway opened?", "answers": ["2013"], "document": "railways.pdf"}</code>;
no answers where the documents do not hold one.</p>"""
BUSY = "(...inputs) => { document.body.classList.add('busy'); return inputs; }"
IF_IDLE = "kept => document.body.classList.contains('busy') ? [] : [kept]"
READY = "() => footnote.ready()"


class Page:
    """What the page's listeners do. Of a visitor they keep nothing: the conversation lies in the browser and comes with
    each call."""

    def __init__(self, library: Library, service: QAService, may_change: bool) -> None:
        self._library = library
        self._service = service
        self._may_change = may_change

    def ask(self, question: str, kept: list[Any], by_itself: bool = False) -> tuple[Any, ...]:
        """The question box, the kept turns, chat, evidence and what is announced, after a question, which may lean on
        those before it unless it is asked `by_itself`."""
        if not question.strip():
            return gr.skip(), gr.skip(), gr.skip(), gr.skip(), gr.skip()
        kept, question = sound(kept), question.strip()[:MAX_QUESTION_CHARACTERS]
        exchange = self._service.exchange(question, () if by_itself else restore(kept))
        return "", *self._conversation([*kept, keep(exchange)])

    def act(self, event: gr.EventData, kept: list[Any]) -> tuple[Any, ...]:
        """The same but the question box, after a button in the chat: ask an example, or ask a turn again, edited or
        by itself or as it was; what came after that turn is dropped."""
        data, kept = event._data, sound(kept)
        number = int(data.get("turn", len(kept)))
        question = str(data.get("question") or (kept[number]["question"] if number < len(kept) else ""))
        return self.ask(question, kept[:number], data["action"] == "alone")[1:]

    def suggest(self, kept: list[Any]) -> str:
        """What may be asked next."""
        try:
            return next_html(self._service.suggestions(restore(kept)))
        except FootnoteError:
            return ""

    def restore(self, kept: list[Any], older: list[Any], request: gr.Request) -> tuple[Any, ...]:
        """The conversation that the browser kept, after the question that the page's address carries, if there is one;
        and the earlier ones."""
        question = str(request.query_params.get("q", "")).strip() if request else ""
        shown = self._conversation(kept)
        if question and not (shown[0] and shown[0][-1]["question"] == question):
            shown = self.ask(question, kept)[1:]
        return *shown, self._older(older), self._welcome(), self._status()[1]

    def recheck(self, kept: list[Any]) -> tuple[Any, ...]:
        """What welcomes, the chat and the evidence, each quote marked that no longer holds."""
        if not kept:
            return self._welcome(), gr.skip(), gr.skip()
        _, chat, evidence, _ = self._conversation(kept)
        return gr.skip(), chat, evidence

    def begin(self, kept: list[Any], older: list[Any]) -> tuple[Any, ...]:
        """A new conversation; the one so far is put with the earlier ones."""
        older = [*(older or []), *([kept] if kept else [])][-MOST_OLDER:]
        return *self._conversation([]), older, self._older(older)

    def choose(self, event: gr.EventData, kept: list[Any], older: list[Any]) -> tuple[Any, ...]:
        """The same after an earlier conversation was opened again or erased, or all were."""
        name, number = event._data["action"], int(event._data.get("number", -1))
        older = older or []
        if name == "erase all":
            older = []
        elif 0 <= number < len(older):
            chosen = older[number]
            older = [*older[:number], *older[number + 1 :]]
            if name == "reopen":
                older, kept = [*older, *([kept] if kept else [])][-MOST_OLDER:], chosen
        return *self._conversation(kept), older, self._older(older)

    def _older(self, older: list[Any]) -> str:
        return older_html([restore(turns) for turns in (older or [])[-MOST_OLDER:]])

    def _conversation(self, kept: list[Any]) -> tuple[Any, ...]:
        """The turns to keep, the chat, the evidence and what is announced."""
        kept = sound(kept)
        turns = self._service.checked(restore(kept))
        return kept, chat_html(turns), all_evidence_html(turns), said(turns[-1]) if turns else ""

    def _welcome(self) -> str:
        try:
            standing = self._library.standing()
            if standing is None:
                return welcome_html(
                    "The documents are being read for the first time."
                    if self._library.is_building
                    else f"There are no documents yet: put some into {self._library.sources}.",
                    (),
                )
            held = standing.description
            return welcome_html(holds(held.documents, held.passages, held.built_at), self._service.examples())
        except FootnoteError as error:
            return welcome_html(str(error), ())

    def open_document(self, event: gr.EventData) -> tuple[Any, ...]:
        """The document behind a card, the reader shown and the cards hidden. Only the index is asked, never a file."""
        data = event._data
        return self._document(str(data["document"])[:4096], str(data["quote"]), int(data["start"]))

    def read(self, event: gr.EventData) -> tuple[Any, ...]:
        """A document of the table opened from its beginning, beside the conversation."""
        if event._data["action"] != "read":
            return (gr.skip(),) * 4
        return gr.Tabs(selected="ask"), *self._document(str(event._data["document"])[:4096], "", 0)

    def _document(self, path: str, quote: str, start: int) -> tuple[Any, ...]:
        document = self._library.document(path)
        shown = paragraph(GONE)
        if document:
            span = find_quote(document, quote, start)
            shown = document_html(document, span, self._picture(document, span, quote))
        return shown, gr.update(visible=True), gr.update(visible=False)

    def _picture(self, document: Document, span: Span | None, quote: str) -> str:
        if not span or not document.pages:
            return ""
        try:
            picture = self._library.picture(document.path, document.page_at(span[0]) or 1, quote)
            return picture_html(picture) if picture else ""
        except FootnoteError as error:
            return paragraph(str(error), "stale")

    def close_document(self) -> tuple[Any, ...]:
        """The reader hidden and the cards shown."""
        return gr.update(visible=False), gr.update(visible=True)

    def refresh(self) -> tuple[Any, ...]:
        """The status line, the two buttons, the switch, and what tells whether anything is different."""
        building = self._library.is_building
        may = self._may_change
        buttons = gr.update(visible=may and not building), gr.update(visible=may and building)
        status, seen = self._status()
        return status, *buttons, self._library.watch.is_on, seen

    def rebuild(self) -> tuple[Any, ...]:
        """The same after a build has been started."""
        if self._may_change:
            self._library.start_build()
        return self.refresh()

    def cancel(self) -> tuple[Any, ...]:
        """The same after the build has been told to stop."""
        if self._may_change:
            self._library.cancel_build()
        return self.refresh()

    def watch(self, wanted: bool) -> tuple[Any, ...]:
        """The same after watching has been switched on or off."""
        if self._may_change:
            self._library.watch.turn(wanted)
        return self.refresh()

    def table(self, wanted: str, order: str, page: float) -> str:
        """The documents as a table."""
        try:
            return table_html(self._library.ledger(), wanted, order, int(page), self._may_change)
        except FootnoteError as error:
            return paragraph(str(error), "problem")

    def facts(self) -> str:
        """What the index is, and which earlier answers are different after the last build."""
        if not self._library.is_built:
            return ""
        with Store.open(self._library.index) as store:
            description = store.describe()
        removed = sum(1 for path in (self._library.index / TRASH).glob("*/*") if path.is_file())
        facts = [
            ("Folder", str(self._library.sources)),
            ("Held", holds(description.documents, description.passages, description.built_at)),
            ("Model", description.model),
            ("Index", f"{self._library.size() / MEGABYTE:.1f} MB, generation {description.generation}"),
            *([("Removed files", f"{removed}, in {self._library.index / TRASH}")] if removed else []),
        ]
        last = self._library.last_changes()
        return facts_html(facts) + last_build_html(last.files, str(last)) + changes_html(self._service.changed)

    def change(self, event: gr.EventData, wanted: str, order: str, page: float) -> tuple[Any, ...]:
        """What a button of the table does: another order or page of it, or a document removed. The order, the page, the
        table and what is said of it."""
        data, note = event._data, ""
        if data["action"] == "sort":
            order, page = str(data["order"]), 0
        elif data["action"] == "page":
            page = int(data["page"])
        elif data["action"] == "remove":
            note = self._try(lambda: self._remove(str(data["document"])))
        return order, page, self.table(wanted, order, page), note

    def question_files(self) -> Any:
        """The files of questions that lie in the folder, to choose from."""
        found = self._library.question_files()
        return gr.update(choices=found, value=found[0] if found else None, visible=bool(found))

    def evaluate(self, uploaded: str | None, chosen: str | None) -> Iterator[tuple[str, Any]]:
        """How far the evaluation of a file of questions is, and what came of it at the end."""
        try:
            if not uploaded and chosen not in self._library.question_files():
                raise FootnoteError("Drop a file of questions first: a line for each, as JSON.")
            file = Path(uploaded) if uploaded else self._library.sources / str(chosen)
            shown = begun = time.monotonic()
            for step in self._service.evaluate(file):
                if isinstance(step, Evaluation):
                    yield "", evaluation_html(step)
                elif time.monotonic() - shown > 0.3 or step.stage == "Measuring":
                    shown = time.monotonic()
                    yield status_html("", "", "", step, shown - begun), gr.skip()
        except FootnoteError as error:
            yield paragraph(str(error), "problem"), ""

    def add(self, files: list[str] | None, replace: bool) -> tuple[Any, ...]:
        """The files that were dropped put into the folder, each or not at all: an empty box, and what came of them."""
        notes = [self._try(lambda file=file: self._add(Path(file), replace)) for file in files or []]  # type: ignore[misc]
        return None, "".join(notes)

    def _add(self, file: Path, replace: bool) -> str:
        try:
            self._may()
            self._library.add(file.name, file, replace)
        finally:
            file.unlink(missing_ok=True)
        self._library.start_build()
        return f"{file.name} is added."

    def _remove(self, path: str) -> str:
        self._may()
        kept = self._library.remove(path)
        self._library.start_build()
        return f"{path} is removed; it is kept as {kept}."

    def _may(self) -> None:
        if not self._may_change:
            raise FootnoteError("This library is read-only: put files into its folder on the machine that serves it.")

    def _try(self, act: Callable[[], str]) -> str:
        try:
            return paragraph(act(), "done")
        except FootnoteError as error:
            return paragraph(str(error), "problem")

    def _status(self) -> tuple[str, str]:
        """The status line as HTML, and a word that is another when there is something new to show."""
        library = self._library
        building = library.progress if library.is_building else None
        reading = building.document if building else ""
        spent = time.monotonic() - library.begun
        try:
            standing = library.standing()
        except FootnoteError as error:
            return status_html("", "", str(error), building, spent), str(error)
        if standing is None:
            return status_html(
                "" if building else "No documents yet.", "", library.problem, building, spent, reading
            ), ""
        held, difference = standing.description, standing.difference
        press = " Press Rebuild." if self._may_change else ""
        changed = f"The folder has changed: {difference}.{press}" if difference else ""
        unread = f"{len(standing.unread)} not read, or not in full" if standing.unread else ""
        summary = holds(held.documents, held.passages, held.built_at) + (f" · {unread}" if unread else "")
        seen = f"{held.generation} {difference} {len(self._service.changed)}"
        return status_html(summary, changed, library.problem, building, spent, reading), seen


class Programs:
    """What programs may call: the same as the page does, as data."""

    def __init__(self, library: Library, service: QAService) -> None:
        self._library = library
        self._service = service

    def ask(self, question: str) -> dict[str, Any]:
        """Answer one question with sentences quoted from the documents, each cited, or decline."""
        return self.converse(question, [])

    def converse(self, question: str, history: list[dict[str, Any]]) -> dict[str, Any]:
        """Answer a question that may lean on what was said before it: the history holds the turns in order, each with a
        role, user or assistant, and its content."""
        started = time.perf_counter()
        with telling_what_is_wrong():
            reply = self._service.ask(question, read_history(history))
        return to_json(reply, time.perf_counter() - started)

    def search(self, query: str, k: int = 5) -> list[dict[str, Any]]:
        """Find the k passages that bear most on a query, best first, each with its place and why it was found."""
        with telling_what_is_wrong():
            found = self._library.search(query.strip()[:MAX_QUESTION_CHARACTERS], max(1, min(int(k), MOST_HITS)))
        return [hit_json(hit, rank) for rank, hit in enumerate(found.hits, 1)]

    def status(self) -> dict[str, Any]:
        """Say what the index holds, how the folder differs from it, and whether a build is running."""
        library = self._library
        with telling_what_is_wrong():
            standing = library.standing()
        said: dict[str, Any] = {
            "building": library.is_building,
            "problem": library.problem,
            "built": standing is not None,
        }
        if library.is_building and library.progress:
            said["progress"] = dataclasses.asdict(library.progress)
        if standing:
            said |= dataclasses.asdict(standing.description)
            said["difference"] = dataclasses.asdict(standing.difference)
            said["unread"] = list(standing.unread)
        return said

    def build(self) -> dict[str, Any]:
        """Start to bring the index up to date with its folder, unless that is under way; says the status then."""
        self._library.start_build()
        return self.status()


@contextmanager
def telling_what_is_wrong() -> Iterator[None]:
    """Tells a program, too, in one sentence what its user can put right."""
    try:
        yield
    except FootnoteError as error:
        raise gr.Error(str(error)) from error


def make_page(library: Library, service: QAService, may_change: bool = True) -> gr.Blocks:
    """Lay out the page and connect its listeners."""
    page, programs = Page(library, service, may_change), Programs(library, service)
    quiet: dict[str, Any] = {"api_visibility": "private", "show_progress": "hidden"}
    asking: dict[str, Any] = {"concurrency_limit": 8, "concurrency_id": "ask"}
    with gr.Blocks(title="Footnote", analytics_enabled=False, fill_width=True, delete_cache=(3600, 3600)) as blocks:
        kept = gr.BrowserState([], storage_key="footnote-conversation", secret="footnote")
        older = gr.BrowserState([], storage_key="footnote-earlier", secret="footnote")
        with gr.Row(elem_id="top"):
            gr.HTML("<h1>Footnote</h1>", elem_id="title")
            status = gr.HTML(elem_id="status")
            rebuild = gr.Button("Rebuild", size="sm", visible=may_change, elem_id="rebuild")
            cancel = gr.Button("Cancel", size="sm", variant="stop", visible=False, elem_id="cancel")
        with gr.Tabs(elem_id="tabs") as tabs:
            with gr.Tab("Ask", id="ask"), gr.Row(elem_id="asking"):
                with gr.Column(scale=5, min_width=320):
                    chat = gr.HTML(elem_id="chat", js_on_load=ACT_SCRIPT)
                    welcome = gr.HTML(elem_id="welcome", js_on_load=ACT_SCRIPT)
                    announced = gr.HTML(elem_id="announced")
                    with gr.Row(elem_id="ask-row"):
                        question = gr.Textbox(
                            label="Question",
                            container=False,
                            placeholder="Ask the documents …",
                            max_length=MAX_QUESTION_CHARACTERS,
                            lines=1,
                            max_lines=6,
                            autofocus=True,
                            scale=8,
                            elem_id="question",
                        )
                        ask = gr.Button("Ask", variant="primary", scale=1, min_width=70, elem_id="ask")
                        stop = gr.Button("Stop", variant="stop", scale=1, min_width=70, elem_id="stop")
                    following = gr.HTML(elem_id="next", js_on_load=ACT_SCRIPT)
                    with gr.Row(elem_id="conversation-row"):
                        begin = gr.Button("New conversation", size="sm", elem_id="begin")
                        as_markdown = gr.Button("Export as Markdown", size="sm")
                        as_json = gr.Button("Export as JSON", size="sm")
                    with gr.Accordion("Earlier conversations", open=False, elem_id="earlier"):
                        earlier = gr.HTML(js_on_load=ACT_SCRIPT)
                with gr.Column(scale=4, min_width=320, elem_id="beside"):
                    with gr.Column(visible=False, elem_id="reader") as reader:
                        back = gr.Button("← Back to the evidence", size="sm", elem_id="back")
                        shown = gr.HTML(elem_id="document")
                    with gr.Column(elem_id="cards") as cards:
                        evidence = gr.HTML(NO_EVIDENCE, js_on_load=ACT_SCRIPT, elem_id="evidence")
            with gr.Tab("Library", id="library") as library_tab:
                with gr.Row():
                    with gr.Column(min_width=300):
                        facts = gr.HTML(elem_id="facts")
                        watching = gr.Checkbox(
                            library.watch.is_on,
                            label="Rebuild by itself when files change",
                            container=False,
                            visible=may_change,
                            elem_id="watch",
                        )
                    if may_change:
                        with gr.Column(min_width=300):
                            dropped = gr.File(
                                label="Add documents to the folder", file_count="multiple", height=140, elem_id="drop"
                            )
                            replace = gr.Checkbox(
                                False, label="Replace files of the same name", container=False, elem_id="replace"
                            )
                note = gr.HTML(elem_id="note")
                wanted = gr.Textbox(
                    "", label="Find documents", placeholder="Name, type or state", container=False, elem_id="wanted"
                )
                table = gr.HTML(js_on_load=ACT_SCRIPT, elem_id="table")
            with gr.Tab("Evaluate", id="evaluate") as evaluate_tab:
                gr.HTML(EVALUATE_HINT)
                with gr.Row():
                    with gr.Column(min_width=300):
                        uploaded = gr.File(label="A file of questions", file_types=[".jsonl"], height=140)
                    with gr.Column(min_width=300):
                        chosen = gr.Dropdown([], label="Or one that lies in the folder", visible=False)
                        with gr.Row(elem_id="evaluate-row"):
                            run = gr.Button("Run", size="sm", variant="primary", elem_id="run")
                            end = gr.Button("Stop the evaluation", size="sm", elem_id="end")
                        progress = gr.HTML(elem_id="progress")
                result = gr.HTML(js_on_load=ACT_SCRIPT, elem_id="result")
        order, number, seen = gr.State("Document"), gr.State(0), gr.Textbox("", visible=False)

        gr.api(programs.ask, api_name="ask", **asking)  # type: ignore[attr-defined]
        gr.api(programs.converse, api_name="converse", **asking)  # type: ignore[attr-defined]
        gr.api(programs.search, api_name="search", **asking)  # type: ignore[attr-defined]
        gr.api(programs.status, api_name="status")  # type: ignore[attr-defined]
        if may_change:
            gr.api(programs.build, api_name="build")  # type: ignore[attr-defined]

        spoken = [kept, chat, evidence, announced]
        views = [reader, cards]
        standing = [status, rebuild, cancel, watching, seen]
        looked: dict[str, Any] = {"inputs": kept, "outputs": [welcome, chat, evidence], "js": IF_IDLE} | quiet
        # Looked at twice: an answer that came meanwhile would stay overwritten by the first look.
        seen.change(page.recheck, **looked).then(page.recheck, **looked)
        asking |= {"js": BUSY}
        answers = [
            gr.on([question.submit, ask.click], page.ask, [question, kept], [question, *spoken], **asking, **quiet),
            gr.on(
                [chat.click, welcome.click, following.click, result.click], page.act, kept, spoken, **asking, **quiet
            ),
        ]
        for answered in answers:
            answered.then(page.close_document, None, views, **quiet)
            answered.then(None, None, None, js=READY)
            answered.then(page.suggest, kept, following, **quiet)
        stop.click(None, None, None, cancels=answers, js=READY)
        begun = begin.click(page.begin, [kept, older], [*spoken, older, earlier], **quiet)
        begun.then(page.close_document, None, views, **quiet)
        for changed in (begun, earlier.click(page.choose, [kept, older], [*spoken, older, earlier], **quiet)):
            changed.then(page.suggest, kept, following, **quiet)
        as_markdown.click(None, kept, None, js="turns => footnote.save(turns, 'md')")
        as_json.click(None, kept, None, js="turns => footnote.save(turns, 'json')")
        evidence.click(page.open_document, None, [shown, *views], **quiet).then(
            None, None, None, js="footnote.showMark"
        )
        back.click(page.close_document, None, views, js="() => footnote.back()", **quiet)
        for button, act in ((rebuild, page.rebuild), (cancel, page.cancel)):
            button.click(act, None, standing, **quiet)
        watching.input(page.watch, watching, standing, **quiet)
        gr.Timer(1.0).tick(page.refresh, None, standing, **quiet)
        listed = [wanted, order, number]
        last: dict[str, Any] = quiet | {"trigger_mode": "always_last"}
        gr.on([seen.change, library_tab.select, wanted.change], page.table, listed, table, **last)
        gr.on([seen.change, library_tab.select], page.facts, None, facts, **last)
        table.click(page.change, listed, [order, number, table, note], **quiet)
        table.click(page.read, None, [tabs, shown, *views], **quiet)
        if may_change:
            dropped.upload(page.add, [dropped, replace], [dropped, note], **quiet)
        evaluate_tab.select(page.question_files, None, chosen, **quiet)
        evaluated = run.click(page.evaluate, [uploaded, chosen], [progress, result], **quiet)
        end.click(lambda: paragraph("Stopped."), None, progress, cancels=[evaluated], **quiet)
        result.click(lambda: gr.Tabs(selected="ask"), None, tabs, **quiet)
        blocks.load(page.restore, [kept, older], [*spoken, earlier, welcome, seen], **quiet).then(
            page.suggest, kept, following, **quiet
        )
    return blocks  # type: ignore[no-any-return]


def main(arguments: list[str] | None = None) -> int:
    """Serve the page until it is stopped; 1 is an error that the user can put right."""
    parser = argparse.ArgumentParser(prog="python app.py", description="Ask a folder of documents in a web page.")
    parser.add_argument("--sources", type=Path, default=Path("sources"), help="the folder of documents (sources)")
    parser.add_argument("--index", type=Path, default=Path(".index"), help="the folder of the index (.index)")
    parser.add_argument("--model", help="a sentence-transformers name or folder (all-MiniLM-L6-v2)")
    parser.add_argument("--host", default="127.0.0.1", help="the address to serve (127.0.0.1)")
    parser.add_argument("--port", type=int, help="the port to serve (the first free one from 7860)")
    parser.add_argument("--watch", action="store_true", help="rebuild by itself after edits")
    parser.add_argument(
        "--keep-no-questions",
        action="store_true",
        help="do not keep what is asked to tell which answers change",
    )
    parser.add_argument("--auth", type=Path, metavar="FILE", help="let in only the users of a file (python -m qa user)")
    parser.add_argument("--no-auth", action="store_true", help="let in everyone who reaches --host")
    parser.add_argument("--read-only", action="store_true", help="add, remove and rebuild nothing from the page")
    parser.add_argument("--mcp", action="store_true", help="serve what programs may call as MCP tools too")
    add_limits(parser)
    options = parser.parse_args(arguments)
    try:
        users = Users(read_users(options.auth)) if options.auth else None
        if not users and not options.no_auth and options.host not in LOOPBACK:
            raise FootnoteError(
                f"Whoever reaches {options.host} could read every document: name a file of users with --auth, "
                "or let everyone in with --no-auth."
            )
        if options.mcp and not find_spec("mcp"):
            raise FootnoteError("Tools for MCP need a package more: install it with pip install -e '.[mcp]'.")
        limits = limits_of(options)
        scan(options.sources)
        weights = find_weights(options.model)
        if Store.exists(options.index):
            with Store.open(options.index) as store:
                check_fits(store.describe(), weights)
    except FootnoteError as error:
        print(error, file=sys.stderr)
        return 1
    library = Library(
        options.sources,
        options.index,
        lambda: load_encoder(options.model, options.index),
        limits,
    )
    service = QAService(library, not options.keep_no_questions)
    library.on_built = service.note_changes
    library.start_build()
    library.watch.turn(options.watch)
    page = make_page(library, service, not options.read_only)
    guarded = {
        "hosts": hosts_for(options.host),
        "most_bytes": library.limits.file_bytes + MEGABYTE,
        "also": ["/gradio_api/mcp"] if options.mcp else [],
    }
    try:
        _, url, _ = page.launch(
            server_name=options.host,
            server_port=options.port,
            share=False,
            quiet=True,
            prevent_thread_lock=True,
            enable_monitoring=False,
            run_history=False,
            footer_links=[],
            auth=SignIn(users).check if users else None,  # type: ignore[arg-type]  # gradio awaits what it has to
            mcp_server=options.mcp,
            app_kwargs={"middleware": [(Guard, (), guarded)]},
            max_file_size=library.limits.file_bytes,
            theme=gr.themes.Base(font=["system-ui", "sans-serif"], font_mono=["ui-monospace", "monospace"]),
            css_paths=PAGE_FILES / "page.css",
            js=(PAGE_FILES / "page.js").read_text("utf-8"),
        )
    except OSError as error:
        where = f"{options.host}:{options.port or 7860}"
        print(f"The page cannot be served at {where} ({error}): try another --port.", file=sys.stderr)
        return 1
    print(f"Footnote answers at {url}", flush=True)
    page.block_thread()
    return 0


if __name__ == "__main__":
    sys.exit(main())
