"""The window: flags in, a page out that answers from a folder of documents."""

import argparse
import os
import sys
import threading
import time
import traceback
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

os.environ.setdefault("GRADIO_ANALYTICS_ENABLED", "False")

import gradio as gr

from index.building import Progress, Report, build, check_fits, compare
from index.encoder import Encoder, load_encoder
from index.errors import FootnoteError
from index.freshness import Freshness
from index.reading import scan
from index.searching import Searcher
from index.store import Store
from qa.answering import answer
from qa.rendering import document_html, evidence_html, status_html, text_html, to_html, to_json
from qa.types import Answer, NoAnswer

LONGEST_QUESTION = 2_000
FIRST_BUILD_PATIENCE = 20.0
MOST_TURNS_SHOWN = 30

STYLE = """
.gradio-container { max-width: 1400px !important; margin: 0 auto !important; }
#title h1 { margin: 0; font-size: 1.5rem; } #title p { margin: .1rem 0 0; opacity: .8; }
#status { font-size: .9rem; } #status progress { width: 10rem; vertical-align: middle; }
#status .changed, #status .problem { font-weight: 600; }
#status .problem { color: var(--error-text-color, #b91c1c); }
#chat p { margin: 0; overflow-wrap: anywhere; line-height: 1.6; }
a.footnote { display: inline-block; min-width: 1.5em; margin: 0 .1em; padding: 0 .3em; border-radius: .6em; text-align: center;
  text-decoration: none !important; font-weight: 600; color: #fff !important; background: #1d4ed8; }
a.footnote:hover, a.footnote:focus-visible { background: #1e3a8a; outline: 2px solid #93c5fd; }
.evidence { display: none; } .evidence.chosen { display: block; }
.evidence h2, .hint h2 { font-size: 1.05rem; margin: 0 0 .2rem; } .evidence .asked { opacity: .75; margin: 0 0 .6rem; }
.card { border: 1px solid var(--border-color-primary); border-radius: .6rem; padding: .7rem .9rem; margin-bottom: .7rem;
  background: var(--background-fill-primary); overflow-wrap: anywhere; }
.card.lit { border-color: #2563eb; box-shadow: 0 0 0 2px #2563eb66; } .card:focus { outline: none; }
.card header { display: flex; gap: .5rem; align-items: baseline; font-weight: 600; }
.card .number { background: #1d4ed8; color: #fff; border-radius: .6em; padding: 0 .5em; }
.card .section { opacity: .75; font-size: .85rem; margin: .15rem 0 .4rem; }
.card blockquote { margin: 0 0 .5rem; padding: 0 0 0 .7rem; border-left: 3px solid var(--border-color-primary);
  white-space: pre-line; font-size: .93rem; line-height: 1.5; }
.card button { font: inherit; font-size: .85rem; cursor: pointer; background: none; padding: .2rem .6rem; color: inherit;
  border: 1px solid var(--border-color-primary); border-radius: .4rem; }
.card button:hover, .card button:focus-visible { border-color: #2563eb; outline: 1px solid #2563eb; }
mark { background: #fde68a; color: #1f2937; border-radius: .15em; padding: 0 .1em; }
.document { max-height: 70vh; overflow: auto; padding: .5rem 1rem; overflow-wrap: anywhere; line-height: 1.55;
  border: 1px solid var(--border-color-primary); border-radius: .6rem; }
.document p { white-space: pre-line; margin: .5rem 0; } .document .path { opacity: .7; font-size: .85rem; }
.document h2, .document h3, .document h4 { margin: 1rem 0 .3rem; }
footer { display: none !important; }
@media (max-width: 640px) { .document { max-height: 60vh; } }
"""

# A footnote link chooses its answer's evidence and brings its card into view.
SCRIPT = """
() => document.addEventListener('click', event => {
  const link = event.target.closest('a.footnote');
  if (!link) return;
  event.preventDefault();
  const card = document.getElementById(link.getAttribute('href').slice(1));
  if (!card) return;
  const back = document.querySelector('#back');
  if (back && back.offsetParent) back.click();
  document.querySelectorAll('.evidence').forEach(section => section.classList.toggle('chosen', section.contains(card)));
  document.querySelectorAll('.card').forEach(other => other.classList.toggle('lit', other === card));
  setTimeout(() => { card.scrollIntoView({block: 'nearest'}); card.focus({preventScroll: true}); }, 50);
})
"""
OPEN_SCRIPT = """
element.addEventListener('click', event => {
  const button = event.target.closest('button.open');
  if (button) trigger('click', {path: button.dataset.path, start: +button.dataset.start, end: +button.dataset.end});
});
"""
SHOW_MARK = "() => setTimeout(() => document.getElementById('marked')?.scrollIntoView({block: 'center'}), 150)"


