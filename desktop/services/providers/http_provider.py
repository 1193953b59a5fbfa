"""A provider that is asked over HTTP."""

import asyncio
import math
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from desktop.domain.address import Reach
from desktop.domain.attempt import Purpose
from desktop.domain.errors import BadReply, KeyMissing, KeyRejected, ProviderError, StreamInterrupted, TimedOut
from desktop.domain.model import Model
from desktop.domain.request import Request
from desktop.domain.service import Service, Wire
from desktop.domain.turn import TurnState
from desktop.services.providers.exchange import Exchange, Ticket
from desktop.services.providers.http import Http
from desktop.services.providers.protocols import ollama
from desktop.services.providers.provider import Emit
from desktop.services.providers.wire import Call, Finish, Progress, ReplyParser, WireProtocol

LIST_S = 10.0
IDLE_S = 60.0
IDLE_LOCAL_S = 300.0
LOADING_AFTER_S = 1.0
MAX_REPLY_CHARS = 16_000_000
LAG = 0.01  # of the time between words


@dataclass(frozen=True, slots=True)
class Patience:
    """How long a service may take, in seconds: before the first word, between words, for all. None is for ever."""

    first_s: float | None
    idle_s: float
    total_s: float | None = None

    @staticmethod
    def usual(reach: Reach, request_timeout_s: float, total_timeout_s: float) -> "Patience":
        """On loopback a model may be loading for as long as it takes; elsewhere the request's time limit holds.

        A total of 0 sets no limit.
        """
        if reach is Reach.LOCAL:
            return Patience(None, IDLE_LOCAL_S, total_timeout_s or None)
        return Patience(request_timeout_s, IDLE_S, total_timeout_s or None)


class _Clock:
    """The moment at which patience with one reply ends."""

    def __init__(self, patience: Patience) -> None:
        self._patience = patience
        now = asyncio.get_running_loop().time()
        self._end = now + (patience.total_s or math.inf)
        self.timeout = asyncio.timeout_at(min(now + (patience.first_s or math.inf), self._end))

    def note_word(self) -> None:
        """The service said something; to move the end costs more than to parse a chunk, so it lags a little."""
        end = min(asyncio.get_running_loop().time() + self._patience.idle_s, self._end)
        before = self.timeout.when()
        if before is None or abs(end - before) > self._patience.idle_s * LAG:
            self.timeout.reschedule(end)

    def sentence(self, name: str) -> str:
        """What went wrong once it has ended."""
        if self.timeout.when() == self._end:
            return f"{name} was not done within {self._patience.total_s:g} s, the limit set for a whole reply."
        return f"{name} stayed silent for too long. Try again, or choose another model."


class HttpProvider:
    """Asks one service over its wire.

    Args:
        key: the service's key, where there is one.
    """

    def __init__(
        self, service: Service, protocol: WireProtocol, http: Http, key: str | None, patience: Patience
    ) -> None:
        self._service = service
        self._protocol = protocol
        self._http = http
        self._key = key
        self._patience = patience

    def check(self) -> None:
        """See Provider."""
        name = self._service.name
        if self._service.needs_key and not self._key:
            raise KeyMissing(f"{name} needs a key. Add yours in Settings.")
        if self._key and not (self._key.isascii() and self._key.isprintable()):
            raise KeyRejected(f"The key for {name} has characters that no key has. Copy it once more.")

    async def models(self, purpose: Purpose = Purpose.MODELS) -> tuple[Model, ...]:
        """See Provider."""
        self.check()
        call = self._protocol.render_models_call(self._service, self._key)
        body = await self._fetch(call, purpose)
        with self._http.masking():
            return self._protocol.parse_models(self._service, body)

    async def reply(self, request: Request, emit: Emit, attempt_id: int) -> Finish:
        """See Provider."""
        self.check()
        call = self._protocol.render_reply_call(self._service, request, self._key)
        ticket = Ticket(Purpose.REPLY, self._service.id, attempt_id)
        exchange = Exchange(ticket, lambda: emit(Progress(TurnState.READING)))
        clock = _Clock(self._patience)
        emit(Progress(TurnState.CONNECTING))
        try:
            async with clock.timeout, self._opened(request, call, emit, exchange) as pieces:
                return await self._read(pieces, emit, clock)
        except TimeoutError as error:
            raise TimedOut(clock.sentence(self._service.name), ambiguous=exchange.is_ambiguous) from error

    @asynccontextmanager
    async def _opened(
        self, request: Request, call: Call, emit: Emit, exchange: Exchange
    ) -> AsyncIterator[AsyncIterator[bytes]]:
        loading = asyncio.create_task(self._watch_loading(request.model, emit))
        try:
            async with self._http.stream(self._service.name, call, exchange) as pieces:
                loading.cancel()
                yield pieces
        finally:
            loading.cancel()
            await asyncio.wait({loading})  # its row of the ledger is to be ended while there is a ledger

    async def _read(self, pieces: AsyncIterator[bytes], emit: Emit, clock: _Clock) -> Finish:
        decoder, parser = self._protocol.decoder(), self._protocol.reply_parser()
        received = 0
        async for piece in pieces:
            new = self._parse(decoder.feed(piece), parser, emit)
            if new:
                received += new
                clock.note_word()
            if received > MAX_REPLY_CHARS:
                raise BadReply("The reply is longer than 16 million characters. The rest was not read.")
            if parser.is_over:
                break
        else:
            self._parse(decoder.finish(), parser, emit)
        if parser.finish is None:
            raise StreamInterrupted(
                f"{self._service.name} ended the reply without its end mark, so it may be incomplete."
            )
        return parser.finish

    def _parse(self, payloads: list[str], parser: ReplyParser, emit: Emit) -> int:
        """Emit the chunks of payloads; returns how many characters they were."""
        new = 0
        for one in payloads:
            if parser.is_over:
                break
            for chunk in parser.parse(one):
                emit(chunk)
                new += len(chunk.text)
        return new

    async def _watch_loading(self, model: str, emit: Emit) -> None:
        """Tell when the wait is for a model being loaded; only Ollama can say so."""
        if self._service.wire is not Wire.OLLAMA:
            return
        await asyncio.sleep(LOADING_AFTER_S)
        call = ollama.render_loaded_call(self._service, self._key)
        try:
            loaded = ollama.parse_models(self._service, await self._fetch(call, Purpose.LOADED))
        except ProviderError:
            return
        if model not in {name for one in loaded for name in (one.ref.name, one.ref.name.removesuffix(":latest"))}:
            emit(Progress(TurnState.LOADING))

    async def _fetch(self, call: Call, purpose: Purpose) -> bytes:
        ticket = Ticket(purpose, self._service.id)
        return await self._http.fetch(self._service.name, call, ticket, timeout_s=LIST_S)
