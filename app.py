"""The web app: parse options, open the library, serve the page."""

import argparse
import logging
import os
import sys
from importlib.util import find_spec
from pathlib import Path

os.environ.setdefault("GRADIO_ANALYTICS_ENABLED", "False")


from index.build import check_model
from index.embed.encoder import load_encoder
from index.embed.model_files import find_weights
from index.errors import FootnoteError
from index.ingest.limits import MEGABYTE, add_limits, limits_of
from index.ingest.scan import scan
from index.library import Library
from qa.errors import UsageError
from qa.service import QAService
from qa.web.api import Api
from qa.web.layout import STATIC, launch_options, make_page
from qa.web.login_throttle import SignIn
from qa.web.mounts import Mount, Mounts
from qa.web.rest import PREFIX, make_rest
from qa.web.security import LOOPBACK, RequestFilter, hosts_for
from qa.web.users import Users, read_users
from qa.written.options import add_llm, llm_of

_LOGGER = logging.getLogger("footnote")


def main(arguments: list[str] | None = None) -> int:
    """Serve the page until it is stopped. Return 1 after an error that the user can solve."""
    options = _parser().parse_args(arguments)
    options.sources = options.folder or options.sources
    logging.basicConfig(format="%(asctime)s %(levelname)s %(message)s")
    logging.getLogger("footnote").setLevel(logging.INFO if options.verbose else logging.WARNING)
    try:
        users = _check(options)
        endpoint = llm_of(options)
        library = _open_library(options)
    except FootnoteError as error:
        print(error, file=sys.stderr)
        return 1
    service = QAService(library, not options.no_history, endpoint, options.strict)
    library.on_built = service.note_changes
    library.start_build()
    if options.stdio:
        return _serve_stdio(Api(library, service))
    if options.watch:
        library.watch.start()
    try:
        _serve(options, users, library, service)
    except OSError:
        port = f"Port {options.port}" if options.port else "No port from 7860 on"
        can = "cannot" if options.port else "can"
        print(f"{port} of {options.host} {can} be opened: it may be in use, choose another --port.", file=sys.stderr)
        return 1
    return 0


def _parser() -> argparse.ArgumentParser:
    name = "footnote serve" if Path(sys.argv[0]).stem == "footnote" else "python app.py"
    parser = argparse.ArgumentParser(prog=name, description="Ask a folder of documents in a web page.")
    parser.add_argument("folder", nargs="?", type=Path, metavar="DIR", help="the folder of documents, as --sources")
    parser.add_argument("--sources", type=Path, default=Path("sources"), help="the folder of documents (sources)")
    parser.add_argument("--index", type=Path, default=Path(".index"), help="the folder of the index (.index)")
    parser.add_argument("--model", help="a sentence-transformers name or folder (all-MiniLM-L6-v2)")
    parser.add_argument("--watch", action="store_true", help="update the index when files change")
    parser.add_argument("--no-history", action="store_true", help="do not save questions to report changed answers")
    parser.add_argument("--keep-no-questions", action="store_true", dest="no_history", help=argparse.SUPPRESS)
    parser.add_argument("--read-only", action="store_true", help="do not allow changes to the library from the page")
    parser.add_argument("--mcp", action="store_true", help="also serve MCP tools, at /mcp")
    parser.add_argument("--stdio", action="store_true", help="serve MCP tools by standard input and output, no page")
    parser.add_argument("--verbose", action="store_true", help="log to standard error what is done")
    serving = parser.add_argument_group("address and access")
    serving.add_argument("--host", default="127.0.0.1", help="the address to serve (127.0.0.1)")
    serving.add_argument("--port", type=int, help="the port to serve (the first free one from 7860)")
    serving.add_argument("--name", action="append", default=[], help="a further host name of the page, as of a proxy")
    serving.add_argument("--root-path", default="", help="the path of the page behind a proxy, such as /docs")
    serving.add_argument("--tls-cert", type=Path, metavar="FILE", help="a certificate, to serve by HTTPS")
    serving.add_argument("--tls-key", type=Path, metavar="FILE", help="the key of the certificate")
    serving.add_argument("--auth", type=Path, metavar="FILE", help="allow only the users of a file (python -m qa user)")
    serving.add_argument("--no-auth", action="store_true", help="allow everyone who can reach --host")
    add_limits(parser)
    add_llm(parser)
    return parser


def _check(options: argparse.Namespace) -> Users | None:
    """Check the options before anything is loaded, and return the users who may sign in."""
    users = Users(read_users(options.auth)) if options.auth else None
    is_open = options.host not in LOOPBACK or options.name
    if not users and not options.no_auth and is_open:
        where = ", ".join(options.name) or options.host
        raise FootnoteError(
            f"Everyone who can reach {where} could read your documents: name a file of users with --auth, "
            "or allow everyone with --no-auth."
        )
    if (options.mcp or options.stdio) and not find_spec("mcp"):
        raise FootnoteError("MCP tools need one more package: install it with pip install -e '.[mcp]'.")
    _check_certificate(options)
    return users


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
    check_model(options.index, find_weights(options.model))
    return Library(options.sources, options.index, lambda: load_encoder(options.model, options.index), limits)


def _serve(options: argparse.Namespace, users: Users | None, library: Library, service: QAService) -> None:
    sign_in = SignIn(users).check if users else None
    mounts = _mounts(Api(library, service), options.mcp)
    allowed = {
        "hosts": hosts_for(options.host, options.name),
        "max_bytes": library.limits.file_bytes + MEGABYTE,
        "also": [prefix for mount in mounts for prefix in mount.prefixes],
        "names": options.name,
    }
    page = make_page(library, service, not options.read_only)
    _, url, _ = page.launch(
        server_name=options.host,
        server_port=options.port,
        share=False,
        quiet=True,
        prevent_thread_lock=True,
        enable_monitoring=False,
        auth=sign_in,  # type: ignore[arg-type]  # Gradio awaits a coroutine
        app_kwargs={"middleware": [(RequestFilter, (), allowed), (Mounts, (tuple(mounts), sign_in), {})]},
        max_file_size=library.limits.file_bytes,
        root_path=options.root_path or None,
        ssl_certfile=str(options.tls_cert) if options.tls_cert else None,
        ssl_keyfile=str(options.tls_key) if options.tls_key else None,
        ssl_verify=False,
        favicon_path=STATIC / "favicon.svg",
        **launch_options(),
    )
    _LOGGER.info("Serving %s from %s", options.sources, options.index)
    print(f"Footnote answers at {url}", flush=True)
    page.block_thread()


def _mounts(api: Api, has_mcp: bool) -> list[Mount]:
    mounts = [Mount(prefixes=(PREFIX,), app=make_rest(api))]
    if has_mcp:
        from qa.web.mcp_tools import make_mcp

        server = make_mcp(api)
        app = server.streamable_http_app()
        prefixes = ("/mcp", "/gradio_api/mcp")
        mounts.append(Mount(prefixes=prefixes, app=app, path="/mcp", run=server.session_manager.run))
    return mounts


def _serve_stdio(api: Api) -> int:
    from qa.web.mcp_tools import make_mcp

    make_mcp(api).run("stdio")
    sys.stdout = sys.stderr  # the server has closed it
    return 0


if __name__ == "__main__":
    sys.exit(main())
