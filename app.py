"""The web app: parse options, open the library, serve the page."""

import argparse
import logging
import os
import sys
from importlib.util import find_spec
from pathlib import Path

os.environ.setdefault("GRADIO_ANALYTICS_ENABLED", "False")

import gradio as gr

from index.build import check_model
from index.embed.encoder import load_encoder
from index.embed.model_files import find_weights
from index.errors import FootnoteError
from index.ingest.limits import MEGABYTE, add_limits, limits_of
from index.ingest.scan import scan
from index.library import Library
from qa.service import QAService
from qa.web.layout import launch_options, make_page
from qa.web.login_throttle import SignIn
from qa.web.security import LOOPBACK, RequestFilter, hosts_for
from qa.web.users import Users, read_users

_LOGGER = logging.getLogger("footnote")


def main(arguments: list[str] | None = None) -> int:
    """Serve the page until it is stopped. Return 1 after an error that the user can solve."""
    options = _parser().parse_args(arguments)
    options.sources = options.folder or options.sources
    logging.basicConfig(format="%(asctime)s %(levelname)s %(message)s")
    logging.getLogger("footnote").setLevel(logging.INFO if options.verbose else logging.WARNING)
    try:
        users = _check(options)
        library = _open_library(options)
    except FootnoteError as error:
        print(error, file=sys.stderr)
        return 1
    service = QAService(library, not options.no_history)
    library.on_built = service.note_changes
    library.start_build()
    if options.watch:
        library.watch.start()
    page = make_page(library, service, not options.read_only)
    try:
        _serve(page, options, users, library)
    except OSError as error:
        where = f"{options.host}:{options.port or 7860}"
        print(f"The page cannot be served at {where} ({error}): choose another --port.", file=sys.stderr)
        return 1
    return 0


def _parser() -> argparse.ArgumentParser:
    name = "footnote serve" if Path(sys.argv[0]).stem == "footnote" else "python app.py"
    parser = argparse.ArgumentParser(prog=name, description="Ask a folder of documents in a web page.")
    text = "the folder of documents, as --sources"
    parser.add_argument("folder", nargs="?", type=Path, metavar="DIR", help=text)
    parser.add_argument("--sources", type=Path, default=Path("sources"), help="the folder of documents (sources)")
    parser.add_argument("--index", type=Path, default=Path(".index"), help="the folder of the index (.index)")
    parser.add_argument("--model", help="a sentence-transformers name or folder (all-MiniLM-L6-v2)")
    parser.add_argument("--host", default="127.0.0.1", help="the address to serve (127.0.0.1)")
    parser.add_argument("--port", type=int, help="the port to serve (the first free one from 7860)")
    parser.add_argument("--watch", action="store_true", help="update the index when files change")
    parser.add_argument("--no-history", action="store_true", help="do not save questions to report changed answers")
    parser.add_argument("--keep-no-questions", action="store_true", dest="no_history", help=argparse.SUPPRESS)
    parser.add_argument("--auth", type=Path, metavar="FILE", help="allow only the users of a file (python -m qa user)")
    parser.add_argument("--no-auth", action="store_true", help="allow everyone who can reach --host")
    parser.add_argument("--read-only", action="store_true", help="do not allow changes to the library from the page")
    parser.add_argument("--mcp", action="store_true", help="also serve the API as MCP tools")
    parser.add_argument("--verbose", action="store_true", help="log to standard error what is done")
    add_limits(parser)
    return parser


def _check(options: argparse.Namespace) -> Users | None:
    """Check the options before anything is loaded, and return the users who may sign in."""
    users = Users(read_users(options.auth)) if options.auth else None
    if not users and not options.no_auth and options.host not in LOOPBACK:
        raise FootnoteError(
            f"Everyone who can reach {options.host} could read your documents: name a file of users with --auth, "
            "or allow everyone with --no-auth."
        )
    if options.mcp and not find_spec("mcp"):
        raise FootnoteError("MCP tools need one more package: install it with pip install -e '.[mcp]'.")
    return users


def _open_library(options: argparse.Namespace) -> Library:
    limits = limits_of(options)
    scan(options.sources)
    weights = find_weights(options.model)
    check_model(options.index, weights)
    return Library(options.sources, options.index, lambda: load_encoder(options.model, options.index), limits)


def _serve(page: gr.Blocks, options: argparse.Namespace, users: Users | None, library: Library) -> None:
    allowed = {
        "hosts": hosts_for(options.host),
        "max_bytes": library.limits.file_bytes + MEGABYTE,
        "also": ["/gradio_api/mcp"] if options.mcp else [],
    }
    _, url, _ = page.launch(
        server_name=options.host,
        server_port=options.port,
        share=False,
        quiet=True,
        prevent_thread_lock=True,
        enable_monitoring=False,
        auth=SignIn(users).check if users else None,  # type: ignore[arg-type]  # Gradio awaits a coroutine
        mcp_server=options.mcp,
        app_kwargs={"middleware": [(RequestFilter, (), allowed)]},
        max_file_size=library.limits.file_bytes,
        **launch_options(),
    )
    _LOGGER.info("Serving %s from %s", options.sources, options.index)
    print(f"Footnote answers at {url}", flush=True)
    page.block_thread()


if __name__ == "__main__":
    sys.exit(main())
