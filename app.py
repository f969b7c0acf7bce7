"""The window: flags in, a page out that answers from a folder of documents."""

import argparse
import os
import sys
import threading
import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

os.environ.setdefault("GRADIO_ANALYTICS_ENABLED", "False")

import gradio as gr

import qa
from index.building import Progress, build, check_fits, compare
from index.encoder import Encoder, load_encoder
from index.errors import FootnoteError
from index.freshness import Freshness
from index.limits import Limits, add_limits, limits_of
from index.scanning import scan
from index.searching import Searcher
from index.store import Store
from index.watching import Watch
from index.weights import find_weights
from qa.answering import answer
from qa.asked import Changed, asked, changes, remember
from qa.rendering import changes_html, document_html, evidence_html, status_html, text_html, to_html, to_json
from qa.types import Answer, NoAnswer

LONGEST_QUESTION = 2_000
FIRST_BUILD_PATIENCE = 20.0
MOST_TURNS_SHOWN = 30
MOST_ASKED_AGAIN = 100

PAGE_FILES = Path(qa.__file__).parent
Chat = list[dict[str, Any]]
GONE = "This document is no longer in the index."
HINT = "Ask a question about the documents. Every sentence of the answer is quoted from them."
TITLE = "<h1>Footnote</h1><p>Answers quoted from your documents, each sentence with its source.</p>"
OPEN_SCRIPT = """
element.addEventListener('click', event => {
  const button = event.target.closest('button.open');
  if (!button) return;
  const {document, start, end} = button.dataset;
  trigger('click', {document, start: +start, end: +end});
});
"""
NO_EVIDENCE = '<div class="hint"><h2>Evidence</h2><p>The passages behind an answer appear here.</p></div>'
SHOW_MARK = "() => setTimeout(() => document.querySelector('mark.here')?.scrollIntoView({block: 'center'}), 150)"


