"""Messages between the process that builds an index and the process that reads files: a line of JSON, then bytes."""

import json
from dataclasses import dataclass, field
from typing import IO, Any

_MAX_LINE = 2**23  # bytes: a hundred thousand pages with their names take half
_MAX_CONTENT = 2**30  # bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """A request or an answer: named values, and the bytes of a file or a picture."""

    values: dict[str, Any] = field(default_factory=dict)
    content: bytes = b""


def send(stream: IO[bytes], message: Message) -> None:
    """Write a message to a stream."""
    head = {"size": len(message.content), "values": message.values}
    stream.write(json.dumps(head).encode() + b"\n")
    stream.write(message.content)
    stream.flush()


def receive(stream: IO[bytes]) -> Message | None:
    """Read the next message of a stream; None if the stream has ended, or the message is too large.

    >>> import io
    >>> stream = io.BytesIO()
    >>> send(stream, Message(values={"path": "tea.md"}, content=b"Steep it."))
    >>> start = stream.seek(0)
    >>> receive(stream)
    Message(values={'path': 'tea.md'}, content=b'Steep it.')
    """
    line = stream.readline(_MAX_LINE)
    if not line.endswith(b"\n"):
        return None
    head = json.loads(line)
    if not 0 <= head["size"] <= _MAX_CONTENT:
        return None
    content = stream.read(head["size"])
    return Message(values=head["values"], content=content) if len(content) == head["size"] else None
