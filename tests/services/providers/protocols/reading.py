"""Reading a reply off a wire, whatever the pieces in which it comes, and rendering a request."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

from desktop.domain.chunk import Channel, Chunk
from desktop.domain.message import Role
from desktop.domain.request import Image, Options, PromptMessage, Request
from desktop.domain.service import Service
from desktop.services.providers.wire import Call, Finish, WireProtocol

RECORDINGS = Path(__file__).parents[3] / "recordings"
PICTURE = Image("image/png", b"\x89PNG")
DIALOGUE = (
    PromptMessage(Role.SYSTEM, "Be brief."),
    PromptMessage(Role.USER, "What is this?", (PICTURE,)),
    PromptMessage(Role.ASSISTANT, "A cat."),
    PromptMessage(Role.USER, "And now?"),
)


@dataclass(frozen=True)
class Read:
    """What was read of one reply."""

    chunks: tuple[Chunk, ...]
    finish: Finish | None
    is_over: bool

    @property
    def text(self) -> str:
        return self._of(Channel.TEXT)

    @property
    def reasoning(self) -> str:
        return self._of(Channel.REASONING)

    @property
    def tool_calls(self) -> list[dict[str, str]]:
        return [json.loads(line) for line in self._of(Channel.TOOL_CALL).splitlines()]

    def _of(self, channel: Channel) -> str:
        return "".join(chunk.text for chunk in self.chunks if chunk.channel is channel)


def read(protocol: WireProtocol, stream: bytes | Iterable[bytes], cuts: Iterable[int] = ()) -> Read:
    """A stream as a provider reads it, cut at these places."""
    raw = stream if isinstance(stream, bytes) else b"".join(stream)
    decoder, parser = protocol.decoder(), protocol.reply_parser()
    places = [0, *sorted(cuts), len(raw)]
    pieces = [decoder.feed(raw[start:end]) for start, end in pairwise(places)]
    chunks: list[Chunk] = []
    for payload in (one for piece in [*pieces, decoder.finish()] for one in piece):
        if not parser.is_over:
            chunks += parser.parse(payload)
    return Read(tuple(chunks), parser.finish, parser.is_over)


def recording(name: str) -> bytes:
    """What a real server sent."""
    return (RECORDINGS / name).read_bytes()


def recorded_events(name: str) -> list[dict[str, Any]]:
    """The events of a recording, read by other means."""
    lines = recording(name).decode().splitlines()
    return [json.loads(line[6:]) for line in lines if line.startswith("data: {")]


def asked(
    protocol: WireProtocol,
    service: Service,
    options: Options | None = None,
    *,
    model: str = "m",
    messages: tuple[PromptMessage, ...] = DIALOGUE,
) -> dict[str, Any]:
    """The body of a request."""
    body: dict[str, Any] = json.loads(call(protocol, service, options, model=model, messages=messages).body)
    return body


def call(
    protocol: WireProtocol,
    service: Service,
    options: Options | None = None,
    *,
    model: str = "m",
    messages: tuple[PromptMessage, ...] = DIALOGUE,
) -> Call:
    """A request, with a key."""
    return protocol.render_reply_call(service, Request(model, messages, options or Options()), "sk-secret")
