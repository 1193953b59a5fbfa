"""A real Secret Service, on a bus that only the tests see."""

import signal
from types import TracebackType
from typing import Self

from tests.support.private_session import PrivateSession, private_environment

__all__ = ["SecretService", "private_environment"]

NAME = "org.freedesktop.secrets"


class SecretService:
    """An empty, unlocked keyring, from `with` to its end: in a session of its own, or in the one that is given.

    `environment` is all that a process needs to find it, and nothing of the person's own.
    """

    def __init__(self, session: PrivateSession | None = None) -> None:
        self._is_guest = session is not None
        self._session = session or PrivateSession()
        self.environment = self._session.environment

    def __enter__(self) -> Self:
        if not self._is_guest:
            self._session.__enter__()
        try:
            command = ("gnome-keyring-daemon", "--foreground", "--unlock", "--components=secrets")
            self._keyring = self._session.start(*command, stdin="a password")
            self._session.await_name(NAME, self._keyring)
        except BaseException:
            self.__exit__(None, None, None)
            raise
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        if self._is_guest:
            self._keyring.kill()
            self._keyring.wait()
        else:
            self._session.__exit__(None, None, None)

    def freeze(self) -> None:
        """Let the keyring stay on the bus and answer nothing."""
        self._keyring.send_signal(signal.SIGSTOP)

    def thaw(self) -> None:
        """Let the keyring answer again, also what it was asked meanwhile."""
        self._keyring.send_signal(signal.SIGCONT)
