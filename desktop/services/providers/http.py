"""HTTP: the only module that opens sockets. No redirect, nothing from the environment, TLS always checked."""

import asyncio
import ssl
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import httpx
import truststore

from desktop.domain.address import Reach, reach_of
from desktop.domain.errors import (
    BadReply,
    Offline,
    ProviderDown,
    ProviderError,
    StreamInterrupted,
    TimedOut,
)
from desktop.services.providers.refusal import refusal
from desktop.services.providers.wire import Call

CONNECT_S = 5.0
CONNECT_LOCAL_S = 2.0
WRITE_S = 30.0
MAX_BODY = 16_000_000
MAX_ERROR_BODY = 100_000
USER_AGENT = "Parley"


class Http:
    """Sends calls and gives their answers; every failure is an error of the tree."""

    def __init__(self) -> None:
        self._client: httpx.AsyncClient | None = None

    async def fetch(self, name: str, call: Call, *, timeout_s: float) -> bytes:
        """The whole body of an answer.

        Args:
            name: the service's name, for sentences.
            timeout_s: seconds for everything.

        Raises:
            ProviderError: no whole answer with status 200 arrived.
        """
        try:
            async with asyncio.timeout(timeout_s):
                async with self.stream(name, call) as pieces:
                    return await _read(pieces, MAX_BODY)
        except TimeoutError as error:
            raise TimedOut(f"{name} did not answer within {timeout_s:g} s.") from error

    @asynccontextmanager
    async def stream(
        self, name: str, call: Call, on_connected: Callable[[], None] = lambda: None
    ) -> AsyncIterator[AsyncIterator[bytes]]:
        """The body of an answer with status 200, piece by piece; leaving closes the socket.

        Args:
            on_connected: called when the connection stands, before the request is written.

        Raises:
            ProviderError: there was no such answer, or it broke off.
        """

        async def trace(event: str, _info: object) -> None:
            if event.endswith("send_request_headers.started"):
                on_connected()

        try:
            request = self._request(call, trace)
            response = await (await self._opened()).send(request, stream=True)
        except httpx.HTTPError as error:
            raise _transport_error(name, call, error) from error
        try:
            if response.status_code != httpx.codes.OK:
                body = await _read(_pieces(name, response), MAX_ERROR_BODY, cut=True)
                raise refusal(name, response.status_code, body, {k.lower(): v for k, v in response.headers.items()})
            if response.headers.get("content-encoding", "identity") != "identity":
                raise BadReply(f"{name} sent a compressed answer that Parley did not ask for.")
            yield _pieces(name, response)
        finally:
            await response.aclose()

    async def close(self) -> None:
        """Close all connections."""
        if self._client is not None:
            await self._client.aclose()

    async def _opened(self) -> httpx.AsyncClient:
        if self._client is None:
            # Reading the trust store takes a while, and a hand-made context ignores SSLKEYLOGFILE.
            context = await asyncio.to_thread(truststore.SSLContext, ssl.PROTOCOL_TLS_CLIENT)
            if self._client is None:
                self._client = httpx.AsyncClient(
                    verify=context,
                    trust_env=False,
                    follow_redirects=False,
                    limits=httpx.Limits(max_connections=None, max_keepalive_connections=20, keepalive_expiry=20),
                )
        return self._client

    def _request(self, call: Call, trace: object) -> httpx.Request:
        try:
            url = httpx.URL(call.url)
        except httpx.InvalidURL as error:
            raise Offline("The base URL is not an address Parley can use. Correct it in Settings.") from error
        local = reach_of(url.host) is Reach.LOCAL
        headers = {"Accept-Encoding": "identity", "User-Agent": USER_AGENT, **call.headers}
        if local:
            # llama.cpp's server drops kept-alive connections; on loopback a new one costs nothing.
            headers["Connection"] = "close"
        connect = CONNECT_LOCAL_S if local else CONNECT_S
        timeout = httpx.Timeout(None, connect=connect, write=WRITE_S)
        extensions = {"timeout": timeout.as_dict(), "trace": trace}
        return httpx.Request(call.method, url, headers=headers, content=call.body, extensions=extensions)


async def _pieces(name: str, response: httpx.Response) -> AsyncIterator[bytes]:
    try:
        async for piece in response.aiter_raw():
            yield piece
    except httpx.HTTPError as error:
        raise _broken(name, error) from error


async def _read(pieces: AsyncIterator[bytes], limit: int, *, cut: bool = False) -> bytes:
    body = bytearray()
    async for piece in pieces:
        body += piece
        if len(body) > limit:
            if cut:
                break
            raise BadReply(f"The service sent more than {limit // 1_000_000} MB. The rest was not read.")
    return bytes(body)


def _transport_error(name: str, call: Call, error: httpx.HTTPError) -> ProviderError:
    place = httpx.URL(call.url).netloc.decode("ascii", "replace")
    if isinstance(error, httpx.ConnectTimeout):
        return Offline(f"{name} did not answer at {place}. Is it running, and is the address right?", _words(error))
    if isinstance(error, httpx.ConnectError):
        if "CERTIFICATE_VERIFY_FAILED" in str(error):
            return Offline(f"The certificate of {place} could not be verified, so nothing was sent.", _words(error))
        return Offline(
            f"{name} could not be reached at {place}. Is it running, and is the address right?", _words(error)
        )
    if isinstance(error, httpx.TimeoutException):
        return TimedOut(f"{name} did not take the request in time.", _words(error))
    return ProviderDown(f"{name} closed the connection without an answer.", _words(error))


def _broken(name: str, error: httpx.HTTPError) -> ProviderError:
    return StreamInterrupted(f"The connection to {name} broke off before the reply was complete.", _words(error))


def _words(error: httpx.HTTPError) -> str:
    return f"{type(error).__name__}: {error}" if str(error) else type(error).__name__
