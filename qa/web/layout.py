"""Lay out the page and connect its events to their handlers."""

from pathlib import Path
from typing import Any

import gradio as gr

from qa.service import QAService
from qa.web.api import Api
from qa.web.components import Components, make_components
from qa.web.handlers import Handlers
from qa.web.library import Library
from qa.web.library_handlers import EvaluationHandlers, LibraryHandlers

STATIC = Path(__file__).parent / "static"
MAX_CONCURRENT_QUESTIONS = 8
_BUSY = "(...inputs) => { document.body.classList.add('busy'); return inputs; }"
_IF_IDLE = "turns => document.body.classList.contains('busy') ? [] : [turns]"
_READY = "() => footnote.ready()"
_QUIET: dict[str, Any] = {"api_visibility": "private", "show_progress": "hidden"}
_ASKING: dict[str, Any] = {"concurrency_limit": MAX_CONCURRENT_QUESTIONS, "concurrency_id": "ask"}
_LATEST: dict[str, Any] = _QUIET | {"trigger_mode": "always_last"}


def make_page(library: Library, service: QAService, may_change: bool = True) -> gr.Blocks:
    """Build the page of a library."""
    with gr.Blocks(title="Footnote", analytics_enabled=False, fill_width=True, delete_cache=(3600, 3600)) as blocks:
        components = make_components(library.watch.is_on, may_change)
        _connect_api(Api(library, service), may_change)
        handlers = Handlers(components, library, service, may_change)
        _connect_asking(components, handlers)
        _connect_conversations(components, handlers)
        _connect_documents(components, handlers)
        _connect_header(components, handlers)
        _connect_library(components, LibraryHandlers(components, library, service, may_change))
        _connect_evaluation(components, EvaluationHandlers(components, library, service))
        ask, header = components.ask, components.header
        blocks.load(
            handlers.load,
            [ask.session, ask.archive],
            [
                ask.session,
                ask.chat,
                ask.evidence,
                ask.announced,
                ask.archive,
                ask.archived,
                ask.welcome,
                header.version,
            ],
            **_QUIET,
        ).then(handlers.suggest, ask.session, ask.suggestions, **_QUIET)
    return blocks  # type: ignore[no-any-return]


def launch_options() -> dict[str, Any]:
    """Return what the page needs of `gr.Blocks.launch` or `gr.mount_gradio_app` to look and work as it should."""
    return {
        "footer_links": [],
        "run_history": False,
        "theme": gr.themes.Base(font=["system-ui", "sans-serif"], font_mono=["ui-monospace", "monospace"]),
        "css_paths": STATIC / "page.css",
        "js": (STATIC / "page.js").read_text("utf-8"),
    }


def _connect_api(api: Api, may_change: bool) -> None:
    endpoint: Any = gr.api  # type: ignore[attr-defined]
    endpoint(api.ask, api_name="ask", **_ASKING)
    endpoint(api.converse, api_name="converse", **_ASKING)
    endpoint(api.search, api_name="search", **_ASKING)
    endpoint(api.status, api_name="status")
    if may_change:
        endpoint(api.build, api_name="build")


def _connect_asking(components: Components, handlers: Handlers) -> None:
    tab, result = components.ask, components.evaluate.result
    turns = [tab.session, tab.chat, tab.evidence, tab.announced]
    asking = _ASKING | _QUIET | {"js": _BUSY}
    triggers = [tab.question.submit, tab.ask.click]
    buttons = [tab.chat.click, tab.welcome.click, tab.suggestions.click, result.click]
    answers = [
        gr.on(triggers, handlers.ask, [tab.question, tab.session], [tab.question, *turns], **asking),
        gr.on(buttons, handlers.act, tab.session, turns, **asking),
    ]
    for answered in answers:
        answered.then(handlers.close_document, None, [tab.reader, tab.cards], **_QUIET)
        answered.then(None, None, None, js=_READY)
        answered.then(handlers.suggest, tab.session, tab.suggestions, **_QUIET)
    tab.stop.click(None, None, None, cancels=answers, js=_READY)
    result.click(lambda: gr.Tabs(selected="ask"), None, components.tabs, **_QUIET)


def _connect_conversations(components: Components, handlers: Handlers) -> None:
    tab = components.ask
    saved = [tab.session, tab.archive]
    outputs = [tab.session, tab.chat, tab.evidence, tab.announced, tab.archive, tab.archived]
    begun = tab.new.click(handlers.begin, saved, outputs, **_QUIET)
    begun.then(handlers.close_document, None, [tab.reader, tab.cards], **_QUIET)
    for changed in (begun, tab.archived.click(handlers.choose, saved, outputs, **_QUIET)):
        changed.then(handlers.suggest, tab.session, tab.suggestions, **_QUIET)
    tab.as_markdown.click(None, tab.session, None, js="turns => footnote.save(turns, 'md')")
    tab.as_json.click(None, tab.session, None, js="turns => footnote.save(turns, 'json')")


def _connect_documents(components: Components, handlers: Handlers) -> None:
    tab = components.ask
    views = [tab.document, tab.reader, tab.cards]
    tab.evidence.click(handlers.open_cited, None, views, **_QUIET).then(None, None, None, js="footnote.showMark")
    tab.back.click(handlers.close_document, None, views[1:], js="() => footnote.back()", **_QUIET)
    components.library.table.click(handlers.open_listed, None, [components.tabs, *views], **_QUIET)


def _connect_header(components: Components, handlers: Handlers) -> None:
    header, tab = components.header, components.ask
    watching = components.library.watching
    outputs = [header.status, header.update, header.cancel, header.version, watching]
    header.update.click(handlers.update, None, outputs, **_QUIET)
    header.cancel.click(handlers.cancel, None, outputs, **_QUIET)
    watching.input(handlers.watch, watching, outputs, **_QUIET)
    gr.Timer(1.0).tick(handlers.refresh, None, outputs, **_QUIET)
    recheck: dict[str, Any] = {
        "inputs": tab.session,
        "outputs": [tab.welcome, tab.chat, tab.evidence],
        "js": _IF_IDLE,
    } | _QUIET
    # Checked twice: an answer that arrived in between would be overwritten by the first check.
    header.version.change(handlers.recheck, **recheck).then(handlers.recheck, **recheck)


def _connect_library(components: Components, handlers: LibraryHandlers) -> None:
    tab, version = components.library, components.header.version
    view = [tab.search, tab.order, tab.page]
    gr.on([version.change, tab.tab.select, tab.search.change], handlers.show_table, view, tab.table, **_LATEST)
    gr.on([version.change, tab.tab.select], handlers.show_facts, None, tab.facts, **_LATEST)
    tab.table.click(handlers.act, view, [tab.order, tab.page, tab.table, tab.note], **_QUIET)
    if tab.upload and tab.replace:
        tab.upload.upload(handlers.add, [tab.upload, tab.replace], [tab.upload, tab.note], **_QUIET)


def _connect_evaluation(components: Components, handlers: EvaluationHandlers) -> None:
    tab = components.evaluate
    tab.tab.select(handlers.list_files, None, tab.chosen, **_QUIET)
    outputs = [tab.progress, tab.result, tab.stop]
    running = tab.run.click(handlers.evaluate, [tab.upload, tab.chosen], outputs, **_QUIET)
    tab.stop.click(handlers.stop, None, [tab.progress, tab.stop], cancels=[running], **_QUIET)
