"""`parley doctor`: what Parley sees of this computer; no secrets."""

import os
import platform
import sqlite3
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING

from desktop import __version__
from desktop.domain.errors import ParleyError
from desktop.paths import resource

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from desktop.services.suite import Services

_PARTS = ("pyside6-essentials", "qasync", "httpx", "sqlalchemy", "alembic", "keyring", "markdown-it-py")


async def print_diagnosis(open_services: "Callable[[], Awaitable[Services]]", data_dir: Path) -> int:
    """Print versions, paths, data, keyring, display, services and servers; returns 1 if the data cannot be used."""
    _print("Parley", __version__)
    _print("Python", f"{platform.python_version()} on {platform.platform()}")
    _print("SQLite", sqlite3.sqlite_version)
    for part in _PARTS:
        _print(part, _version(part))
    _print("Resources", str(resource()))
    _print("Data", str(data_dir))
    _print("Display", _display())
    try:
        services = await open_services()
    except ParleyError as error:
        _print("Database", f"{error.sentence} {error.detail}".strip())
        return 1
    try:
        await _print_services(services)
    finally:
        await services.close()
    return 0


async def _print_services(services: "Services") -> None:
    _print("Database", f"{len(await services.conversations.list())} conversations")
    _print("Keys", (await services.secrets.status()).sentence)
    for service in await services.models.services():
        source = await services.models.key_source(service.id)
        key = f", key from {source}" if source else ", no key" if service.needs_key else ""
        _print("Service", f"{service.name} · {service.destination}{key}")
    found = await services.discovery.look()
    for server in found.servers:
        _print("Found", f"{server.service.name} at {server.service.address}, {len(server.models)} models")
    for key_found in found.keys:
        _print("Found", f"{key_found.variable} is set")
    if not found.servers:
        _print("Found", "no model server on this computer")


def _print(name: str, value: str) -> None:
    print(f"{name:<20} {value}")


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
