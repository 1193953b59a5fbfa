"""`parley doctor`: what Parley sees of this computer; no secrets."""

import os
import platform
import sqlite3
from dataclasses import dataclass, field
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING

from desktop import __version__
from desktop.domain.attempt import Attempt
from desktop.domain.errors import ParleyError
from desktop.domain.settings import Settings
from desktop.paths import resource

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from desktop.services.suite import Services

_PARTS = ("pyside6-essentials", "qasync", "httpx", "sqlalchemy", "alembic", "keyring", "markdown-it-py")
_ATTEMPTS = 200


@dataclass
class Diagnosis:
    """What was found: the lines that were printed, and what a bundle holds besides, where the data could be read."""

    lines: list[str] = field(default_factory=list)
    settings: Settings | None = None
    attempts: tuple[Attempt, ...] = ()
    status: int = 0

    def say(self, name: str, value: str) -> None:
        """Print a finding and keep it."""
        self.lines.append(f"{name:<20} {value}")
        print(self.lines[-1])


async def diagnose(open_services: "Callable[[], Awaitable[Services]]", data_dir: Path) -> Diagnosis:
    """Print versions, paths, data, keyring, display, services and servers; status 1 if the data cannot be used."""
    found = Diagnosis()
    found.say("Parley", __version__)
    found.say("Python", f"{platform.python_version()} on {platform.platform()}")
    found.say("SQLite", sqlite3.sqlite_version)
    for part in _PARTS:
        found.say(part, _version(part))
    found.say("Resources", str(resource()))
    found.say("Data", str(data_dir))
    found.say("Display", _display())
    try:
        services = await open_services()
    except ParleyError as error:
        found.say("Database", f"{error.sentence} {error.detail}".strip())
        found.status = 1
        return found
    try:
        await _look_at(services, found)
    finally:
        await services.close()
    return found


async def _look_at(services: "Services", found: Diagnosis) -> None:
    found.settings = await services.settings.load()
    found.say("Database", f"{len(await services.conversations.list())} conversations")
    found.say("Keys", (await services.secrets.status()).sentence)
    for service in await services.models.services():
        source = await services.models.key_source(service.id)
        key = f", key from {source}" if source else ", no key" if service.needs_key else ""
        found.say("Service", f"{service.name} · {service.destination}{key}")
    around = await services.discovery.look()
    for server in around.servers:
        found.say("Found", f"{server.service.name} at {server.service.address}, {len(server.models)} models")
    for key_found in around.keys:
        found.say("Found", f"{key_found.variable} is set")
    if not around.servers:
        found.say("Found", "no model server on this computer")
    found.attempts = await services.connections.list(_ATTEMPTS)
    for service in (*await services.models.services(), *await services.models.declared()):
        await services.secrets.find(service)  # a key that was found is known, and masked in what is bundled


def _version(distribution: str) -> str:
    try:
        return version(distribution)
    except PackageNotFoundError:
        return "not found"


def _display() -> str:
    shown = (
        f"{name}={os.environ[name]}"
        for name in ("WAYLAND_DISPLAY", "DISPLAY", "QT_QPA_PLATFORM")
        if os.environ.get(name)
    )
    return ", ".join(shown) or "none"
