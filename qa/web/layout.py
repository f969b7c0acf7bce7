"""Lay out the page and connect it to its handlers."""

from pathlib import Path
from typing import Any

import gradio as gr

from qa.service import QAService
from qa.web.api import Api, as_gradio_error
from qa.web.components import (
    EvaluateTab,
    Handler,
    make_ask_tab,
    make_evaluate_tab,
    make_header,
    make_library_tab,
)
from qa.web.document_handlers import DocumentHandlers
from qa.web.evaluation_handlers import EvaluationHandlers
from qa.web.handlers import Handlers
from qa.web.library import Library
from qa.web.library_handlers import LibraryHandlers
from qa.web.status_cache import StatusCache
from qa.web.writing_handlers import WritingHandlers

STATIC = Path(__file__).parent / "static"
SCRIPTS = ("page.js", "written.js", "conversation.js", "sources.js", "scope.js", "library.js")
STYLES = ("page.css", "written.css", "print.css")
MAX_CONCURRENT_QUESTIONS = 8
_QUIET: dict[str, Any] = {"api_visibility": "private", "show_progress": "hidden"}
_ASKING: dict[str, Any] = {"concurrency_limit": MAX_CONCURRENT_QUESTIONS, "concurrency_id": "ask"}


def make_page(library: Library, service: QAService, may_change: bool = True) -> gr.Blocks:
    """Build the page of a library."""
    with gr.Blocks(title="Footnote", analytics_enabled=False, fill_width=True, delete_cache=(3600, 3600)) as blocks:
        make_header(page_handlers(library, service, may_change))
        with gr.Tabs(elem_id="tabs"):
            with gr.Tab("Ask", id="ask", render_children=True):
                make_ask_tab(service.writer.name if service.writer else "")
            with gr.Tab("Library", id="library", render_children=True):
                make_library_tab(may_change)
            with gr.Tab("Evaluate", id="evaluate") as tab:
                evaluate = make_evaluate_tab(tab)
        _connect_api(Api(library, service), may_change)
        _connect_evaluation(evaluate, EvaluationHandlers(evaluate, library, service))
    return blocks  # type: ignore[no-any-return]


def page_handlers(library: Library, service: QAService, may_change: bool) -> list[Handler]:
    """List the handlers that the page's script may call, by their names."""
    status = StatusCache(library)
    page = Handlers(library, service, status, may_change)
    documents = DocumentHandlers(library)
    writing = WritingHandlers(page, service)
    files = LibraryHandlers(library, service, status, may_change)
    return [
        *(page.ask, page.show, page.suggest, page.recheck, page.receipt, page.welcome),
        *(page.status, page.update, page.cancel, page.watch),
        *((writing.write, writing.written, writing.unwrite) if service.writer else ()),
        *(documents.open, documents.page),
        *(
            files.table,
            files.facts,
            files.add,
            files.outcomes,
            files.remove,
            files.restore,
            files.choices,
            files.inside,
        ),
    ]


def launch_options() -> dict[str, Any]:
    """Return what the page needs of `gr.Blocks.launch` or `gr.mount_gradio_app` to look and work as it should."""
    style = "\n".join((STATIC / name).read_text("utf-8") for name in STYLES)
    scripts = "\n".join((STATIC / name).read_text("utf-8") for name in SCRIPTS)
    return {
        "footer_links": [],
        "run_history": False,
        "theme": gr.themes.Base(font=["system-ui", "sans-serif"], font_mono=["ui-monospace", "monospace"]),
        # Gradio would prefix the rules of its own CSS option, which then match nothing outside its container.
        "head": f"<style>\n{style}\n</style>\n<script>\n{scripts}\n</script>",
    }


def _connect_api(api: Api, may_change: bool) -> None:
    endpoint: Any = gr.api  # type: ignore[attr-defined]
    for name in ("ask", "converse", "search"):
        endpoint(as_gradio_error(getattr(api, name)), api_name=name, **_ASKING)
    endpoint(as_gradio_error(api.status), api_name="status")
    if may_change:
        endpoint(as_gradio_error(api.build), api_name="build")


def _connect_evaluation(tab: EvaluateTab, handlers: EvaluationHandlers) -> None:
    tab.tab.select(handlers.list_files, None, tab.chosen, **_QUIET)
    outputs = [tab.progress, tab.result, tab.stop]
    running = tab.run.click(handlers.evaluate, [tab.upload, tab.chosen], outputs, **_QUIET)
    tab.stop.click(handlers.stop, None, [tab.progress, tab.stop], cancels=[running], **_QUIET)
