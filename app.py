"""The web app: parse options, open the library, serve the page."""

from index.output import end_quietly, run_command

if __name__ == "__main__":
    end_quietly()

import argparse
import ipaddress
import logging
import os
import re
import signal
import sys
import threading
from contextlib import nullcontext
from importlib.util import find_spec
from pathlib import Path
from socket import socket
from typing import Any

os.environ.setdefault("GRADIO_ANALYTICS_ENABLED", "False")


from index.build import check_model
from index.embed.encoder import load_encoder
from index.embed.model_files import find_weights
from index.errors import FootnoteError
from index.ingest.limits import add_limits, limits_of, path_value, whole_number
from index.ingest.scan import scan
from index.library import Library
from index.location import add_index, chosen_index, folder_of
from qa.errors import UsageError
from qa.service import QAService
from qa.web.access import Access
from qa.web.api import Api
from qa.web.application import Serving, make_application, upload_folder
from qa.web.hosts import hosts_for, is_loopback
from qa.web.server import open_port, serve
from qa.web.visitor_library import VisitorLibrary
from qa.written.options import add_llm, llm_of

_LOGGER = logging.getLogger("footnote")


def main(arguments: list[str] | None = None, command: str = "serve") -> int:
    """Serve the page until it is stopped, or MCP tools. Return 1 after an error that the user can solve."""
    return run_command(lambda: _run(arguments, command))


def _run(arguments: list[str] | None, command: str) -> int:
    options = _parser(command).parse_args(arguments)
    options.sources = options.folder or options.sources
    logging.basicConfig(format="%(asctime)s %(levelname)s %(message)s")
    logging.getLogger("footnote").setLevel(logging.INFO if options.verbose else logging.WARNING)
    if threading.current_thread() is threading.main_thread():
        signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    _serve(options)
    return 0


def _parser(command: str = "serve") -> argparse.ArgumentParser:
    is_page = command == "serve"
    if Path(sys.argv[0]).stem == "footnote":
        name = f"footnote {command}"
    else:
        name = "python app.py" if is_page else f"python -m qa {command}"
    text = "Ask a folder of documents in a web page." if is_page else "Serve MCP tools over standard input and output."
    parser = argparse.ArgumentParser(prog=name, description=text)
    parser.add_argument(
        "folder", nargs="?", type=path_value, metavar="DIR", help="the folder of documents, as --sources"
    )
    parser.add_argument("--sources", type=path_value, default=Path("sources"), help="the folder of documents (sources)")
    add_index(parser, has_replica=True)
    parser.add_argument("--model", help="a sentence-transformers name or folder (all-MiniLM-L6-v2)")
    parser.add_argument("--no-build", action="store_true", help="answer from the index as it is")
    parser.add_argument("--watch", action="store_true", help="update the index when files change")
    text = "do not log questions; the log tells which answers have changed"
    parser.add_argument("--no-history", action="store_true", help=text)
    parser.add_argument("--keep-no-questions", action="store_true", dest="no_history", help=argparse.SUPPRESS)
    if is_page:
        _add_page(parser)
    else:
        page, _ = _add_page(argparse.ArgumentParser()).parse_known_args(["--stdio"])
        parser.set_defaults(**vars(page))
    parser.add_argument("--verbose", action="store_true", help="log every event to standard error")
    add_limits(parser)
    add_llm(parser)
    return parser


def _add_page(parser: argparse.ArgumentParser) -> argparse.ArgumentParser:
    """Add the options of the page and of who can reach it."""
    parser.add_argument("--read-only", action="store_true", help="do not allow changes to the library from the page")
    parser.add_argument("--mcp", action="store_true", help="also serve MCP tools, at /mcp")
    text = "serve MCP tools over standard input and output instead of the page"
    parser.add_argument("--stdio", action="store_true", help=text)
    serving = parser.add_argument_group("address and access")
    serving.add_argument("--host", default="127.0.0.1", help="the address to serve (127.0.0.1)")
    text = "the port to serve (the first free one from 7860)"
    serving.add_argument("--port", type=whole_number(1, 65_535), help=text)
    text = "another host name that the page is reached by, such as that of a proxy (repeatable)"
    serving.add_argument("--name", type=_host_name, action="append", default=[], help=text)
    text = "the path of the page behind a proxy, such as /docs"
    serving.add_argument("--root-path", type=_root_path, default="", metavar="PATH", help=text)
    text = "the address or network of a proxy whose X-Forwarded headers are trusted (repeatable)"
    serving.add_argument("--trusted-proxy", type=_network, action="append", default=[], metavar="ADDRESS", help=text)
    serving.add_argument("--tls-cert", type=path_value, metavar="FILE", help="a certificate, to serve over HTTPS")
    serving.add_argument("--tls-key", type=path_value, metavar="FILE", help="the key of the certificate")
    text = "let only the users in this file sign in (see python -m qa user)"
    serving.add_argument("--auth", type=path_value, metavar="FILE", help=text)
    serving.add_argument("--no-auth", action="store_true", help="let everyone in who can reach --host")
    return parser


