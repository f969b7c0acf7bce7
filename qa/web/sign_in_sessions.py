"""Keep who is signed in: sessions that end after 12 hours, at sign-out, or when the user is removed."""

import time
from collections import OrderedDict
from collections.abc import Callable, Iterator, MutableMapping
from dataclasses import dataclass
from http.cookies import CookieError, SimpleCookie

from qa.web.asgi import Message, header_of
from qa.web.users import normal_name

MAX_AGE = 12 * 3600.0  # seconds
MAX_SESSIONS = 1_000
MAX_SESSIONS_OF_USER = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class _Session:
    name: str
    ends: float


class Sessions(MutableMapping[str, str]):
    """The user of each token, by normalised name. Gradio reads and writes it as its dictionary of tokens."""

    def __init__(self, is_user: Callable[[str], bool], clock: Callable[[], float] = time.monotonic) -> None:
        self._is_user = is_user
        self._clock = clock
        self._sessions: OrderedDict[str, _Session] = OrderedDict()

    def __getitem__(self, token: str) -> str:
        session = self._sessions[token]
        if self._clock() >= session.ends or not self._is_user(session.name):
            self._sessions.pop(token, None)
            raise KeyError(token)
        return session.name

    def __setitem__(self, token: str, name: str) -> None:
        name = normal_name(name)
        self._sessions[token] = _Session(name=name, ends=self._clock() + MAX_AGE)
        own = [other for other, session in list(self._sessions.items()) if session.name == name]
        surplus = own[:-MAX_SESSIONS_OF_USER] or list(self._sessions)[:-MAX_SESSIONS]
        for other in surplus:
            self._sessions.pop(other, None)

    def __delitem__(self, token: str) -> None:
        del self._sessions[token]

    def __iter__(self) -> Iterator[str]:
        return iter([token for token in list(self._sessions) if token in self])

    def __len__(self) -> int:
        return len(self._sessions)

    def user_of(self, scope: Message, cookie_id: str) -> str | None:
        """Return who sent a request, by the cookie that Gradio sets; None if nobody is signed in."""
        try:
            cookies = SimpleCookie(header_of(scope, b"cookie"))
        except CookieError:
            return None
        found = (cookies.get(f"access-token-{kind}{cookie_id}") for kind in ("", "unsecure-"))
        return next((name for cookie in found if cookie and (name := self.get(cookie.value))), None)
