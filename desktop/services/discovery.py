"""Discovery: looks for model servers on this computer, and nowhere else."""

import asyncio
from collections.abc import Mapping
from dataclasses import replace

from desktop.domain.address import Address, Reach, parse_address
from desktop.domain.attempt import Purpose
from desktop.domain.discovery import Discovery, FoundKey, FoundServer
from desktop.domain.errors import BadAddress, ProviderError
from desktop.domain.service import Service
from desktop.services.models import ModelService
from desktop.services.providers.declarations import CLOUD, LOCAL
from desktop.services.secrets import SecretStore

LIMIT_S = 1.5


class DiscoveryService:
    """Asks the usual loopback ports who is there, and the environment which keys are set.

    Args:
        environment: the process environment; `OLLAMA_HOST` says where Ollama listens.
    """

    def __init__(self, models: ModelService, secrets: SecretStore, environment: Mapping[str, str]) -> None:
        self._models = models
        self._secrets = secrets
        self._environment = environment

    async def look(self) -> Discovery:
        """What is on this computer now; takes at most 1.5 s."""
        found = await asyncio.gather(*(self._ask(service) for service in self._candidates()))
        keys = ((service, self._secrets.variable_set(service)) for service in CLOUD)
        return Discovery(
            servers=tuple(server for server in found if server is not None),
            keys=tuple(FoundKey(service, variable) for service, variable in keys if variable),
        )

    def _candidates(self) -> tuple[Service, ...]:
        ollama, *others = LOCAL
        address = self._ollama_address()
        return (replace(ollama, address=address), *others) if address else LOCAL

    def _ollama_address(self) -> Address | None:
        """Where `OLLAMA_HOST` says Ollama is, if that is on this computer."""
        written = self._environment.get("OLLAMA_HOST", "").strip(" \t\"'")
        if written.startswith(":"):
            written = f"127.0.0.1{written}"  # a port alone
        try:
            address = parse_address(written, default_port=11434) if written else None
        except BadAddress:
            return None
        return address if address and address.reach is Reach.LOCAL else None

    async def _ask(self, service: Service) -> FoundServer | None:
        try:
            async with asyncio.timeout(LIMIT_S):
                return FoundServer(service, await self._models.test(service, None, Purpose.DISCOVERY))
        except (ProviderError, TimeoutError):
            return None
