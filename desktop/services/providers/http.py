"""HTTP: the only place that opens sockets. No redirect, nothing from the environment, TLS always checked."""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager

import httpx

from desktop.domain.address import Reach, reach_of
from desktop.domain.attempt import SentRequest
from desktop.domain.errors import BadReply, Offline, ProviderError, TimedOut
from desktop.domain.settings import Settings
from desktop.services.providers.exchange import Exchange, Ticket
from desktop.services.providers.http_client import Connections, Way, ways
from desktop.services.providers.http_failure import broken_off, transport_error
from desktop.services.providers.ledger import Ledger
from desktop.services.providers.refusal import refusal
from desktop.services.providers.wire import Call
from desktop.services.redaction import Redactor

CONNECT_S = 5.0
CONNECT_LOCAL_S = 2.0
WRITE_S = 30.0
MAX_BODY = 16_000_000
MAX_ERROR_BODY = 100_000
USER_AGENT = "Parley"

_log = logging.getLogger(__name__)


async def _defaults() -> Settings:
    return Settings()


class Http:
    """Sends calls and gives their answers; every failure is an error of the tree without a key in it.

    Args:
        ledger: where each call is written down before its socket opens.
        settings: asked before each call, so that a new proxy holds at once.
        redactor: told each key that goes out.
    """

    def __init__(
        self,
        ledger: Ledger | None = None,
        settings: Callable[[], Awaitable[Settings]] = _defaults,
        redactor: Redactor | None = None,
    ) -> None:
        self._ledger = ledger or Ledger()
        self._settings = settings
        self._redactor = redactor or Redactor()
        self._connections = Connections()

    async def fetch(self, name: str, call: Call, ticket: Ticket, *, timeout_s: float) -> bytes:
        """The whole body of an answer, with a row of its own in the ledger.

        Args:
            name: the service's name, for sentences.
            timeout_s: seconds for everything.

        Raises:
            ProviderError: no whole answer with status 200 arrived.
        """
        exchange = Exchange(ticket)
        try:
            with self.masking():
                body = await self._fetch(name, call, exchange, timeout_s)
        except BaseException as error:
            await self._ledger.end(exchange, error)
            raise
        await self._ledger.end(exchange, None)
        return body

    @asynccontextmanager
    async def stream(self, name: str, call: Call, exchange: Exchange) -> AsyncIterator[AsyncIterator[bytes]]:
        """The body of an answer with status 200, piece by piece; leaving closes the socket.

        What the wire saw is added to the exchange's row of the ledger, which its owner ends.

        Raises:
            ProviderError: there was no such answer, or it broke off.
        """
        try:
            with self.masking():
                async with self._answer(name, call, exchange) as pieces:
                    yield pieces
        finally:
            await self._ledger.note(exchange)

    @contextmanager
    def masking(self) -> Iterator[None]:
        """Take keys out of the words of every error that leaves here; servers like to quote them."""
        try:
            yield
        except ProviderError as error:
            error.detail = self._redactor.mask(error.detail)
            raise

    async def close(self) -> None:
        """Close all connections."""
        await self._connections.close()

    async def _fetch(self, name: str, call: Call, exchange: Exchange, timeout_s: float) -> bytes:
        try:
            async with asyncio.timeout(timeout_s), self._answer(name, call, exchange) as pieces:
                return await _read(pieces, MAX_BODY)
        except TimeoutError as error:
            sentence = f"{name} did not answer within {timeout_s:g} s."
            raise TimedOut(sentence, ambiguous=exchange.is_ambiguous) from error

    @asynccontextmanager
    async def _answer(self, name: str, call: Call, exchange: Exchange) -> AsyncIterator[AsyncIterator[bytes]]:
        settings = await self._settings()
        request, way = await self._prepared(call, exchange, settings)
        await self._ledger.begin(exchange, request.url.host, self._sent(request, call))
        if settings.log_text:
            _log.debug("sent %s", call.body.decode("utf-8", "replace"))
        async with self._connections.lease(way) as client:
            response = await _send(name, client, request, exchange, way.proxy)
            try:
                await self._check(name, response, exchange)
                yield _pieces(name, response, exchange, log_text=settings.log_text)
            finally:
                await response.aclose()

    async def _prepared(self, call: Call, exchange: Exchange, settings: Settings) -> tuple[httpx.Request, Way]:
        try:
            url = httpx.URL(call.url)
        except httpx.InvalidURL as error:
            raise Offline("The base URL is not an address Parley can use. Correct it in Settings.") from error
        direct, outward = ways(settings)
        await self._connections.retire(frozenset((direct, outward)))
        local = reach_of(url.host) is Reach.LOCAL
        headers = {"Accept-Encoding": "identity", "User-Agent": USER_AGENT, **call.headers}
        if local:
            # llama.cpp's server drops kept-alive connections; on loopback a new one costs nothing.
            headers["Connection"] = "close"
        timeout = httpx.Timeout(None, connect=CONNECT_LOCAL_S if local else CONNECT_S, write=WRITE_S)
        extensions = {"timeout": timeout.as_dict(), "trace": exchange.trace}
        request = httpx.Request(call.method, url, headers=headers, content=call.body, extensions=extensions)
        return request, direct if local else outward

    def _sent(self, request: httpx.Request, call: Call) -> SentRequest:
        headers = self._redactor.mask_headers(request.headers.multi_items())
        return SentRequest(request.method, self._redactor.redact(str(request.url)), headers, call.body)

    async def _check(self, name: str, response: httpx.Response, exchange: Exchange) -> None:
        """Raise what an answer means that is none Parley can read."""
        headers = {header.lower(): value for header, value in response.headers.items()}
        if response.status_code != httpx.codes.OK:
            pieces = _pieces(name, response, exchange, log_text=False)
            body = (await _read(pieces, MAX_ERROR_BODY, cut=True)).decode("utf-8", "replace")
            raise refusal(name, response.status_code, self._redactor.mask(body).encode(), headers)
        if headers.get("content-encoding", "identity") != "identity":
            raise BadReply(f"{name} sent a compressed answer that Parley did not ask for.")


