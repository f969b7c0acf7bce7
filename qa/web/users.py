"""Keep the file of users who may sign in, with their password hashes."""

import base64
import binascii
import hashlib
import hmac
import logging
import secrets
import threading
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from index.atomic_write import atomic_write
from index.errors import FootnoteError

MIN_PASSWORD = 8
MAX_PASSWORD = 1_024
MAX_NAME = 64
COST = (2**15, 8, 3)  # scrypt: n, r, p; 32 MB of memory and about 0.2 s for each password
_MAX_COST = (2**18, 32, 16)
_LINE = "NAME:scrypt$N$R$P$SALT$HASH"
_LOGGER = logging.getLogger("footnote")


@dataclass(frozen=True, slots=True)
class PasswordHash:
    """A password's hash by scrypt, with its cost (n, r, p) and its salt."""

    cost: tuple[int, int, int]
    salt: bytes
    digest: bytes

    @classmethod
    def create(cls, password: str) -> Self:
        """Hash a password with a new salt."""
        salt = secrets.token_bytes(16)
        return cls(COST, salt, _digest(password, COST, salt))

    @classmethod
    def parse(cls, text: str) -> Self:
        """Parse what `str` wrote.

        Raises:
            ValueError: the text is not a password hash.
        """
        kind, n, r, p, salt, digest = text.split("$")
        cost = int(n), int(r), int(p)
        within = all(1 <= number <= most for number, most in zip(cost, _MAX_COST, strict=True))
        if kind != "scrypt" or not within or cost[0] < 2 or cost[0] & (cost[0] - 1):
            raise ValueError(text)
        read = cls(cost, base64.b64decode(salt, validate=True), base64.b64decode(digest, validate=True))
        if not read.salt or len(read.digest) != 32:
            raise ValueError(text)
        return read

    def __str__(self) -> str:
        salt, digest = (base64.b64encode(part).decode() for part in (self.salt, self.digest))
        return "$".join(["scrypt", *map(str, self.cost), salt, digest])

    def verify(self, password: str) -> bool:
        """Check a password against the hash."""
        return hmac.compare_digest(_digest(password, self.cost, self.salt), self.digest)


def _digest(password: str, cost: tuple[int, int, int], salt: bytes) -> bytes:
    n, r, p = cost
    text = unicodedata.normalize("NFKC", password).encode("utf-8", "surrogatepass")
    return hashlib.scrypt(text, salt=salt, n=n, r=r, p=p, maxmem=256 * n * r + 2**20, dklen=32)


class Users:
    """Check passwords of known users; an unknown name takes as much time as a known one."""

    def __init__(self, known: Mapping[str, PasswordHash]) -> None:
        self._known = dict(known)
        self._nobody = PasswordHash.create(secrets.token_urlsafe())

    def check(self, name: str, password: str) -> bool:
        """Check a user's password."""
        known = self._known.get(normal_name(name))
        is_right = (known or self._nobody).verify(password)
        return is_right and known is not None

    def has(self, name: str) -> bool:
        """Whether a user may sign in."""
        return normal_name(name) in self._known


class UserFile:
    """The users of a file. A change of the file takes effect at once; while it is not valid, nobody may sign in."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._lock = threading.Lock()
        self._seen = self._state()
        self._users = Users(read_users(file))

    @property
    def version(self) -> tuple[int, ...]:
        """What changes with the file."""
        self._current()
        return self._seen

    def check(self, name: str, password: str) -> bool:
        """Check a user's password."""
        return self._current().check(name, password)

    def has(self, name: str) -> bool:
        """Whether a user may sign in."""
        return self._current().has(name)

    def _current(self) -> Users:
        with self._lock:
            state = self._state()
            if state != self._seen:
                try:
                    self._users = Users(read_users(self._file))
                except FootnoteError as error:
                    _LOGGER.error("Nobody may sign in. %s", error)
                    self._users = Users({})
                self._seen = state
            return self._users

    def _state(self) -> tuple[int, ...]:
        try:
            status = self._file.stat()
        except OSError:
            return ()
        return status.st_mtime_ns, status.st_size, status.st_ino


def read_users(file: Path) -> dict[str, PasswordHash]:
    """Read the password hash of each user, by name.

    Raises:
        FootnoteError: the file cannot be opened, a line is malformed, or a name appears twice.
    """
    try:
        lines = file.read_text("utf-8").splitlines()
    except (OSError, UnicodeError) as error:
        reason = getattr(error, "strerror", None) or "it is not text"
        raise FootnoteError(f"{file} cannot be opened ({reason}): create it with python -m qa user add.") from error
    known: dict[str, PasswordHash] = {}
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        name, _, secret = line.strip().partition(":")
        try:
            read = PasswordHash.parse(secret)
        except (ValueError, binascii.Error) as error:
            raise FootnoteError(
                f"Line {number} of {file} is not {_LINE}: remove it, and add the user with python -m qa user add."
            ) from error
        if not name or name in known:
            problem = f"repeats the user {name}" if name else "has no name"
            raise FootnoteError(f"Line {number} of {file} {problem}: remove it.")
        known[name] = read
    return known


def add_user(file: Path, name: str, password: str) -> bool:
    """Add a user to a file, which is created if necessary, or change the password; return whether the name is new.

    Raises:
        FootnoteError: the name or the password is not allowed, or the file cannot be read or written.
    """
    name = normal_name(name)
    if not name or len(name) > MAX_NAME or ":" in name or not name.isprintable():
        raise FootnoteError(f"A user name needs 1 to {MAX_NAME} characters without a colon: choose another.")
    if len(password) < MIN_PASSWORD:
        raise FootnoteError(f"The password is shorter than {MIN_PASSWORD} characters: choose a longer one.")
    if len(password) > MAX_PASSWORD:
        raise FootnoteError(f"The password is longer than {MAX_PASSWORD:,} characters: choose a shorter one.")
    known = read_users(file) if file.exists() else {}
    is_new = name not in known
    known[name] = PasswordHash.create(password)
    _write(file, known)
    return is_new


def remove_user(file: Path, name: str) -> None:
    """Remove a user from a file.

    Raises:
        FootnoteError: the file has no such user, or cannot be read or written.
    """
    known = read_users(file)
    if known.pop(normal_name(name), None) is None:
        raise FootnoteError(f"{file} has no user {name}: its users are {', '.join(known) or 'none'}.")
    _write(file, known)


def normal_name(name: str) -> str:
    """Normalise a name (Unicode NFKC), so that one name has one spelling."""
    return unicodedata.normalize("NFKC", name).strip()


def _write(file: Path, known: Mapping[str, PasswordHash]) -> None:
    """Replace the file atomically; only its owner can read it."""
    try:
        with atomic_write(file) as stream:
            stream.write("".join(f"{name}:{secret}\n" for name, secret in known.items()).encode())
    except OSError as error:
        raise FootnoteError(f"{file} cannot be written ({error.strerror}): name another with --file.") from error
