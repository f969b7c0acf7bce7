"""Put the page, the HTTP API and MCP together as one application, behind the checks of every request."""

import os
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import gradio as gr
from fastapi import FastAPI
from filelock import FileLock, Timeout

from qa.service import QAService
from qa.web.access import NOTICE, Access
from qa.web.api import Api
from qa.web.asgi import Application
from qa.web.fair_share import FairShare
from qa.web.forwarded import ForwardedHeaders
from qa.web.health import PREFIX as HEALTH
from qa.web.health import Health
from qa.web.hosts import Hosts
from qa.web.html import render
from qa.web.layout import STATIC, launch_options, make_page
from qa.web.library import Library
from qa.web.mounts import Mount, Mounts
from qa.web.rest import PREFIX, make_rest
from qa.web.security import MEGABYTE, RequestFilter

UPLOADS_PREFIX = "footnote-"
LOCK_NAME = ".lock"
MAX_SESSIONS = 500  # of open pages, each with about 110 KB
MAX_QUEUE = 32  # requests that wait in Gradio's queue, all clients together
MAX_READ_ONLY_UPLOAD = 16 * MEGABYTE  # a file of questions


@dataclass(frozen=True, slots=True, kw_only=True)
class Serving:
    """Who may use the page, and under which names."""

    hosts: Hosts
    names: Sequence[str] = ()
    access: Access | None = None
    proxies: Sequence[str] = ()
    root_path: str = ""
    may_change: bool = True
    has_mcp: bool = False


@contextmanager
def upload_folder() -> Iterator[Path]:
    """Make a private folder for uploads and temporary files, and remove it at the end.

    It is locked while it is used: a folder without a lock is of an app that was killed, and is removed too.
    """
    _remove_abandoned()
    with (
        tempfile.TemporaryDirectory(prefix=UPLOADS_PREFIX, ignore_cleanup_errors=True) as folder,
        FileLock(Path(folder, LOCK_NAME)),
    ):
        before = tempfile.tempdir
        tempfile.tempdir = os.environ["GRADIO_TEMP_DIR"] = folder
        try:
            yield Path(folder)
        finally:
            tempfile.tempdir = before
            del os.environ["GRADIO_TEMP_DIR"]


def _remove_abandoned() -> None:
    """Remove the folders that apps of this user left when they were killed."""
    for folder in Path(tempfile.gettempdir()).glob(f"{UPLOADS_PREFIX}*"):
        lock = folder / LOCK_NAME
        with suppress(OSError, Timeout):
            if lock.is_file() and not folder.is_symlink():
                with FileLock(lock, blocking=False):
                    shutil.rmtree(folder, ignore_errors=True)


def make_application(library: Library, service: QAService, serving: Serving, uploads: Path) -> Application:
    """Make the application."""
    access = serving.access
    file_bytes = library.limits.file_bytes
    mounts = _mounts(Api(library, service), serving.has_mcp)
    page = _page(library, service, serving)
    app: Application = Mounts(page, tuple(mounts), access)
    app = Health(app, library)
    app = FairShare(app, access.user_of) if access else FairShare(app)
    app = RequestFilter(
        app,
        serving.hosts,
        (file_bytes if serving.may_change else min(file_bytes, MAX_READ_ONLY_UPLOAD)) + MEGABYTE,
        also=[f"{HEALTH}/", *(prefix for mount in mounts for prefix in mount.prefixes)],
        names=serving.names,
        is_signed_in=(lambda scope: access.user_of(scope) is not None) if access else None,
        uploads=uploads,
    )
    return ForwardedHeaders(app, serving.proxies)


def _page(library: Library, service: QAService, serving: Serving) -> FastAPI:
    page = make_page(library, service, serving.may_change)
    page.state_session_capacity = MAX_SESSIONS
    page.queue(max_size=MAX_QUEUE)
    outer = FastAPI(openapi_url=None, docs_url=None, redoc_url=None)
    gr.mount_gradio_app(
        outer,
        page,
        path="/",
        ssr_mode=False,
        enable_monitoring=False,
        show_error=False,
        auth=serving.access.check_form if serving.access else None,
        auth_message=render("sign_in.html", notice=NOTICE) if serving.access else None,
        max_file_size=library.limits.file_bytes,
        root_path=serving.root_path or None,
        favicon_path=str(STATIC / "favicon.svg"),
        **launch_options(),
    )
    if serving.access:
        serving.access.connect(outer.routes[-1].app)  # type: ignore[attr-defined]  # the page is mounted last
    return outer


def _mounts(api: Api, has_mcp: bool) -> list[Mount]:
    mounts = [Mount(prefixes=(PREFIX,), app=make_rest(api))]
    if has_mcp:
        from qa.web.mcp_tools import make_mcp

        server = make_mcp(api)
        app = server.streamable_http_app()
        prefixes = ("/mcp", "/gradio_api/mcp")
        mounts.append(Mount(prefixes=prefixes, app=app, path="/mcp", run=server.session_manager.run))
    return mounts
