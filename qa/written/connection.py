"""Stream text from an OpenAI-compatible endpoint: Ollama, llama.cpp, vLLM, LM Studio or a paid one.

The only module that opens a connection. The package `openai` is imported when a connection is made.
"""

from collections.abc import Generator, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, TypedDict
from urllib.parse import urlsplit

from qa.errors import UsageError, WritingError

if TYPE_CHECKING:
    from openai import OpenAI

CONNECT_SECONDS = 5.0
READ_SECONDS = 60.0  # without a single character
MAX_RETRIES = 2  # on 429, 503 and the like, with growing pauses


class Message(TypedDict):
    """A message of a chat: the role is system, user or assistant."""

    role: str
    content: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Endpoint:
    """The address and the model of an endpoint. The key is never shown."""

    url: str
    model: str
    key: str = field(default="", repr=False)

    @property
    def host(self) -> str:
        """The host that receives the passages, with its port, without a user's name.

        >>> Endpoint(url="http://me:secret@localhost:11434/v1", model="llama3").host
        'localhost:11434'
        """
        parts = urlsplit(self.url)
        return f"{parts.hostname}:{parts.port}" if parts.port else str(parts.hostname)

    @property
    def name(self) -> str:
        """The model and its host, as the reader sees them."""
        return f"{self.model} at {self.host}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Chunk:
    """A piece of the text, or at the end the tokens used, if the endpoint counts them."""

    text: str = ""
    tokens: int = 0


def endpoint_of(
    url: str | None, model: str | None, key_file: Path | None, environment: Mapping[str, str]
) -> Endpoint | None:
    """Return the endpoint that options and environment name; None if neither `url` nor `model` is given.

    The address may come from OPENAI_BASE_URL, and the key from OPENAI_API_KEY or a file.

    Raises:
        UsageError: the address or the model is missing or not valid, or the package `openai` is not installed.
    """
    if not url and not model:
        if key_file:
            raise UsageError("A key needs an endpoint: name it with --llm URL and --llm-model NAME.")
        return None
    url = url or environment.get("OPENAI_BASE_URL", "")
    if not url:
        raise UsageError("The language model has no address: give --llm URL, or set OPENAI_BASE_URL.")
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise UsageError(f"{url} is not the address of an endpoint: give one such as http://localhost:11434/v1.")
    if not model:
        raise UsageError("The language model has no name: give --llm-model NAME.")
    if not find_spec("openai"):
        raise UsageError("Written answers need one more package: install it with pip install -e '.[llm]'.")
    key = environment.get("OPENAI_API_KEY", "")
    if key_file:
        try:
            key = key_file.read_text("utf-8").strip()
        except (OSError, UnicodeDecodeError) as error:
            raise UsageError(f"{key_file} cannot be read: name a text file with the key.") from error
    return Endpoint(url=url, model=model, key=key)


class Connection:
    """A connection to an endpoint. It follows no redirect, so that nothing is sent to another host."""

    def __init__(self, endpoint: Endpoint) -> None:
        self.endpoint = endpoint
        self._client: OpenAI | None = None

    def stream(self, messages: Sequence[Message], seconds: float | None = None) -> Generator[Chunk]:
        """Send messages, and yield the reply as it arrives. Closing the iterator cancels the request.

        With `seconds`, it is asked once, and may be silent no longer than that.

        Raises:
            WritingError: the endpoint cannot be reached, refuses, fails, or ends in the middle.
        """
        import httpx
        import openai

        host = self.endpoint.host
        try:
            yield from self._chunks(messages, seconds)
        except openai.APITimeoutError as error:
            raise WritingError(f"{host} did not answer within {READ_SECONDS:.0f} seconds.") from error
        except openai.APIConnectionError as error:
            raise WritingError(f"{host} cannot be reached: check that the language model is running.") from error
        except openai.APIStatusError as error:
            raise WritingError(self._refusal(error.status_code)) from error
        except httpx.TimeoutException as error:
            raise WritingError(f"{host} sent nothing for {READ_SECONDS:.0f} seconds.") from error
        except httpx.HTTPError as error:
            raise WritingError(f"{host} closed the connection before it was done.") from error
        except (openai.OpenAIError, ValueError) as error:
            raise WritingError(f"{host} sent something that is not a chat completion: check --llm.") from error

    def _chunks(self, messages: Sequence[Message], seconds: float | None) -> Iterator[Chunk]:
        is_finished = False
        client = self._opened()
        client = client.with_options(max_retries=0, timeout=seconds) if seconds else client
        with client.chat.completions.create(  # type: ignore[call-overload]
            model=self.endpoint.model,
            messages=list(messages),
            stream=True,
            temperature=0,
            stream_options={"include_usage": True},
        ) as stream:
            for event in stream:
                for choice in (event.choices or ())[:1]:
                    if choice.delta and choice.delta.content:
                        yield Chunk(text=choice.delta.content)
                    is_finished = is_finished or choice.finish_reason is not None
                if event.usage:
                    yield Chunk(tokens=event.usage.total_tokens or 0)
        if not is_finished:
            raise WritingError(f"{self.endpoint.host} closed the connection before it was done.")

    def _opened(self) -> "OpenAI":
        if self._client is None:
            import httpx
            from openai import DefaultHttpxClient, OpenAI

            self._client = OpenAI(
                base_url=self.endpoint.url,
                api_key=self.endpoint.key or "none",  # local servers need none, but the package does
                max_retries=MAX_RETRIES,
                timeout=httpx.Timeout(READ_SECONDS, connect=CONNECT_SECONDS),
                http_client=DefaultHttpxClient(follow_redirects=False),
            )
        return self._client

    def _refusal(self, status: int) -> str:
        host = self.endpoint.host
        match status:
            case 401 | 403:
                return f"{host} refused the key: check OPENAI_API_KEY or --llm-key-file."
            case 404:
                return f"{host} has no model {self.endpoint.model} at this address: check --llm and --llm-model."
            case 429:
                return f"{host} allows no more requests now: ask again later."
            case _ if status < 400:
                return f"{host} redirects to another address: give that one with --llm."
            case _:
                return f"{host} failed with status {status}."