def _root_path(text: str) -> str:
    if text and (not text.startswith("/") or "//" in text):
        raise argparse.ArgumentTypeError(f"{text} is not a path such as /docs")
    return text.rstrip("/")


def _host_name(text: str) -> str:
    if not re.fullmatch(r"[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+)*\.?", text):
        raise argparse.ArgumentTypeError(f"{text[:60]} is not a host name such as docs.example")
    return text


def _network(text: str) -> str:
    """Read an address or a network such as 10.0.0.0/8."""
    try:
        ipaddress.ip_network(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"{text} is not an address such as 127.0.0.1") from error
    return text


def _check(options: argparse.Namespace) -> Access | None:
    """Check the options before anything is loaded, and return who may sign in."""
    access = Access(options.auth) if options.auth else None
    if not access and not options.no_auth and _is_public(options):
        where = ", ".join(options.name or options.trusted_proxy) or options.host
        raise FootnoteError(
            f"Everyone who can reach {where} could read your documents: name a file of users with --auth, "
            "or allow everyone with --no-auth."
        )
    if (options.mcp or options.stdio) and not find_spec("mcp"):
        raise FootnoteError("MCP tools need one more package: install it with pip install -e '.[mcp]'.")
    _check_certificate(options)
    return access


def _is_public(options: argparse.Namespace) -> bool:
    """Whether others than the user of this machine can open the page."""
    return bool(options.auth or options.name or options.trusted_proxy) or not is_loopback(options.host)


def _check_certificate(options: argparse.Namespace) -> None:
    if bool(options.tls_cert) != bool(options.tls_key):
        raise UsageError("HTTPS needs a certificate and its key: give both --tls-cert and --tls-key.")
    for file in filter(None, (options.tls_cert, options.tls_key)):
        if not file.is_file():
            raise UsageError(
                f"There is no file {file}: name the certificate with --tls-cert and its key with --tls-key."
            )


def _open_library(options: argparse.Namespace) -> Library:
    limits = limits_of(options)
    scan(options.sources)
    index = chosen_index(options)
    check_model(index, find_weights(options.model))
    return Library(options.sources, index, lambda: load_encoder(options.model, folder_of(index)), limits)


def _serve(options: argparse.Namespace) -> None:
    """Open the port first, then the library: a port that is taken ends the command before a build starts."""
    access = _check(options)
    endpoint = llm_of(options)
    with nullcontext() if options.stdio else open_port(options.host, options.port) as opened:
        library = _open_library(options)
        shown: Any = VisitorLibrary(library) if _is_public(options) else library
        # Visitors share the log: what one asked would be shown to the others.
        keeps_history = not options.no_history and not _is_public(options)
        service = QAService(shown, keeps_history, endpoint, options.strict)
        if keeps_history:
            library.on_built = service.note_changes
        if not options.no_build:
            library.start_build()
        try:
            if options.watch:
                library.watch.start()
            if opened is None:
                _serve_stdio(Api(shown, service))
                return
            _serve_page(options, opened, shown, service, access)
        finally:
            library.close()


def _serve_page(
    options: argparse.Namespace, opened: socket, library: Any, service: QAService, access: Access | None
) -> None:
    serving = Serving(
        hosts=hosts_for(options.host, options.name, has_users=access is not None),
        names=options.name,
        access=access,
        proxies=options.trusted_proxy,
        root_path=options.root_path,
        may_change=not options.read_only,
        has_mcp=options.mcp,
    )
    port = opened.getsockname()[1]
    with upload_folder() as uploads:
        serve(
            make_application(library, service, serving, uploads),
            opened,
            on_started=lambda: _announce(options, port),
            certificate=options.tls_cert,
            key=options.tls_key,
            has_proxy=bool(options.trusted_proxy),
        )


def _announce(options: argparse.Namespace, port: int) -> None:
    scheme = "https" if options.tls_cert else "http"
    host = "localhost" if options.host in ("0.0.0.0", "::", "[::]") else options.host
    host = f"[{host}]" if ":" in host and not host.startswith("[") else host
    _LOGGER.info("Serving %s from %s", options.sources, options.index)
    print(f"Footnote answers at {scheme}://{host}:{port}/", flush=True)


def _serve_stdio(api: Api) -> None:
    from qa.web.mcp_tools import make_mcp

    make_mcp(api).run("stdio")
    sys.stdout = sys.stderr  # the server has closed it


if __name__ == "__main__":
    sys.exit(main())
