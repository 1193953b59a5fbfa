"""HTTP's connections: which way a call takes, whom TLS trusts, and what is kept open."""

import asyncio
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

import httpx
import truststore

from desktop.domain.errors import BadAddress, Offline
from desktop.domain.proxy import parse_proxy
from desktop.domain.settings import Settings


@dataclass(frozen=True, slots=True)
class Way:
    """How a call gets out: through a proxy, or directly where it is empty, trusting a file of authorities too."""

    proxy: str
    ca_file: str


class _Pool:
    """The connections of one way; closed when they are no longer wanted and the last call has ended."""

    def __init__(self, client: httpx.AsyncClient) -> None:
        self.client = client
        self._users = 0
        self._is_wanted = True

    async def enter(self) -> None:
        self._users += 1

    async def leave(self) -> None:
        self._users -= 1
        await self._close_if_idle()

    async def retire(self) -> None:
        self._is_wanted = False
        await self._close_if_idle()

    async def _close_if_idle(self) -> None:
        if not self._is_wanted and self._users == 0:
            await self.client.aclose()


class Connections:
    """Keeps connections; a changed proxy or file of authorities holds from the next call on."""

    def __init__(self) -> None:
        self._pools: dict[Way, _Pool] = {}
        self._contexts: dict[str, ssl.SSLContext] = {}

    @asynccontextmanager
    async def lease(self, way: Way) -> AsyncIterator[httpx.AsyncClient]:
        """A client for one call.

        Raises:
            Offline: the settings of the proxy or the certificates are of no use.
        """
        pool = await self._pool(way)
        await pool.enter()
        try:
            yield pool.client
        finally:
            await pool.leave()

    async def retire(self, wanted: frozenset[Way]) -> None:
        """Let the connections of all other ways end with their last call."""
        for way in self._pools.keys() - wanted:
            await self._pools.pop(way).retire()

    async def close(self) -> None:
        """Close all connections."""
        for pool in self._pools.values():
            await pool.client.aclose()
        self._pools.clear()

    async def _pool(self, way: Way) -> _Pool:
        context = await self._context(way.ca_file)
        if way not in self._pools:
            self._pools[way] = _Pool(_client(way.proxy, context))
        return self._pools[way]

    async def _context(self, ca_file: str) -> ssl.SSLContext:
        if ca_file not in self._contexts:
            self._contexts = {ca_file: await asyncio.to_thread(_trusting, ca_file)}
        return self._contexts[ca_file]


def ways(settings: Settings) -> tuple[Way, Way]:
    """The ways to this computer itself, which never leads through a proxy, and to all others."""
    return Way("", settings.ca_file), Way(settings.proxy, settings.ca_file)


def _client(proxy: str, context: ssl.SSLContext) -> httpx.AsyncClient:
    try:
        url = parse_proxy(proxy)
    except BadAddress as error:
        raise Offline("The proxy in Settings is not an address Parley can use. Correct or remove it there.") from error
    return httpx.AsyncClient(
        verify=context,
        trust_env=False,
        proxy=httpx.Proxy(url, ssl_context=context if url.startswith("https:") else None) if url else None,
        follow_redirects=False,
        limits=httpx.Limits(max_connections=None, max_keepalive_connections=20, keepalive_expiry=20),
    )


def _trusting(ca_file: str) -> ssl.SSLContext:
    """What the system trusts, and a file. Takes a while; a context made by hand ignores SSLKEYLOGFILE."""
    context = truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    if ca_file:
        try:
            context.load_verify_locations(ca_file)
        except (OSError, ssl.SSLError) as error:
            raise Offline(
                f"The file of extra certificates, {ca_file}, cannot be read. Correct or remove it in Settings.",
                str(error),
            ) from error
    return context
