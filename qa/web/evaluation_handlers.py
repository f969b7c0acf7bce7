"""Handlers of the Evaluate tab. Each returns the components that it changes, with their new values."""

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import gradio as gr

from index.errors import FootnoteError
from qa.evaluation.types import Evaluation
from qa.service import QAService
from qa.web.components import EvaluateTab
from qa.web.evaluation_view import evaluation_html
from qa.web.html import paragraph
from qa.web.library import Library
from qa.web.library_view import Status, progress_html

MAX_KEPT = 20
_REPORT_EVERY = 0.3  # seconds

Updates = dict[Any, Any]  # Gradio's components, each with its new value


class EvaluationHandlers:
    """What each event of the Evaluate tab does."""

    def __init__(self, tab: EvaluateTab, library: Library, service: QAService) -> None:
        self._tab = tab
        self._library = library
        self._service = service
        self._last: dict[str, Evaluation] = {}  # by the name of the file

    def list_files(self) -> Updates:
        """Offer the files of questions that are in the folder."""
        found = self._library.question_files()
        shown = gr.update(choices=found, value=found[0] if found else None, visible=bool(found))
        return {self._tab.chosen: shown}

    def evaluate(self, uploaded: str | None, chosen: str | None) -> Iterator[Updates]:
        """Ask the questions of a file; report the progress and, at the end, the result."""
        yield {self._tab.stop: gr.update(visible=True), self._tab.progress: ""}
        try:
            if not uploaded and chosen not in self._library.question_files():
                raise FootnoteError("Upload a file of questions first, with one JSON object per line.")
            file = Path(uploaded) if uploaded else self._library.sources / str(chosen)
            shown = begun = time.monotonic()
            for step in self._service.evaluate(file):
                if isinstance(step, Evaluation):
                    yield {self._tab.progress: "", self._tab.result: evaluation_html(step, self._last.get(file.name))}
                    self._keep(file.name, step)
                elif time.monotonic() - shown > _REPORT_EVERY or step.stage == "Measuring":
                    shown = time.monotonic()
                    yield {self._tab.progress: progress_html(Status(building=step, seconds=shown - begun))}
        except FootnoteError as error:
            yield {self._tab.progress: paragraph(str(error), "problem"), self._tab.result: ""}
        yield {self._tab.stop: gr.update(visible=False)}

    def _keep(self, name: str, evaluation: Evaluation) -> None:
        self._last.pop(name, None)
        self._last[name] = evaluation
        while len(self._last) > MAX_KEPT:
            self._last.pop(next(iter(self._last)))

    def stop(self) -> Updates:
        """Report that the evaluation was stopped."""
        return {self._tab.progress: paragraph("Stopped."), self._tab.stop: gr.update(visible=False)}
