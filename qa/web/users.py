"""A file of those who may open the page, with their passwords' hashes.

It lies beside the page's other parts; the index knows of no users.
"""

import base64
import binascii
import hashlib
import hmac
import os
import secrets
import tempfile
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from index.errors import FootnoteError

SHORTEST_PASSWORD = 8
COST = (2**15, 8, 3)  # memory of 32 MB and some 0.2 s for each password
_MOST_COST = (2**18, 32, 16)
_LINE = "NAME:scrypt$N$R$P$SALT$HASH"


@dataclass(frozen=True, slots=True)
class Secret:
    """A password's hash by scrypt, with its cost (n, r, p) and its salt."""

    cost: tuple[int, int, int]
    salt: bytes
    digest: bytes

    @classmethod
    def of(cls, password: str) -> Self:
        """The secret of a password, with a salt of its own."""
        salt = secrets.token_bytes(16)
        return cls(COST, salt, _digest(password, COST, salt))

    @classmethod
    def read(cls, text: str) -> Self:
        """The secret that `str` wrote.

        Raises:
            ValueError: it is none.
        """
        kind, n, r, p, salt, digest = text.split("$")
        cost = int(n), int(r), int(p)
        within = all(1 <= number <= most for number, most in zip(cost, _MOST_COST, strict=True))
        if kind != "scrypt" or not within or cost[0] < 2 or cost[0] & (cost[0] - 1):
            raise ValueError(text)
        read = cls(cost, base64.b64decode(salt, validate=True), base64.b64decode(digest, validate=True))
        if not read.salt or len(read.digest) != 32:
            raise ValueError(text)
        return read

    def __str__(self) -> str:
        salt, digest = (base64.b64encode(part).decode() for part in (self.salt, self.digest))
        return "$".join(["scrypt", *map(str, self.cost), salt, digest])

    def is_of(self, password: str) -> bool:
        """Whether it is that password's."""
        return hmac.compare_digest(_digest(password, self.cost, self.salt), self.digest)


def _digest(password: str, cost: tuple[int, int, int], salt: bytes) -> bytes:
    n, r, p = cost
    text = unicodedata.normalize("NFKC", password).encode("utf-8", "surrogatepass")
    return hashlib.scrypt(text, salt=salt, n=n, r=r, p=p, maxmem=256 * n * r + 2**20, dklen=32)


class Users:
    """Names and secrets of those who may sign in; a name that is not among them costs as much time as one that is."""

    def __init__(self, known: Mapping[str, Secret]) -> None:
        self._known = dict(known)
        self._nobody = Secret.of(secrets.token_urlsafe())

    def check(self, name: str, password: str) -> bool:
        """Whether it is that user's password."""
        known = self._known.get(normal_name(name))
        is_right = (known or self._nobody).is_of(password)
        return is_right and known is not None


def read_users(file: Path) -> dict[str, Secret]:
    """The secret of each user in a file, by name.

    Raises:
        FootnoteError: it cannot be opened, or a line is malformed or names a user once more.
    """
    try:
        lines = file.read_text("utf-8").splitlines()
    except (OSError, UnicodeError) as error:
        reason = getattr(error, "strerror", None) or "it is not text"
        raise FootnoteError(f"{file} cannot be opened ({reason}): make it with python -m qa user add.") from error
    known: dict[str, Secret] = {}
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        name, _, secret = line.strip().partition(":")
        try:
            read = Secret.read(secret)
        except (ValueError, binascii.Error) as error:
            raise FootnoteError(
                f"Line {number} of {file} is not {_LINE}: remove it, and add the user with python -m qa user add."
            ) from error
        if not name or name in known:
            raise FootnoteError(f"Line {number} of {file} names {name or 'nobody'} once more: remove it.")
        known[name] = read
    return known


def add_user(file: Path, name: str, password: str) -> bool:
    """Write a user into a file, which is made if it is missing; whether the name is new to it.

    Raises:
        FootnoteError: the name or the password will not do, or the file cannot be read or written.
    """
    name = normal_name(name)
    if not name or len(name) > 64 or ":" in name or not name.isprintable():
        raise FootnoteError("A user's name has 1 to 64 characters, none of them a colon: choose another.")
    if len(password) < SHORTEST_PASSWORD:
        raise FootnoteError(f"The password has fewer than {SHORTEST_PASSWORD} characters: choose a longer one.")
    known = read_users(file) if file.exists() else {}
    is_new = name not in known
    known[name] = Secret.of(password)
    _write(file, known)
    return is_new


def remove_user(file: Path, name: str) -> None:
    """Take a user out of a file.

    Raises:
        FootnoteError: it does not name them, or cannot be read or written.
    """
    known = read_users(file)
    if known.pop(normal_name(name), None) is None:
        raise FootnoteError(f"{file} names no user {name}: it names {', '.join(known) or 'nobody'}.")
    _write(file, known)


def normal_name(name: str) -> str:
    """A name as it is kept: letters that look alike are one."""
    return unicodedata.normalize("NFKC", name).strip()


def _write(file: Path, known: Mapping[str, Secret]) -> None:
    """All or nothing, and for the owner's eyes only, from its first byte on."""
    try:
        number, made = tempfile.mkstemp(dir=file.parent, prefix=f".{file.name}.")
        try:
            with os.fdopen(number, "w", encoding="utf-8") as stream:
                stream.write("".join(f"{name}:{secret}\n" for name, secret in known.items()))
                stream.flush()
                os.fsync(stream.fileno())
            Path(made).replace(file)
        finally:
            Path(made).unlink(missing_ok=True)
    except OSError as error:
        raise FootnoteError(f"{file} cannot be written ({error.strerror}): name another with --file.") from error
