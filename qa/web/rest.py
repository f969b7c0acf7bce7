"""The HTTP API: `POST /api/ask`, `POST /api/search`, `GET /api/status`, described at `/api/openapi.json`."""

from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from index.errors import FootnoteError
from qa.errors import HistoryError, UsageError
from qa.web.api import Api
from qa.web.contracts import AskReply, AskRequest, ErrorReply, SearchReply, SearchRequest, StatusReply

PREFIX = "/api"


def make_rest(api: Api) -> FastAPI:
    """Make the application that serves the HTTP API."""
    app = FastAPI(title="Footnote", openapi_url=f"{PREFIX}/openapi.json", docs_url=None, redoc_url=None)
    app.add_exception_handler(FootnoteError, _footnote_error)
    app.add_exception_handler(HTTPException, _http_error)
    app.add_exception_handler(RequestValidationError, _validation_error)
    errors: dict[int | str, dict[str, Any]] = {
        status: {"model": ErrorReply, "description": text}
        for status, text in ((400, "The request is not valid."), (409, "There is no index to answer from."))
    }

    @app.post(f"{PREFIX}/ask", response_model=None, responses={200: {"model": AskReply}, **errors})
    def ask(asked: AskRequest) -> JSONResponse:
        """Answer a question with quoted sentences, each cited, or say that the documents contain no answer."""
        history = [message.model_dump() for message in asked.history]
        return JSONResponse(api.reply(asked.question, history, asked.k, asked.only, asked.written, asked.receipt))

    @app.post(f"{PREFIX}/search", response_model=None, responses={200: {"model": SearchReply}, **errors})
    def search(asked: SearchRequest) -> JSONResponse:
        """Find the passages that match a query best."""
        return JSONResponse({"hits": api.search(asked.query, asked.k)})

    @app.get(f"{PREFIX}/status", response_model=None, responses={200: {"model": StatusReply}, **errors})
    def status() -> JSONResponse:
        """Report what the index contains and whether a build is running."""
        return JSONResponse(api.status())

    return app


async def _footnote_error(_: Request, error: Exception) -> JSONResponse:
    status = 400 if isinstance(error, UsageError | HistoryError) else 409
    return JSONResponse({"error": str(error)}, status)


async def _http_error(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, HTTPException)
    text = f"There is no {request.method} {request.url.path}: see {PREFIX}/openapi.json."
    return JSONResponse({"error": text}, error.status_code)


async def _validation_error(_: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, RequestValidationError)
    first = error.errors()[0]
    if first["type"] == "json_invalid":
        return JSONResponse({"error": 'The body is not valid JSON: send an object such as {"question": "…"}.'}, 400)
    place = ".".join(str(part) for part in first["loc"] if part != "body")
    text = f"{place}: {first['msg']}." if place else f"The body is not valid: {first['msg']}."
    return JSONResponse({"error": text}, 400)