@dataclass
class Library:
    """The folder, its index and the build that may be running on it; shared by everyone who has the page open. The
    model is made ready by `load` beside the page, which shows at once."""

    sources: Path
    index: Path
    load: Callable[[], Encoder]
    limits: Limits | None = None
    keeps_questions: bool = True
    changed: tuple[Changed, ...] = ()
    progress: Progress | None = None
    problem: str = ""
    _cancelled: bool = False
    _thread: threading.Thread | None = None
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _loading: threading.Lock = field(default_factory=threading.Lock)
    _loaded: tuple[Encoder, Searcher] | None = None

    def __post_init__(self) -> None:
        self.watch = Watch(self.sources, self._look)
        self._freshness = Freshness(self.sources, self.index)

    def ready(self) -> tuple[Encoder, Searcher]:
        """The model, and what finds passages with it; the first call makes them ready, others wait for it."""
        with self._loading:
            if self._loaded is None:
                encoder = self.load()
                self._loaded = encoder, Searcher(self.index, encoder)
            return self._loaded

    @property
    def is_building(self) -> bool:
        return self._thread is not None and self._thread.is_alive()

    def start_build(self) -> None:
        """Start a build beside the page, unless one is running."""
        with self._lock:
            if not self.is_building:
                self._cancelled, self.problem, self.progress = False, "", Progress("Preparing the model", 0, 0)
                self._thread = threading.Thread(target=self._build, daemon=True)
                self._thread.start()

    def cancel_build(self) -> None:
        """Stop the running build at its next step, and watching, which would start it anew; the last whole index
        stays."""
        self._cancelled = True
        self.watch.turn(False)

    def _look(self) -> None:
        if not self.is_building and self._is_changed():
            self.start_build()

    def _is_changed(self) -> bool:
        try:
            with Store.open(self.index) as store:
                return bool(compare(scan(self.sources).files, store.files()))
        except FootnoteError:
            return False

    def _build(self) -> None:
        try:
            encoder, _ = self.ready()
            for step in build(self.sources, self.index, encoder, limits=self.limits):
                if not isinstance(step, Progress):
                    self._note_changes()
                    break
                if self._cancelled:
                    self.problem = "Cancelled. The last whole index is kept."
                    break
                self.progress = step
        except FootnoteError as error:
            self.problem = str(error)
        except Exception:
            self.problem = "The build failed: the terminal shows why. The last whole index is kept."
            traceback.print_exc()

    def _note_changes(self) -> None:
        """Ask again what was asked last, so that the page can show which answers are different now."""
        last = asked(self.index)[-MOST_ASKED_AGAIN:]
        self.changed = tuple(changes(last, lambda question: answer(question, self.ready()[1])))

    def wait_for_first_build(self, patience: float) -> None:
        """Return once there is an index or no build is running, at the latest after `patience` seconds."""
        deadline = time.monotonic() + patience
        while self.is_building and not self._is_built() and time.monotonic() < deadline:
            time.sleep(0.05)
        if self.is_building and not self._is_built():
            raise FootnoteError("The documents are being read for the first time: ask again when that is done.")

    def ask(self, question: str) -> Answer | NoAnswer:
        """The answer from the last whole index."""
        question = question.strip()[:LONGEST_QUESTION]
        self.wait_for_first_build(FIRST_BUILD_PATIENCE)
        if not Store.exists(self.index):
            raise FootnoteError(f"There are no documents yet: put some into {self.sources} and press Rebuild.")
        reply = answer(question, self.ready()[1], is_current=self._freshness.is_current)
        if self.keeps_questions:
            remember(self.index, reply)
        self.changed = tuple(change for change in self.changed if change.question != question)
        return reply

    def status(self) -> str:
        """The status line as HTML."""
        building = self.progress if self.is_building else None
        try:
            if not self._is_built():
                return status_html("" if building else "No documents yet.", "", self.problem, building)
            found = scan(self.sources)
            with Store.open(self.index) as store:
                description, known = store.describe(), store.files()
        except FootnoteError as error:
            return status_html("", "", str(error), building)
        difference = compare(found.files, known)
        unread = [*filter(None, (record.reason or record.note for record in known.values())), *found.skipped.values()]
        built = datetime.fromtimestamp(description.built_at).strftime("%d %B %Y, %H:%M")
        counts = [(description.documents, "document"), (description.passages, "passage")]
        held = " · ".join(f"{count} {what}{'s' * (count != 1)}" for count, what in counts)
        summary = f"{held} · last build {built}"
        changed = f"The folder has changed: {difference}. Press Rebuild." if difference else ""
        return status_html(summary, changed, self.problem, building, unread) + changes_html(self.changed)

    def examples(self) -> list[str]:
        """Questions to start from: about the sections, those that the documents do answer."""
        if not self._is_built():
            return []
        with Store.open(self.index) as store:
            sections = list(dict.fromkeys(heading for heading in store.section_names() if len(heading) < 80))
        about = [f"What do the documents say about {name}?" for name in sections[:: max(1, len(sections) // 8)][:8]]
        searcher = self.ready()[1]
        return [question for question in about if isinstance(answer(question, searcher), Answer)][:4]

    def _is_built(self) -> bool:
        if not Store.exists(self.index):
            return False
        with Store.open(self.index) as store:
            return store.generation() > 0


class Page:
    """What the page's listeners do; of a visitor they keep nothing but what was asked, and that only if wanted."""

    def __init__(self, library: Library) -> None:
        self._library = library

    def ask(self, question: str, chat: Chat, evidence: list[str]) -> tuple[Any, ...]:
        """The question box, the chat, each turn's evidence and the evidence shown, after a question."""
        if not question.strip():
            return gr.skip(), gr.skip(), gr.skip(), gr.skip()
        turn = len(chat) // 2
        try:
            reply = self._library.ask(question)
            said, shown = to_html(reply, turn), evidence_html(reply, turn)
        except FootnoteError as error:
            said, shown = text_html(str(error)), ""
        asked = {"role": "user", "content": text_html(question.strip())}
        evidence = [*evidence, shown][-MOST_TURNS_SHOWN:]
        chosen = shown.replace('class="evidence"', 'class="evidence chosen"', 1)
        return "", [*chat, asked, {"role": "assistant", "content": said}], evidence, "".join([*evidence[:-1], chosen])

    def ask_example(self, event: gr.SelectData, chat: Chat, evidence: list[str]) -> tuple[Any, ...]:
        """The same for an example that was clicked."""
        return self.ask(event.value["text"], chat, evidence)

    def ask_for_programs(self, question: str) -> dict[str, Any]:
        """Answer one question with quoted, cited sentences, or decline."""
        started = time.perf_counter()
        try:
            return to_json(self._library.ask(question), time.perf_counter() - started)
        except FootnoteError as error:
            raise gr.Error(str(error)) from error

    def open_document(self, event: gr.EventData) -> tuple[Any, ...]:
        """The document behind a card, the reader shown and the cards hidden. Only the index is asked, never a file."""
        path, start, end = (event._data[name] for name in ("document", "start", "end"))
        with Store.open(self._library.index) as store:
            document = store.document(str(path))
        shown = document_html(document, (int(start), int(end))) if document else text_html(GONE)
        return shown, gr.update(visible=True), gr.update(visible=False)

    def close_document(self) -> tuple[Any, ...]:
        """The reader hidden and the cards shown."""
        return gr.update(visible=False), gr.update(visible=True)

    def clear(self) -> tuple[Any, ...]:
        """No evidence, and the hint in its place."""
        return [], NO_EVIDENCE

    def examples(self) -> Any:
        """The chat with questions to start from, once there is an index."""
        try:
            self._library.wait_for_first_build(FIRST_BUILD_PATIENCE)
            return gr.update(examples=[{"text": question} for question in self._library.examples()])
        except FootnoteError:
            return gr.skip()

    def refresh(self) -> tuple[Any, ...]:
        """The status line, the two buttons and the switch."""
        building = self._library.is_building
        buttons = gr.update(interactive=not building), gr.update(visible=building)
        return self._library.status(), *buttons, self._library.watch.is_on

    def rebuild(self) -> tuple[Any, ...]:
        """The same after a build has been started."""
        self._library.start_build()
        return self.refresh()

    def watch(self, wanted: bool) -> tuple[Any, ...]:
        """The same after watching has been switched on or off."""
        self._library.watch.turn(wanted)
        return self.refresh()

    def cancel(self) -> tuple[Any, ...]:
        """The same after the build has been told to stop."""
        self._library.cancel_build()
        return self.refresh()


def make_page(library: Library) -> gr.Blocks:
    """Lay out the page and connect its listeners."""
    page = Page(library)
    with gr.Blocks(title="Footnote", analytics_enabled=False, fill_width=True) as blocks:
        with gr.Row():
            with gr.Column(min_width=280):
                gr.HTML(TITLE, elem_id="title")
            with gr.Column(min_width=280):
                status = gr.HTML(library.status(), elem_id="status")
                with gr.Row(elem_id="build-buttons"):
                    watching = gr.Checkbox(
                        library.watch.is_on, label="Rebuild automatically", container=False, elem_id="watch"
                    )
                    rebuild = gr.Button("Rebuild", size="sm", elem_id="rebuild")
                    cancel = gr.Button("Cancel", size="sm", variant="stop", visible=False, elem_id="cancel")
        with gr.Row():
            with gr.Column(scale=5, min_width=320):
                chat = gr.Chatbot(
                    elem_id="chat",
                    label="Conversation",
                    show_label=False,
                    height=560,
                    latex_delimiters=[],
                    buttons=[],
                    feedback_options=None,
                    placeholder=HINT,
                )
                with gr.Row():
                    question = gr.Textbox(
                        label="Question",
                        container=False,
                        placeholder="Ask the documents …",
                        max_length=LONGEST_QUESTION,
                        autofocus=True,
                        scale=8,
                        elem_id="question",
                    )
                    ask = gr.Button("Ask", variant="primary", scale=1, min_width=70, elem_id="ask")
            with gr.Column(scale=4, min_width=320):
                with gr.Column(visible=False, elem_id="reader") as reader:
                    back = gr.Button("← Back to the evidence", size="sm", elem_id="back")
                    shown = gr.HTML(elem_id="document")
                with gr.Column() as cards:
                    evidence_shown = gr.HTML(NO_EVIDENCE, js_on_load=OPEN_SCRIPT, elem_id="evidence")
        evidence = gr.State([])

        quiet: dict[str, Any] = {"api_visibility": "private", "show_progress": "hidden"}
        asking: dict[str, Any] = {"concurrency_limit": 8, "concurrency_id": "ask"}
        # First, so that the name is free: a listener is named after its function.
        gr.api(page.ask_for_programs, api_name="ask", **asking)  # type: ignore[attr-defined]
        asked = [question, chat, evidence, evidence_shown]
        views = [reader, cards]
        built = [status, rebuild, cancel, watching]
        for event in (question.submit, ask.click):
            answered = event(page.ask, [question, chat, evidence], asked, **asking, **quiet)
            answered.then(page.close_document, None, views, **quiet)
        chat.example_select(page.ask_example, [chat, evidence], asked, **asking, **quiet)
        chat.clear(page.clear, None, [evidence, evidence_shown], **quiet).then(
            page.close_document, None, views, **quiet
        )
        opened = evidence_shown.click(page.open_document, None, [shown, *views], **quiet)
        opened.then(None, None, None, js=SHOW_MARK)
        back.click(page.close_document, None, views, **quiet)
        rebuild.click(page.rebuild, None, built, **quiet)
        cancel.click(page.cancel, None, built, **quiet)
        watching.input(page.watch, watching, built, **quiet)
        gr.Timer(1.0).tick(page.refresh, None, built, **quiet)
        blocks.load(page.refresh, None, built, **quiet)
        blocks.load(page.examples, None, chat, **quiet)
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
    add_limits(parser)
    options = parser.parse_args(arguments)
    try:
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
        limits_of(options),
        not options.keep_no_questions,
    )
    library.start_build()
    library.watch.turn(options.watch)
    page = make_page(library)
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
            max_file_size="1mb",
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