async def _send(
    name: str, client: httpx.AsyncClient, request: httpx.Request, exchange: Exchange, proxy: str
) -> httpx.Response:
    """Send, once more where a connection that was kept turns out to have been closed by the other side."""
    for may_repeat in (True, False):
        exchange.begin_try()
        try:
            response = await client.send(request, stream=True)
        except httpx.HTTPError as error:
            failure = transport_error(name, request, error, proxy, sent=exchange.is_ambiguous)
            await exchange.close_half_open()
        except asyncio.CancelledError:
            await exchange.close_half_open()
            raise
        else:
            exchange.note_answer(response.status_code, response.headers)
            _log.debug("%s %s was answered with %d", request.method, request.url, response.status_code)
            return response
        _log.debug("%s %s failed: %s", request.method, request.url, failure.detail)
        if not (may_repeat and exchange.died_at_once):
            break
    raise failure  # outside of the handler: an error of httpx can quote a header


async def _pieces(name: str, response: httpx.Response, exchange: Exchange, *, log_text: bool) -> AsyncIterator[bytes]:
    try:
        async for piece in response.aiter_raw():
            exchange.bytes_received += len(piece)
            if log_text:
                _log.debug("received %s", piece.decode("utf-8", "replace"))
            yield piece
    except httpx.HTTPError as error:
        raise broken_off(name, error) from error


async def _read(pieces: AsyncIterator[bytes], limit: int, *, cut: bool = False) -> bytes:
    body = bytearray()
    async for piece in pieces:
        body += piece
        if len(body) > limit:
            if cut:
                break
            raise BadReply(f"The service sent more than {limit // 1_000_000} MB. The rest was not read.")
    return bytes(body)
