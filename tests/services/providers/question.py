"""What a provider is asked over each wire, and what it emits."""

from collections.abc import Callable
from dataclasses import dataclass, field

from desktop.domain.address import parse_address
from desktop.domain.chunk import Channel, Chunk
from desktop.domain.message import Role
from desktop.domain.request import PromptMessage, Request
from desktop.domain.service import Service, Wire
from desktop.domain.turn import TurnState
from desktop.services.providers.http import Http
from desktop.services.providers.http_provider import HttpProvider, Patience
from desktop.services.providers.protocols import chat_completions
from desktop.services.providers.protocols import ollama as ollama_protocol
from desktop.services.providers.wire import Finish, Progress, ProviderEvent, WireProtocol
from tests.support.fault_server import FaultServer
from tests.support.plan import Plan, Stall
from tests.support.wires import framing, ollama, openai

REQUEST = Request("echo", (PromptMessage(Role.USER, "one two"),))
PATIENT = Patience(5.0, 5.0)


@dataclass(frozen=True)
class Dialect:
    """A wire, as Parley speaks it and as a server does."""

    wire: Wire
    protocol: WireProtocol
    path: str
    media_type: str
    reply: Callable[..., Plan]
    chunk: Callable[..., bytes]
    payload: Callable[[object], bytes]
    keep_alive: bytes

    def broken(self, *payloads: bytes) -> Plan:
        """A stream that ends in the orderly way, whatever was in it."""
        return framing.stream(self.media_type, payloads)

    def silent(self, *payloads: bytes) -> Plan:
        """A stream in which nothing more comes."""
        return (*framing.stream(self.media_type, payloads, end=False), Stall())


OLLAMA = Dialect(
    Wire.OLLAMA, ollama_protocol, ollama.CHAT, ollama.MEDIA_TYPE, ollama.reply, ollama.chunk, ollama.line, b"\n"
)
OPENAI = Dialect(
    Wire.CHAT_COMPLETIONS,
    chat_completions,
    openai.CHAT,
    openai.MEDIA_TYPE,
    openai.reply,
    openai.chunk,
    openai.event,
    b": keep-alive\n\n",
)


@dataclass
class Question:
    """Asks a server the same again and again, and notes what is emitted."""

    server: FaultServer
    dialect: Dialect
    http: Http
    events: list[ProviderEvent] = field(default_factory=list)

    async def ask(self, patience: Patience = PATIENT) -> Finish:
        self.events.clear()
        return await self.provider(patience=patience).reply(REQUEST, self.events.append, 1)

    def provider(
        self, *, key: str | None = None, needs_key: bool = False, patience: Patience = PATIENT
    ) -> HttpProvider:
        service = Service("it", "It", self.dialect.wire, parse_address(self.server.url), needs_key)
        return HttpProvider(service, self.dialect.protocol, self.http, key, patience)

    def text(self, channel: Channel = Channel.TEXT) -> str:
        return "".join(one.text for one in self.events if isinstance(one, Chunk) and one.channel is channel)

    def states(self) -> list[TurnState]:
        return [one.state for one in self.events if isinstance(one, Progress)]

    def queue(self, *plans: Plan) -> None:
        self.server.queue(self.dialect.path, *plans)
