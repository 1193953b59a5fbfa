"""A provider that is asked over HTTP."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from desktop.domain.address import Reach
from desktop.domain.errors import BadReply, KeyMissing, KeyRejected, ProviderError, StreamInterrupted, TimedOut
from desktop.domain.model import Model
from desktop.domain.request import Request
from desktop.domain.service import Service, Wire
from desktop.domain.turn import TurnState
from desktop.services.providers.http import Http
from desktop.services.providers.protocols import ollama
from desktop.services.providers.provider import Emit
from desktop.services.providers.wire import Call, Finish, Progress, ReplyParser, WireProtocol

LIST_S = 10.0
IDLE_S = 60.0
IDLE_LOCAL_S = 300.0
LOADING_AFTER_S = 1.0
MAX_REPLY_CHARS = 16_000_000


@dataclass(frozen=True, slots=True)
class Patience:
    """How long a service may stay silent, in seconds: before the first word, and between words. None is for ever."""

    first_s: float | None
    idle_s: float

    @staticmethod
    def usual(reach: Reach, request_timeout_s: float) -> "Patience":
        """On loopback a model may be loading for as long as it takes; elsewhere the request's time limit holds."""
        if reach is Reach.LOCAL:
            return Patience(None, IDLE_LOCAL_S)
        return Patience(request_timeout_s, IDLE_S)


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

    async def models(self) -> tuple[Model, ...]:
        """See Provider."""
        self.check()
        call = self._protocol.render_models_call(self._service, self._key)
        body = await self._http.fetch(self._service.name, call, timeout_s=LIST_S)
        return self._protocol.parse_models(self._service, body)

    async def reply(self, request: Request, emit: Emit, attempt_id: int) -> Finish:  # noqa: ARG002
        """See Provider."""
        self.check()
        call = self._protocol.render_reply_call(self._service, request, self._key)
        emit(Progress(TurnState.CONNECTING))
        try:
            async with asyncio.timeout(self._patience.first_s) as clock:
                async with self._opened(request, call, emit) as pieces:
                    return await self._read(pieces, emit, clock)
        except TimeoutError as error:
            raise TimedOut(
                f"{self._service.name} stayed silent for too long. Try again, or choose another model."
            ) from error

    @asynccontextmanager
    async def _opened(self, request: Request, call: Call, emit: Emit) -> AsyncIterator[AsyncIterator[bytes]]:
        loading = asyncio.create_task(self._watch_loading(request.model, emit))
        try:
            on_connected = lambda: emit(Progress(TurnState.READING))  # noqa: E731
            async with self._http.stream(self._service.name, call, on_connected) as pieces:
                loading.cancel()
                yield pieces
        finally:
            loading.cancel()

    async def _read(self, pieces: AsyncIterator[bytes], emit: Emit, clock: asyncio.Timeout) -> Finish:
        decoder, parser = self._protocol.decoder(), self._protocol.reply_parser()
        loop, received = asyncio.get_running_loop(), 0
        async for piece in pieces:
            new = self._parse(decoder.feed(piece), parser, emit)
            if new:
                received += new
                clock.reschedule(loop.time() + self._patience.idle_s)
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
            loaded = ollama.parse_models(
                self._service, await self._http.fetch(self._service.name, call, timeout_s=LIST_S)
            )
        except ProviderError:
            return
        if model not in {name for one in loaded for name in (one.ref.name, one.ref.name.removesuffix(":latest"))}:
            emit(Progress(TurnState.LOADING))
