"""Anthropic's messages wire (`/v1/messages`): SSE of typed events, ended by `message_stop`.

Source: Anthropic's API reference; llama.cpp speaks it too, with blocks that overlap. The wire has no seed.
"""

import re
from collections.abc import Callable, Iterable, Mapping

from desktop.domain.chunk import Channel, Chunk
from desktop.domain.model import Model
from desktop.domain.request import Effort, Options, PromptMessage, Request
from desktop.domain.service import Service
from desktop.domain.usage import Usage
from desktop.services.providers import openai, payload
from desktop.services.providers.envelope import Envelope
from desktop.services.providers.refusal import stated_error
from desktop.services.providers.sse import SseDecoder
from desktop.services.providers.tool_calls import ToolCalls
from desktop.services.providers.unknown_events import UnknownEvents
from desktop.services.providers.wire import Call, Decoder, Finish, ReplyParser

# The wire wants a limit said. Claude 4 and later write at least this much; of others nobody knows.
_USUAL_LIMIT, _LONG_LIMIT = 8192, 32_000
_LONG = re.compile(r"claude-(opus|sonnet|haiku)-[4-9]")
# From Claude 4.6 on a model judges by itself how long to think, and is told an effort.
_ADAPTIVE = re.compile(r"claude-(opus|sonnet|haiku)-(4-[6-9]|[5-9])(\D|$)")
_LEAST_BUDGET = 1024
_JSON = "Answer with one JSON object and nothing else."

_ENVELOPE = Envelope("v1", key_header="x-api-key", headers=(("anthropic-version", "2023-06-01"),))
_REASONS = {
    "end_turn": "stop",
    "stop_sequence": "stop",
    "max_tokens": "length",
    "model_context_window_exceeded": "length",
    "tool_use": "tool_calls",
    "refusal": "content_filter",
}
_TEXTS = {"text": ("text", Channel.TEXT), "thinking": ("thinking", Channel.REASONING)}


def decoder() -> Decoder:
    """A new decoder of reply streams."""
    return SseDecoder()


def reply_parser() -> ReplyParser:
    """A new parser for one reply."""
    return AnthropicReply()


def render_reply_call(service: Service, request: Request, key: str | None) -> Call:
    """`POST /v1/messages`, streaming."""
    system = [request.system, _JSON if request.options.json_mode else ""]
    body = {
        "model": request.model,
        "messages": [{"role": message.role, "content": _content(message)} for message in request.dialogue],
        "stream": True,
        **payload.present(system="\n\n".join(filter(None, system)) or None),
        **_options(request.model, request.options),
    }
    return _ENVELOPE.post(service, key, "/messages", body)


def render_models_call(service: Service, key: str | None) -> Call:
    """`GET /v1/models`, as many as there may be."""
    return _ENVELOPE.get(service, key, "/models?limit=1000")


def parse_models(service: Service, body: bytes) -> tuple[Model, ...]:
    """The models of `/v1/models`, in the server's order."""
    return openai.parse_models(service, body)


