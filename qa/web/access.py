"""Who may use the page: users of a file, their sessions and their attempts to sign in."""

from pathlib import Path
from typing import Any

from starlette.exceptions import HTTPException

from qa.web.asgi import Message
from qa.web.login_throttle import SignIn, TooManyAttemptsError
from qa.web.sign_in_sessions import Sessions
from qa.web.users import UserFile

NOTICE = "Sign in to ask. After several failed attempts, wait up to a minute."


class Access:
    """Let the users of a file in."""

    def __init__(self, file: Path) -> None:
        self._users = UserFile(file)
        self._sign_in = SignIn(self._users)
        self._sessions = Sessions(self._users.has)
        self._cookie_id = ""

    @property
    def version(self) -> tuple[int, ...]:
        """What changes with the users or their passwords."""
        return self._users.version

    async def check(self, name: str, password: str) -> bool:
        """Check a user's password.

        Raises:
            TooManyAttemptsError: there were too many failures.
        """
        return await self._sign_in.check(name, password)

    async def check_form(self, name: str, password: str) -> bool:
        """Check what was entered in Gradio's form."""
        try:
            return await self.check(name, password)
        except TooManyAttemptsError as error:
            raise HTTPException(429, str(error), {"Retry-After": str(error.seconds)}) from error

    def connect(self, page: Any) -> None:
        """Keep the sessions of a Gradio app."""
        page.tokens, self._cookie_id = self._sessions, page.cookie_id

    def user_of(self, scope: Message) -> str | None:
        """Return who sent a request, by its cookie; None if nobody is signed in."""
        return self._sessions.user_of(scope, self._cookie_id)
