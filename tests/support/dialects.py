"""Each wire as one row: how Parley speaks it, how a server does, and which of its modules say so.

A new wire is one more `Dialect` in `DIALECTS`.
"""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from desktop.domain.service import Wire
from desktop.services.providers.protocols import anthropic as anthropic_protocol
from desktop.services.providers.protocols import chat_completions
from desktop.services.providers.protocols import gemini as gemini_protocol
from desktop.services.providers.protocols import ollama as ollama_protocol
from desktop.services.providers.protocols import responses as responses_protocol
from desktop.services.providers.wire import WireProtocol
from tests.support.plan import Plan
from tests.support.wires import anthropic, framing, gemini, ollama, openai, responses


@dataclass(frozen=True)
class Dialect:
    """One wire.

    Args:
        path: where a server is asked for replies.
        payloads: the framed events of a whole reply, from its pieces to its end mark.
        chunk: the framed event of one piece.
        framed: any JSON text as one framed event.
        usual_error: the framed event with which the wire's own servers report an error inside a reply; `{}` stands
            for the words.
        end_mark: how many of the last events make the reply complete, each by itself.
    """

    wire: Wire
    protocol: WireProtocol
    path: str
    media_type: str
    payloads: Callable[..., Sequence[bytes]]
    chunk: Callable[..., bytes]
    framed: Callable[[str], bytes]
    usual_error: str
    is_sse: bool = True
    end_mark: int = 1

    def stream(self, payloads: Sequence[bytes], *, end: bool = True) -> Plan:
        """An answer with status 200 whose body is these events, in the order given; `end` closes it well."""
        return framing.stream(self.media_type, payloads, end=end)

    def body(self, body: bytes, *, headers: dict[str, str] | None = None) -> Plan:
        """An answer with status 200 and this body as it is, its length announced."""
        return framing.raw(200, body, {"Content-Type": self.media_type, **(headers or {})})

    def reply(self, *pieces: str, reasoning: Sequence[str] = ()) -> Plan:
        """A whole good reply."""
        return self.stream(self.payloads(pieces, reasoning=reasoning))

    def begun(self, *pieces: str) -> list[bytes]:
        """The events of a reply of which everything from the end mark on is missing."""
        return list(self.payloads(pieces))[: -self.end_mark]

    def error(self, words: str) -> bytes:
        """An error in the middle of a reply."""
        return self.framed(self.usual_error.replace("{}", words))


def _line(text: str) -> bytes:
    return text.encode() + b"\n"


def _event(text: str) -> bytes:
    return b"data: " + text.encode() + b"\n\n"


OLLAMA = Dialect(
    Wire.OLLAMA,
    ollama_protocol,
    ollama.CHAT,
    ollama.MEDIA_TYPE,
    ollama.lines,
    ollama.chunk,
    _line,
    json.dumps({"error": "{}"}),
    is_sse=False,
)
CHAT_COMPLETIONS = Dialect(
    Wire.CHAT_COMPLETIONS,
    chat_completions,
    openai.CHAT,
    openai.MEDIA_TYPE,
    openai.events,
    openai.chunk,
    _event,
    json.dumps({"error": {"message": "{}", "type": "server_error", "code": None}}),
    end_mark=3,
)
RESPONSES = Dialect(
    Wire.RESPONSES,
    responses_protocol,
    responses.RESPONSES,
    responses.MEDIA_TYPE,
    responses.events,
    responses.chunk,
    _event,
    json.dumps({"type": "error", "code": "server_error", "message": "{}", "param": None}),
)
ANTHROPIC = Dialect(
    Wire.ANTHROPIC,
    anthropic_protocol,
    anthropic.MESSAGES,
    anthropic.MEDIA_TYPE,
    anthropic.events,
    anthropic.chunk,
    _event,
    json.dumps({"type": "error", "error": {"type": "api_error", "message": "{}"}}),
    end_mark=2,
)
GEMINI = Dialect(
    Wire.GEMINI,
    gemini_protocol,
    gemini.GENERATE,
    gemini.MEDIA_TYPE,
    gemini.events,
    gemini.chunk,
    _event,
    json.dumps({"error": {"message": "{}", "status": "UNKNOWN"}}),
)
DIALECTS = (OLLAMA, CHAT_COMPLETIONS, RESPONSES, ANTHROPIC, GEMINI)
