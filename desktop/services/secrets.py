"""Keys: in the operating system's keyring, read from the environment, or in memory for the session."""

import asyncio
import contextlib
import importlib
import threading
import time
from collections.abc import Callable, Mapping
from typing import TypeVar

from keyring.backend import KeyringBackend
from keyring.errors import PasswordDeleteError

from desktop.domain.secrets import KeySource, SecretsStatus
from desktop.domain.service import Service

T = TypeVar("T")

LIMIT_S = 2.5
LEAVE_ALONE_S = 30.0
_NAME = "Parley"

# Whatever the environment or a keyringrc says, only these are used: others may drop or bare what they are given.
_ALLOWED = (
    ("keyring.backends.macOS", "Keyring"),
    ("keyring.backends.Windows", "WinVaultKeyring"),
    ("keyring.backends.SecretService", "Keyring"),
    ("keyring.backends.libsecret", "Keyring"),
    ("keyring.backends.kwallet", "DBusKeyring"),
)


class KeyringSilentError(Exception):
    """The keyring did not answer in time, or there is none."""


class SecretStore:
    """Finds and keeps keys; no call takes longer than 3 s, whatever the keyring does.

    Args:
        profile_id: whose keys these are.
        environment: the process environment; read, never copied.
        on_key: told each key before it is handed out or taken, so that it can be kept out of logs.
    """

    def __init__(
        self, profile_id: int, environment: Mapping[str, str], on_key: Callable[[str], None] = lambda _: None
    ) -> None:
        self._profile_id = profile_id
        self._environment = environment
        self._on_key = on_key
        self._memory: dict[str, str] = {}
        self._silent_until = 0.0
        self._backend: KeyringBackend | None = None

    def __repr__(self) -> str:
        return f"SecretStore(profile_id={self._profile_id})"

    async def status(self) -> SecretsStatus:
        """Where a new key would be kept."""
        try:
            await self._ask(lambda backend: backend.get_password(_NAME, "probe"))
        except KeyringSilentError as error:
            return SecretsStatus(
                KeySource.MEMORY, f"{error} Keys you enter stay in memory and are forgotten when Parley ends."
            )
        return SecretsStatus(KeySource.KEYRING, "Keys are kept in your system's keyring.")

    async def find(self, service: Service) -> str | None:
        """The service's key: from memory, the keyring or the environment, in this order."""
        key = self._memory.get(service.id) or await self._stored(service.id) or self._from_environment(service)
        if key:
            self._on_key(key)
        return key

    async def source(self, service: Service) -> KeySource | None:
        """Where the service's key would come from."""
        if service.id in self._memory:
            return KeySource.MEMORY
        if await self._stored(service.id):
            return KeySource.KEYRING
        return KeySource.ENVIRONMENT if self._from_environment(service) else None

    async def set_key(self, service_id: str, key: str) -> KeySource:
        """Keep a key; returns where it is, which is memory if the keyring would not take it."""
        key = key.strip()
        self._on_key(key)
        try:
            await self._ask(lambda backend: backend.set_password(_NAME, self._user(service_id), key))
        except KeyringSilentError:
            self.remember(service_id, key)
            return KeySource.MEMORY
        self._memory.pop(service_id, None)
        return KeySource.KEYRING

    async def delete_key(self, service_id: str) -> None:
        """Forget a key."""
        self._memory.pop(service_id, None)

        def forget(backend: KeyringBackend) -> None:
            with contextlib.suppress(PasswordDeleteError):
                backend.delete_password(_NAME, self._user(service_id))

        with contextlib.suppress(KeyringSilentError):
            await self._ask(forget)

    def remember(self, service_id: str, key: str) -> None:
        """Keep a key in memory for this session only."""
        self._on_key(key)
        self._memory[service_id] = key

    def variable_set(self, service: Service) -> str | None:
        """The name of the environment variable that holds the service's key."""
        return next((name for name in service.key_variables if self._environment.get(name, "").strip()), None)

    async def _stored(self, service_id: str) -> str | None:
        with contextlib.suppress(KeyringSilentError):
            return await self._ask(lambda backend: backend.get_password(_NAME, self._user(service_id)))
        return None

    def _from_environment(self, service: Service) -> str | None:
        variable = self.variable_set(service)
        return self._environment[variable].strip() if variable else None

    def _user(self, service_id: str) -> str:
        return f"{self._profile_id}/{service_id}"

    async def _ask(self, question: Callable[[KeyringBackend], T]) -> T:
        if time.monotonic() < self._silent_until:
            raise KeyringSilentError("The system's keyring does not answer.")
        try:
            return await _in_daemon_thread(lambda: question(self._opened()), LIMIT_S)
        except TimeoutError as error:
            self._silent_until = time.monotonic() + LEAVE_ALONE_S
            raise KeyringSilentError("The system's keyring did not answer in time.") from error
        except KeyringSilentError:
            raise
        except Exception as error:
            raise KeyringSilentError("The system's keyring is locked or refused the request.") from error

    def _opened(self) -> KeyringBackend:
        if self._backend is None:
            self._backend = _allowed_backend()
        return self._backend


def _allowed_backend() -> KeyringBackend:
    """The first allow-listed backend that works here."""
    for module, name in _ALLOWED:
        try:
            backend: type[KeyringBackend] = getattr(importlib.import_module(module), name)
            if backend.priority > 0:
                return backend()
        except (ImportError, AttributeError, RuntimeError):
            continue
    raise KeyringSilentError("No system keyring was found.")


async def _in_daemon_thread(work: Callable[[], T], limit_s: float) -> T:
    """Run work in a thread of its own that a stuck keyring can hold without keeping Parley from ending."""
    loop = asyncio.get_running_loop()
    answer: asyncio.Future[T] = loop.create_future()

    def settle(give: Callable[[], None]) -> None:
        if not answer.done():
            give()

    def run() -> None:
        try:
            result = work()
        except Exception as error:  # noqa: BLE001 - handed to whoever waits
            report = error
            give = lambda: answer.set_exception(report)  # noqa: E731
        else:
            give = lambda: answer.set_result(result)  # noqa: E731
        with contextlib.suppress(RuntimeError):  # the loop has ended meanwhile
            loop.call_soon_threadsafe(settle, give)

    threading.Thread(target=run, name="parley-keyring", daemon=True).start()
    async with asyncio.timeout(limit_s):
        return await answer