@dataclass
class Library:
    """The folder, its index and the build that may be running on it; shared by everyone who has the page open."""

    sources: Path
    index: Path
    encoder: Encoder
    searcher: Searcher = field(init=False)
    progress: Progress | None = None
    problem: str = ""
    _cancelled: bool = False
    _thread: threading.Thread | None = None
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def __post_init__(self) -> None:
        self.searcher = Searcher(self.index, self.encoder)
        self._freshness = Freshness(self.sources, self.index)

    @property
    def is_building(self) -> bool:
        return self._thread is not None and self._thread.is_alive()

    def start_build(self) -> None:
        """Start a build beside the page, unless one is running."""
        with self._lock:
            if not self.is_building:
                self._cancelled, self.problem, self.progress = False, "", Progress("Reading", 0, 0)
                self._thread = threading.Thread(target=self._build, daemon=True)
                self._thread.start()

    def cancel_build(self) -> None:
        """Stop the running build at its next step; the last whole index stays."""
        self._cancelled = True

    def _build(self) -> None:
        try:
            for step in build(self.sources, self.index, self.encoder):
                if isinstance(step, Report):
                    self.problem = " ".join(step.unreadable.values())
                elif self._cancelled:
                    self.problem = "Cancelled. The last whole index is kept."
                    break
                else:
                    self.progress = step
        except FootnoteError as error:
            self.problem = str(error)
        except Exception:
            self.problem = "The build failed: the terminal shows why. The last whole index is kept."
            traceback.print_exc()

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
        return answer(question, self.searcher, is_current=self._freshness.is_current)

    def status(self) -> str:
        """The status line as HTML."""
        building = self.progress if self.is_building else None
        try:
            if not self._is_built():
                return status_html("No documents yet.", "", self.problem, building)
            with Store.open(self.index) as store:
                description = store.describe()
                difference = compare(self.sources, store)
        except FootnoteError as error:
            return status_html("", "", str(error), building)
        built = datetime.fromtimestamp(description.built_at).strftime("%d %B %Y, %H:%M")
        summary = f"{description.documents} documents · {description.passages} passages · last build {built}"
        changed = f"The folder has changed: {difference}. Press Rebuild." if difference else ""
        return status_html(summary, changed, self.problem, building)

    def examples(self) -> list[str]:
        """Questions to start from: about the sections, those that the documents do answer."""
        if not self._is_built():
            return []
        with Store.open(self.index) as store:
            sections = list(dict.fromkeys(heading for heading in store.section_names() if len(heading) < 80))
        asked = [f"What do the documents say about {name}?" for name in sections[:: max(1, len(sections) // 8)][:8]]
        return [question for question in asked if isinstance(self.ask(question), Answer)][:4]

    def _is_built(self) -> bool:
        if not Store.exists(self.index):
            return False
        with Store.open(self.index) as store:
            return store.generation() > 0


def make_page(library: Library) -> gr.Blocks:
    """The page; its listeners share the library, and keep nothing of a visitor but in that visitor's session."""

    def ask(question: str, chat: list[dict[str, Any]], evidence: list[str]) -> tuple[Any, ...]:
        if not question.strip():
            return gr.skip(), gr.skip(), gr.skip(), gr.skip()
        turn = len(chat) // 2
        try:
            reply = library.ask(question)
            said, shown = to_html(reply, turn), evidence_html(reply, turn)
        except FootnoteError as error:
            said, shown = text_html(str(error)), ""
        chat = [
            *chat,
            {"role": "user", "content": text_html(question.strip())},
            {"role": "assistant", "content": said},
        ]
        evidence = [*evidence, shown][-MOST_TURNS_SHOWN:]
        return "", chat, evidence, choose_last(evidence)

    def choose_last(evidence: list[str]) -> str:
        return "".join([*evidence[:-1], evidence[-1].replace('class="evidence"', 'class="evidence chosen"', 1)])

    def open_document(event: gr.EventData) -> tuple[Any, ...]:
        path, start, end = event._data["path"], event._data["start"], event._data["end"]
        with Store.open(library.index) as store:
            document = store.document(str(path))
        if document is None:
            shown = text_html("This document is no longer in the index.")
        else:
            shown = document_html(document, (int(start), int(end)))
        return shown, gr.update(visible=True), gr.update(visible=False)

    def ask_for_programs(question: str) -> dict[str, Any]:
        """Answer one question with quoted, cited sentences, or decline."""
        started = time.perf_counter()
        try:
            return to_json(library.ask(question), time.perf_counter() - started)
        except FootnoteError as error:
            raise gr.Error(str(error)) from error

    def refresh() -> tuple[Any, ...]:
        building = library.is_building
        return library.status(), gr.update(interactive=not building), gr.update(visible=building)

    def first_view() -> Any:
        try:
            library.wait_for_first_build(FIRST_BUILD_PATIENCE)
            return gr.update(examples=[{"text": question} for question in library.examples()])
        except FootnoteError:
            return gr.skip()

    def rebuild() -> tuple[Any, ...]:
        library.start_build()
        return refresh()

    def cancel() -> tuple[Any, ...]:
        library.cancel_build()
        return refresh()

    hidden: dict[str, Any] = {"api_visibility": "private", "show_progress": "hidden"}
    with gr.Blocks(title="Footnote", analytics_enabled=False) as page:
        with gr.Row(equal_height=True):
            gr.HTML(
                "<h1>Footnote</h1><p>Answers quoted from your documents, each sentence with its source.</p>",
                elem_id="title",
            )
            with gr.Column():
                status = gr.HTML(library.status(), elem_id="status")
                with gr.Row():
                    rebuild_button = gr.Button("Rebuild", size="sm", elem_id="rebuild")
                    cancel_button = gr.Button("Cancel", size="sm", variant="stop", visible=False, elem_id="cancel")
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
                    layout="bubble",
                    placeholder="Ask a question about the documents. Every sentence of the answer is quoted from them.",
                )
                with gr.Row():
                    question = gr.Textbox(
                        show_label=False,
                        label="Question",
                        placeholder="Ask the documents …",
                        max_length=LONGEST_QUESTION,
                        autofocus=True,
                        scale=8,
                        elem_id="question",
                        container=False,
                    )
                    ask_button = gr.Button("Ask", variant="primary", scale=1, min_width=70, elem_id="ask")
            with gr.Column(scale=4, min_width=320):
                with gr.Column(visible=False, elem_id="reader") as reader:
                    back_button = gr.Button("← Back to the evidence", size="sm", elem_id="back")
                    shown = gr.HTML(elem_id="document")
                with gr.Column(elem_id="evidence-column") as cards:
                    evidence_view = gr.HTML(
                        '<div class="hint"><h2>Evidence</h2><p>The passages behind an answer appear here.</p></div>',
                        js_on_load=OPEN_SCRIPT,
                        elem_id="evidence",
                    )
        evidence = gr.State([])
        asked = [question, chat, evidence, evidence_view]
        state = [status, rebuild_button, cancel_button]
        views = [reader, cards]

        def close_reader() -> tuple[Any, ...]:
            return gr.update(visible=False), gr.update(visible=True)

        for trigger in (question.submit, ask_button.click):
            trigger(ask, [question, chat, evidence], asked, concurrency_limit=8, concurrency_id="ask", **hidden).then(
                close_reader, None, views, **hidden
            )

        def ask_example(event: gr.SelectData, chat: list[dict[str, Any]], evidence: list[str]) -> tuple[Any, ...]:
            return ask(event.value["text"], chat, evidence)

        chat.example_select(ask_example, [chat, evidence], asked, concurrency_id="ask", **hidden)
        evidence_view.click(open_document, None, [shown, reader, cards], **hidden).then(None, None, None, js=SHOW_MARK)
        back_button.click(close_reader, None, views, **hidden)
        rebuild_button.click(rebuild, None, state, **hidden)
        cancel_button.click(cancel, None, state, **hidden)
        gr.Timer(1.0).tick(refresh, None, state, **hidden)
        page.load(refresh, None, state, **hidden)
        page.load(first_view, None, chat, **hidden)
        gr.api(ask_for_programs, api_name="ask", concurrency_limit=8, concurrency_id="ask")
    return page


def main(arguments: list[str] | None = None) -> int:
    """Serve the page until it is stopped; 1 is an error that the user can put right."""
    parser = argparse.ArgumentParser(prog="python app.py", description="Ask a folder of documents in a web page.")
    parser.add_argument("--sources", type=Path, default=Path("sources"), help="the folder of documents (sources)")
    parser.add_argument("--index", type=Path, default=Path(".index"), help="the folder of the index (.index)")
    parser.add_argument("--model", help="a sentence-transformers name or folder (all-MiniLM-L6-v2)")
    parser.add_argument("--host", default="127.0.0.1", help="the address to serve (127.0.0.1)")
    parser.add_argument("--port", type=int, help="the port to serve (the first free one from 7860)")
    options = parser.parse_args(arguments)
    try:
        scan(options.sources)
        encoder = load_encoder(options.model)
        if Store.exists(options.index):
            with Store.open(options.index) as store:
                check_fits(store.describe(), encoder)
    except FootnoteError as error:
        print(error, file=sys.stderr)
        return 1
    library = Library(options.sources, options.index, encoder)
    library.start_build()
    try:
        make_page(library).launch(
            server_name=options.host,
            server_port=options.port,
            share=False,
            enable_monitoring=False,
            run_history=False,
            footer_links=[],
            max_file_size="1mb",
            theme=gr.themes.Base(font=["system-ui", "sans-serif"], font_mono=["ui-monospace", "monospace"]),
            css=STYLE,
            js=SCRIPT,
        )
    except OSError as error:
        print(
            f"The page cannot be served at {options.host}:{options.port} ({error}): try another --port.",
            file=sys.stderr,
        )
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