class AnthropicReply:
    """Reads one reply; several of its blocks may be open at once."""

    def __init__(self) -> None:
        self._reason: str | None = None
        self._counts: dict[str, int] = {}
        self._calls = ToolCalls()
        self._over = False
        self._unknown = UnknownEvents("anthropic")
        self._readers: dict[str, Callable[[Mapping[str, object]], Iterable[Chunk]]] = {
            "content_block_delta": self._on_delta,
            "content_block_start": self._on_start,
            "content_block_stop": self._on_stop,
            "message_start": self._on_message,
            "message_delta": self._on_message_delta,
            "message_stop": self._on_message_stop,
        }

    @property
    def finish(self) -> Finish | None:
        """Set by `message_stop` alone."""
        return Finish(self._reason, _usage(self._counts)) if self._over else None

    @property
    def is_over(self) -> bool:
        """Nothing follows `message_stop`."""
        return self._over

    def parse(self, data: str) -> Iterable[Chunk]:
        """The chunks of one event's data; an error inside the stream is raised."""
        value = payload.parse_object(data)
        kind = payload.text(value, "type")
        if kind == "error" or value.get("error"):
            raise stated_error("The service", data)
        reader = self._readers.get(kind)
        if reader is not None:
            return reader(value)
        if kind != "ping":
            self._unknown.note(kind)
        return ()

    def _on_start(self, value: Mapping[str, object]) -> Iterable[Chunk]:
        block = payload.child(value, "content_block")
        kind = payload.text(block, "type")
        if kind == "tool_use":
            given = payload.child(block, "input")  # servers that do not stream arguments give them here
            arguments = payload.render(given).decode() if given else ""
            name, call_id = payload.text(block, "name"), payload.text(block, "id")
            yield from self._calls.add(
                payload.position(value, "index"), call_id=call_id, name=name, arguments=arguments
            )
        elif kind in _TEXTS:
            field, channel = _TEXTS[kind]
            if text := payload.text(block, field):
                yield Chunk(text, channel)

    def _on_delta(self, value: Mapping[str, object]) -> Iterable[Chunk]:
        delta = payload.child(value, "delta")
        if text := payload.text(delta, "text"):
            yield Chunk(text)
        if thinking := payload.text(delta, "thinking"):
            yield Chunk(thinking, Channel.REASONING)
        if fragment := payload.text(delta, "partial_json"):
            yield from self._calls.add(payload.position(value, "index"), arguments=fragment)

    def _on_stop(self, value: Mapping[str, object]) -> Iterable[Chunk]:
        return self._calls.take(payload.position(value, "index"))

    def _on_message(self, value: Mapping[str, object]) -> Iterable[Chunk]:
        self._count(payload.child(payload.child(value, "message"), "usage"))
        return ()

    def _on_message_delta(self, value: Mapping[str, object]) -> Iterable[Chunk]:
        self._count(payload.child(value, "usage"))
        reason = payload.text(payload.child(value, "delta"), "stop_reason")
        self._reason = _REASONS.get(reason, reason) or self._reason
        return ()

    def _on_message_stop(self, _value: Mapping[str, object]) -> Iterable[Chunk]:
        self._over = True
        return self._calls.take_all()

    def _count(self, usage: Mapping[str, object]) -> None:
        """Keep the latest of each count; they are sent as totals so far."""
        counts = ((name, payload.count(usage, name)) for name in usage)
        self._counts |= {name: count for name, count in counts if count is not None}


def _usage(counts: Mapping[str, int]) -> Usage | None:
    """`input_tokens` leaves out what was read from the cache or written to it."""
    read = counts.get("cache_read_input_tokens")
    given = payload.total(counts.get("input_tokens"), read, counts.get("cache_creation_input_tokens"))
    usage = Usage(given, counts.get("output_tokens"), read)
    return None if usage == Usage() else usage


def _content(message: PromptMessage) -> object:
    if not message.images:
        return message.text
    pictures = [
        {"type": "image", "source": {"type": "base64", "media_type": image.media_type, "data": image.base64}}
        for image in message.images
    ]
    return [*pictures, *([{"type": "text", "text": message.text}] if message.text else [])]


def _options(model: str, options: Options) -> dict[str, object]:
    budget = options.thinking_tokens
    thinks = bool(budget)
    thinking = None if budget is None else _thinking(model, options)
    limit = options.max_output_tokens or (_LONG_LIMIT if _LONG.search(model) else _USUAL_LIMIT)
    if thinking and "budget_tokens" in thinking:
        limit += max(budget or 0, _LEAST_BUDGET)  # thinking counts as well
    return payload.present(
        max_tokens=limit,
        # A model that thinks takes no other values than its own.
        temperature=None if thinks else options.temperature,
        top_p=None if thinks else options.top_p,
        stop_sequences=list(options.stop) or None,
        thinking=thinking,
        output_config={"effort": options.thinking_effort} if thinking == {"type": "adaptive"} else None,
    )


def _thinking(model: str, options: Options) -> dict[str, object]:
    budget = options.thinking_tokens or 0
    if not budget or options.effort is Effort.NONE:
        return {"type": "disabled"}
    if _ADAPTIVE.search(model):
        return {"type": "adaptive"}
    return {"type": "enabled", "budget_tokens": max(budget, _LEAST_BUDGET)}
