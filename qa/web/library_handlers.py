"""Event handlers of the Library and the Evaluate tab.

Each handler returns the components that it changes, with their new values.
"""

import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import gradio as gr

from index.errors import FootnoteError
from qa.evaluation.types import Evaluation
from qa.formatting import count
from qa.service import QAService
from qa.web.components import Components
from qa.web.evaluation_view import evaluation_html
from qa.web.html import paragraph
from qa.web.library import Library
from qa.web.library_view import (
    Status,
    TableView,
    changes_html,
    facts_html,
    last_build_html,
    progress_html,
    summary_text,
    table_html,
)

MEGABYTE = 2**20
_REPORT_EVERY = 0.3  # seconds

Updates = dict[Any, Any]  # Gradio's components, each with its new value


class LibraryHandlers:
    """What each event of the Library tab does."""

    def __init__(self, components: Components, library: Library, service: QAService, may_change: bool) -> None:
        self._tab = components.library
        self._library = library
        self._service = service
        self._may_change = may_change

    def show_table(self, search: str, order: str, page: float) -> Updates:
        """List the documents."""
        return {self._tab.table: self._table(TableView(search=search, order=order, page=int(page)))}

    def show_facts(self) -> Updates:
        """Show what the index contains, what the last update changed, and which answers are different now."""
        status = self._library.standing()
        if not status:
            return {self._tab.facts: ""}
        facts = [
            ("Folder", str(self._library.sources)),
            ("Contents", summary_text(status.description.documents, status.description.built_at)),
            ("Passages", f"{status.description.passages:,}"),
            ("Index size", f"{self._library.size() / MEGABYTE:.1f} MB"),
            ("Model", status.description.model),
        ]
        files = self._library.last_changes().files
        summary = f"{count(len(files), 'document')} changed"
        shown = facts_html(facts) + last_build_html(files, summary) + changes_html(self._service.changed)
        return {self._tab.facts: shown}

    def act(self, event: gr.EventData, search: str, order: str, page: float) -> Updates:
        """Sort the table, turn its page, or remove a document."""
        data, note = event._data, gr.skip()
        if data["action"] == "sort":
            order, page = str(data["order"]), 0
        elif data["action"] == "page":
            page = int(data["page"])
        elif data["action"] == "remove":
            note = _report(lambda: self._remove(str(data["document"])))
        view = TableView(search=search, order=order, page=int(page))
        return {
            self._tab.order: view.order,
            self._tab.page: view.page,
            self._tab.table: self._table(view),
            self._tab.note: note,
        }

    def add(self, files: list[str] | None, replace: bool) -> Updates:
        """Add uploaded files to the folder, and report on each."""
        notes = [_report(lambda file=file: self._add(Path(file), replace)) for file in files or []]  # type: ignore[misc]
        return {self._tab.upload: None, self._tab.note: "".join(notes)}

    def _table(self, view: TableView) -> str:
        try:
            return table_html(self._library.ledger(), view, self._may_change)
        except FootnoteError as error:
            return paragraph(str(error), "problem")

    def _add(self, file: Path, replace: bool) -> str:
        try:
            self._check_writable()
            self._library.add(file.name, file, replace)
        finally:
            file.unlink(missing_ok=True)
        self._library.start_build()
        return f"{file.name} was added."

    def _remove(self, path: str) -> str:
        self._check_writable()
        self._library.remove(path)
        self._library.start_build()
        return f"{path} was removed."

    def _check_writable(self) -> None:
        if not self._may_change:
            raise FootnoteError("This library is read-only: copy files into its folder on the machine that serves it.")


class EvaluationHandlers:
    """What each event of the Evaluate tab does."""

    def __init__(self, components: Components, library: Library, service: QAService) -> None:
        self._tab = components.evaluate
        self._library = library
        self._service = service

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
                    yield {self._tab.progress: "", self._tab.result: evaluation_html(step)}
                elif time.monotonic() - shown > _REPORT_EVERY or step.stage == "Measuring":
                    shown = time.monotonic()
                    yield {self._tab.progress: progress_html(Status(building=step, seconds=shown - begun))}
        except FootnoteError as error:
            yield {self._tab.progress: paragraph(str(error), "problem"), self._tab.result: ""}
        yield {self._tab.stop: gr.update(visible=False)}

    def stop(self) -> Updates:
        """Report that the evaluation was stopped."""
        return {self._tab.progress: paragraph("Stopped."), self._tab.stop: gr.update(visible=False)}


def _report(action: Callable[[], str]) -> str:
    """Run an action and return its message, or its error, as HTML."""
    try:
        return paragraph(action(), "done")
    except FootnoteError as error:
        return paragraph(str(error), "problem")
