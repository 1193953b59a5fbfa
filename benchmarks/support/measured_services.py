"""Services set up to ask a benchmark's server."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

from desktop.domain.address import parse_address
from desktop.domain.service import Service, Wire
from desktop.domain.settings import Settings
from desktop.services.suite import Services, open_services


@asynccontextmanager
async def measured_services(folder: Path, url: str) -> AsyncIterator[Services]:
    """Open services over a folder; new chats are answered at an address.

    Args:
        url: of a server of chat completions.
    """
    services = await open_services(folder, {})
    services.models.adopt(Service("bench", "Bench", Wire.CHAT_COMPLETIONS, parse_address(url)))
    services.settings.override(replace(Settings(), default_service="bench", default_model="bench"))
    try:
        yield services
    finally:
        await services.close()
