"""The tools that MCP clients may call, over HTTP or standard input and output. Needs the package `mcp`."""

import inspect
from typing import Any

import anyio.to_thread
from mcp.server.fastmcp import FastMCP
from mcp.server.fastmcp.exceptions import ToolError
from mcp.server.transport_security import TransportSecuritySettings
from mcp.types import ToolAnnotations

from index.errors import FootnoteError
from qa.web.api import Api
from qa.web.contracts import AskReply, HistoryMessage, SearchReply, StatusReply

INSTRUCTIONS = (
    "Answers questions from a folder of documents by quoting them. Every quote is exact and has its document, page and "
    "position. If the documents contain no answer, `answered` is false."
)
_READS = ToolAnnotations(readOnlyHint=True, idempotentHint=True, openWorldHint=False)


def make_mcp(api: Api) -> FastMCP[None]:
    """Make the MCP server. Its tools only read."""
    # The request filter checks host names already, with those of --name.
    open_to_filter = TransportSecuritySettings(enable_dns_rebinding_protection=False)
    server: FastMCP[None] = FastMCP(
        "Footnote",
        instructions=INSTRUCTIONS,
        stateless_http=True,
        json_response=True,
        transport_security=open_to_filter,
        log_level="WARNING",
    )

    async def ask(
        question: str,
        history: list[HistoryMessage] | None = None,
        only: list[str] | None = None,
        written: bool = True,
    ) -> AskReply:
        """Answer a question with sentences quoted from the documents, each cited.

        `history` lists earlier messages of the conversation, oldest first. `only` limits the answer to documents, by
        path, folder/ or pattern such as *.pdf. If a language model is connected, it writes the answer in `statements`,
        each checked against the quotes that it cites; without `written`, the answer is quoted.
        """
        earlier = [message.model_dump() for message in history or []]
        return AskReply.model_validate(await _run(lambda: api.reply(question, earlier, 5, only or [], written)))

    async def search(query: str, k: int = 5) -> SearchReply:
        """Find the k passages that match a query best, each with its place and its scores."""
        return SearchReply.model_validate({"hits": await _run(lambda: api.search(query, k))})

    async def status() -> StatusReply:
        """Report what the index contains and whether a build is running."""
        return StatusReply.model_validate(await _run(api.status))

    for tool in (ask, search, status):
        server.add_tool(tool, description=inspect.getdoc(tool), annotations=_READS, structured_output=True)
    return server


async def _run(function: Any) -> Any:
    """Run a function in a thread, and report its error as the tool's."""
    try:
        return await anyio.to_thread.run_sync(function)
    except FootnoteError as error:
        raise ToolError(str(error)) from error
