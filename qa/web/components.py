"""The components of the page, by tab. The Ask and the Library tab are HTML that the page's script fills."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import wraps
from typing import Any

import gradio as gr
from pydantic import ValidationError

from index.errors import FootnoteError
from qa.service import MAX_QUESTION_CHARACTERS
from qa.web.evaluation_view import HINT
from qa.web.html import render

Handler = Callable[[object], dict[str, Any]]
# Buttons inside the result report their action and its data.
_ACTIONS = "element.addEventListener('click', event => footnote.click(event));"
_CONNECT = "footnote.connect(server, upload);"


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


def make_header(handlers: Sequence[Handler]) -> None:
    """Create the line above the tabs. It connects the page's script to the handlers."""
    with gr.Row(elem_id="top"):
        gr.HTML("<h1>Footnote</h1>", elem_id="title", apply_default_css=False)
        gr.HTML(
            html_template='<div role="status"></div>',
            elem_id="status",
            apply_default_css=False,
            js_on_load=_CONNECT,
            server_functions=[as_function(handler) for handler in handlers],
        )


def make_ask_tab(writer: str = "") -> None:
    """Create the conversation and the sources beside it. `writer` is the language model that writes answers, if any."""
    page = render("ask.html", max_question=MAX_QUESTION_CHARACTERS, writer=writer)
    gr.HTML(html_template=page, apply_default_css=False, js_on_load="footnote.start(element);")


def make_library_tab(may_change: bool) -> None:
    """Create the list of files. A read-only library has nothing to add files with."""
    page = render("library.html", may_change=may_change)
    gr.HTML(html_template=page, apply_default_css=False, js_on_load="footnote.startLibrary(element);")


def make_evaluate_tab(tab: gr.Tab) -> EvaluateTab:
    """Create the evaluation of a file of questions."""
    gr.HTML(HINT)
    with gr.Row(elem_id="evaluate"):
        with gr.Column(min_width=300):
            upload = gr.File(label="A file of questions", file_types=[".jsonl"], height=140)
        with gr.Column(min_width=300):
            chosen = gr.Dropdown([], label="Or choose one from the folder", visible=False)
            with gr.Row(elem_id="evaluate-row"):
                run = gr.Button("Run", size="sm", variant="primary", elem_id="run")
                stop = gr.Button("Stop", size="sm", visible=False, elem_id="end")
            progress = gr.HTML(elem_id="progress", apply_default_css=False)
    return EvaluateTab(
        tab=tab,
        upload=upload,
        chosen=chosen,
        run=run,
        stop=stop,
        progress=progress,
        result=gr.HTML(js_on_load=_ACTIONS, elem_id="result", apply_default_css=False),
    )


def as_function(handler: Handler) -> Handler:
    """Make a handler a function that the page's script can call. An error for the user is its result.

    Gradio sets an attribute of the function, which a method cannot have, and makes the function an attribute of the
    component: a prefix keeps its name apart from the component's own.
    """

    @wraps(handler)
    def call(data: object) -> dict[str, Any]:
        try:
            return handler(data)
        except FootnoteError as error:
            return {"problem": str(error)}
        except ValidationError:
            return {"problem": "This page sent something that is not valid: reload it."}

    call.__name__ = f"do_{handler.__name__}"
    return call
