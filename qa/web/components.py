"""The components of the page, by tab."""

from dataclasses import dataclass

import gradio as gr

from qa.service import MAX_QUESTION_CHARACTERS
from qa.web.evaluation_view import HINT
from qa.web.html import render

# Buttons inside HTML report their action and its data to the component's click event.
ACTION_SCRIPT = """
element.addEventListener('click', event => {
  const button = event.target.closest('button.act');
  if (button) footnote.act(button, data => trigger('click', data));
});
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Header:
    """The line above the tabs."""

    status: gr.HTML
    update: gr.Button
    cancel: gr.Button
    version: gr.Textbox  # hidden; changes when the library does


@dataclass(frozen=True, slots=True, kw_only=True)
class AskTab:
    """The conversation and the sources beside it. `session` and `archive` are saved in the browser."""

    session: gr.BrowserState
    archive: gr.BrowserState
    chat: gr.HTML
    welcome: gr.HTML
    announced: gr.HTML
    question: gr.Textbox
    ask: gr.Button
    stop: gr.Button
    suggestions: gr.HTML
    new: gr.Button
    as_markdown: gr.Button
    as_json: gr.Button
    archived: gr.HTML
    reader: gr.Column
    back: gr.Button
    document: gr.HTML
    cards: gr.Column
    evidence: gr.HTML


@dataclass(frozen=True, slots=True, kw_only=True)
class LibraryTab:
    """The files of the folder. `upload` and `replace` are missing if the library is read-only."""

    tab: gr.Tab
    facts: gr.HTML
    watching: gr.Checkbox
    upload: gr.File | None
    replace: gr.Checkbox | None
    note: gr.HTML
    search: gr.Textbox
    table: gr.HTML
    order: gr.State
    page: gr.State


@dataclass(frozen=True, slots=True, kw_only=True)
class EvaluateTab:
    """The evaluation of a file of questions."""

    tab: gr.Tab
    upload: gr.File
    chosen: gr.Dropdown
    run: gr.Button
    stop: gr.Button
    progress: gr.HTML
    result: gr.HTML


@dataclass(frozen=True, slots=True, kw_only=True)
class Components:
    """All components of the page."""

    header: Header
    tabs: gr.Tabs
    ask: AskTab
    library: LibraryTab
    evaluate: EvaluateTab


def make_components(is_watching: bool, may_change: bool) -> Components:
    """Create the components inside the current `gr.Blocks`."""
    header = _header(may_change)
    with gr.Tabs(elem_id="tabs") as tabs:
        with gr.Tab("Ask", id="ask"):
            ask = _ask_tab()
        with gr.Tab("Library", id="library") as library_tab:
            library = _library_tab(library_tab, is_watching, may_change)
        with gr.Tab("Evaluate", id="evaluate") as evaluate_tab:
            evaluate = _evaluate_tab(evaluate_tab)
    return Components(header=header, tabs=tabs, ask=ask, library=library, evaluate=evaluate)


def _header(may_change: bool) -> Header:
    with gr.Row(elem_id="top"):
        gr.HTML("<h1>Footnote</h1>", elem_id="title")
        return Header(
            status=gr.HTML(elem_id="status"),
            update=gr.Button("Update", size="sm", visible=may_change, elem_id="update"),
            cancel=gr.Button("Cancel", size="sm", variant="stop", visible=False, elem_id="cancel"),
            version=gr.Textbox("", visible=False),
        )


def _ask_tab() -> AskTab:
    session = gr.BrowserState([], storage_key="footnote-conversation", secret="footnote")
    archive = gr.BrowserState([], storage_key="footnote-earlier", secret="footnote")
    with gr.Row(elem_id="asking"):
        with gr.Column(scale=5, min_width=320):
            chat = gr.HTML(elem_id="chat", js_on_load=ACTION_SCRIPT)
            welcome = gr.HTML(elem_id="welcome", js_on_load=ACTION_SCRIPT)
            announced = gr.HTML(elem_id="announced")
            with gr.Row(elem_id="ask-row"):
                question = _question_box()
                ask = gr.Button("Ask", variant="primary", scale=1, min_width=70, elem_id="ask")
                stop = gr.Button("Stop", variant="stop", scale=1, min_width=70, elem_id="stop")
            suggestions = gr.HTML(elem_id="next", js_on_load=ACTION_SCRIPT)
            with gr.Row(elem_id="conversation-row"):
                new = gr.Button("New conversation", size="sm", elem_id="new")
                as_markdown = gr.Button("Export as Markdown", size="sm")
                as_json = gr.Button("Export as JSON", size="sm")
            with gr.Accordion("Past conversations", open=False, elem_id="archive"):
                archived = gr.HTML(js_on_load=ACTION_SCRIPT)
        with gr.Column(scale=4, min_width=320, elem_id="beside"):
            with gr.Column(visible=False, elem_id="reader") as reader:
                back = gr.Button("← Back to sources", size="sm", elem_id="back")
                document = gr.HTML(elem_id="document")
            with gr.Column(elem_id="cards") as cards:
                evidence = gr.HTML(render("no_evidence.html"), js_on_load=ACTION_SCRIPT, elem_id="evidence")
    return AskTab(
        session=session,
        archive=archive,
        chat=chat,
        welcome=welcome,
        announced=announced,
        question=question,
        ask=ask,
        stop=stop,
        suggestions=suggestions,
        new=new,
        as_markdown=as_markdown,
        as_json=as_json,
        archived=archived,
        reader=reader,
        back=back,
        document=document,
        cards=cards,
        evidence=evidence,
    )


def _question_box() -> gr.Textbox:
    return gr.Textbox(
        label="Question",
        container=False,
        placeholder="Ask your documents …",
        max_length=MAX_QUESTION_CHARACTERS,
        lines=1,
        max_lines=6,
        autofocus=True,
        scale=8,
        elem_id="question",
    )


def _library_tab(tab: gr.Tab, is_watching: bool, may_change: bool) -> LibraryTab:
    upload = replace = None
    with gr.Row():
        with gr.Column(min_width=300):
            facts = gr.HTML(elem_id="facts")
            watching = gr.Checkbox(
                is_watching,
                label="Update automatically when files change",
                container=False,
                visible=may_change,
                elem_id="watch",
            )
        if may_change:
            with gr.Column(min_width=300):
                upload = gr.File(label="Add documents", file_count="multiple", height=140, elem_id="drop")
                replace = gr.Checkbox(False, label="Replace files of the same name", container=False, elem_id="replace")
    return LibraryTab(
        tab=tab,
        facts=facts,
        watching=watching,
        upload=upload,
        replace=replace,
        note=gr.HTML(elem_id="note"),
        search=gr.Textbox(
            "", label="Filter", placeholder="Filter by name, type or status", container=False, elem_id="filter"
        ),
        table=gr.HTML(js_on_load=ACTION_SCRIPT, elem_id="table"),
        order=gr.State("Document"),
        page=gr.State(0),
    )


def _evaluate_tab(tab: gr.Tab) -> EvaluateTab:
    gr.HTML(HINT)
    with gr.Row():
        with gr.Column(min_width=300):
            upload = gr.File(label="A file of questions", file_types=[".jsonl"], height=140)
        with gr.Column(min_width=300):
            chosen = gr.Dropdown([], label="Or choose one from the folder", visible=False)
            with gr.Row(elem_id="evaluate-row"):
                run = gr.Button("Run", size="sm", variant="primary", elem_id="run")
                stop = gr.Button("Stop", size="sm", visible=False, elem_id="end")
            progress = gr.HTML(elem_id="progress")
    return EvaluateTab(
        tab=tab,
        upload=upload,
        chosen=chosen,
        run=run,
        stop=stop,
        progress=progress,
        result=gr.HTML(js_on_load=ACTION_SCRIPT, elem_id="result"),
    )
