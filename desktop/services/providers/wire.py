"""What a wire protocol is made of: calls going out, events coming in."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Protocol

from desktop.domain.chunk import Chunk
from desktop.domain.model import Model
from desktop.domain.request import Request
from desktop.domain.service import Service
from desktop.domain.turn import TurnState
from desktop.domain.usage import Usage


@dataclass(frozen=True, slots=True)
class Call:
    """One HTTP request. Headers carry keys and the body what people wrote, so neither is ever shown."""

    method: str
    url: str
    headers: dict[str, str] = field(default_factory=dict, repr=False)
    body: bytes = field(default=b"", repr=False)


@dataclass(frozen=True, slots=True)
class Progress:
    """The request came a step further."""

    state: TurnState


@dataclass(frozen=True, slots=True)
class Finish:
    """The end mark of a reply: why it ended and what it used.

    The reason is `stop`, `length`, `tool_calls` or `content_filter` where the service means that, else its own word.
    """

    reason: str | None = None
    usage: Usage | None = None


ProviderEvent = Progress | Chunk | Finish


class Decoder(Protocol):
    """Cuts bytes into the payloads of events."""

    def feed(self, piece: bytes) -> list[str]:
        """The payloads that this piece completes."""

    def finish(self) -> list[str]:
        """The payloads that the end of the stream completes."""


class ReplyParser(Protocol):
    """Reads one reply's payloads, in order."""

    @property
    def finish(self) -> Finish | None:
        """The reply's end, once an end mark was seen; None before."""

    @property
    def is_over(self) -> bool:
        """Whether nothing that may still come matters."""

    def parse(self, payload: str) -> Iterable[Chunk]:
        """The chunks in a payload.

        Raises:
            ProviderError: the payload is an error of the service, or no valid payload.
        """


class WireProtocol(Protocol):
    """One wire family; its modules in `protocols/` are of this shape."""

    def decoder(self) -> Decoder:
        """A new decoder of reply streams."""

    def reply_parser(self) -> ReplyParser:
        """A new parser for one reply."""

    def render_reply_call(self, service: Service, request: Request, key: str | None) -> Call:
        """The call that asks for a reply."""

    def render_models_call(self, service: Service, key: str | None) -> Call:
        """The call that asks which models there are."""

    def parse_models(self, service: Service, body: bytes) -> tuple[Model, ...]:
        """The models in the answer to that call.

        Raises:
            BadReply: the answer is no list of models.
        """
