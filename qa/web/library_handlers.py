"""Handlers of the Library tab.

Each handler takes what the page's script sent and returns the texts and the HTML to show.
"""

import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

from gradio.utils import get_upload_folder

from index.errors import FootnoteError
from qa.service import QAService
from qa.web.html import paragraph
from qa.web.library import Library
from qa.web.library_view import (
    TableView,
    changes_html,
    facts_html,
    last_build_html,
    reason_text,
    summary_text,
    table_html,
)
from qa.web.messages import Files, Folders, ListFiles, OneFile, RemovedFile, Search, Upload
from qa.web.picker_view import picker_html
from qa.web.status_cache import StatusCache

MEGABYTE = 2**20
Reply = dict[str, Any]


class LibraryHandlers:
    """What the Library tab does. A change of the folder starts a build."""

    def __init__(self, library: Library, service: QAService, status: StatusCache, may_change: bool) -> None:
        self._library = library
        self._service = service
        self._status = status
        self._may_change = may_change

    def table(self, data: object) -> Reply:
        """List the documents."""
        asked = ListFiles.model_validate(data)
        view = TableView(search=asked.search, order=asked.order, page=asked.page)
        try:
            is_building = self._library.is_building
            return {"html": table_html(self._library.file_statuses(), view, self._may_change, is_building)}
        except FootnoteError as error:
            return {"html": paragraph(str(error), "problem")}

    def choices(self, data: object) -> Reply:
        """List the documents that questions can be limited to."""
        return {"html": picker_html(self._library.contents().titles, Search.model_validate(data).search)}

    def inside(self, data: object) -> Reply:
        """Name the documents in some folders."""
        folders = tuple(Folders.model_validate(data).folders)
        return {"paths": [path for path in self._library.contents().titles if path.startswith(folders)]}

    def facts(self, data: object) -> Reply:
        """Show what the index contains, what the last update changed, and which answers are different now."""
        status = self._status.get().status
        if not status:
            return {"html": facts_html([("Folder", self._library.place)])}
        contents = status.description
        facts = [
            ("Folder", self._library.place),
            ("Contents", summary_text(contents.documents, contents.built_at)),
        ]
        details = [
            ("Passages", f"{contents.passages:,}"),
            ("Index size", f"{self._library.size() / MEGABYTE:.1f} MB"),
            ("Model", contents.model),
        ]
        changes = self._library.last_changes()
        summary = ", ".join(f"{number:,} {what}" for what, number in changes.counts.items() if number)
        last = last_build_html(changes.files, summary)
        return {"html": facts_html(facts) + changes_html(self._service.changed) + last + facts_html(details, "Details")}

    def outcomes(self, data: object) -> Reply:
        """Say what came of files that were added: "" if a file was read, or why not. One that waits is left out."""
        asked = Files.model_validate(data).documents
        entries = {entry.path: entry for entry in self._library.file_statuses()}
        found = [entries[path] for path in asked if path in entries and entries[path].state not in ("added", "edited")]
        bad = ("unreadable", "skipped")
        return {"problems": {one.path: reason_text(one) if one.state in bad else "" for one in found}}

    def add(self, data: object) -> Reply:
        """Move an uploaded file into the folder."""
        upload = Upload.model_validate(data)
        return self._change(lambda: self._add(upload))

    def remove(self, data: object) -> Reply:
        """Move a file to the trash; `removed` allows to restore it."""
        path = OneFile.model_validate(data).document
        removed: list[str] = []

        def remove() -> str:
            removed.append(self._library.remove(path).parent.name)
            return f"{path} was removed."

        reply = self._change(remove)
        return reply | ({"removed": removed[0]} if removed else {})

    def restore(self, data: object) -> Reply:
        """Undo a removal."""
        asked = RemovedFile.model_validate(data)

        def restore() -> str:
            self._library.restore(asked.document, asked.removed)
            return f"{asked.document} was restored."

        return self._change(restore)

    def _add(self, upload: Upload) -> str:
        file, folder = Path(upload.path).resolve(), Path(get_upload_folder()).resolve()
        if not file.is_relative_to(folder) or not file.is_file():
            raise FootnoteError(f"{upload.name} was not uploaded: try again.")
        try:
            replaced = upload.replace and (self._library.sources / upload.name).exists()
            self._library.add(upload.name, file, upload.replace)
        finally:
            file.unlink(missing_ok=True)
        return f"{upload.name} was {'replaced' if replaced else 'added'}."

    def _change(self, change: Callable[[], str]) -> Reply:
        """Change the folder and start a build; report the result or the error."""
        try:
            if not self._may_change:
                raise FootnoteError("This library is read-only: copy files into its folder on its server.")
            note = change()
        except FootnoteError as error:
            return {"problem": str(error)}
        self._build()
        self._status.invalidate()
        return {"note": note}

    def _build(self) -> None:
        """Start a build, or let one follow that which is running, since that may have read the folder already."""
        if not self._library.is_building:
            self._library.start_build()
            return

        def build_again() -> None:
            self._library.wait()
            self._library.start_build()

        threading.Thread(target=build_again, daemon=True).start()
