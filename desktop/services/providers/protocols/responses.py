"""OpenAI's responses wire (`/v1/responses`): SSE of typed events, ended by `response.completed` or its like.

Source: OpenAI's API reference; llama.cpp speaks it too. Nothing is kept at the service (`store: false`).
"""

from collections.abc import Callable, Iterable, Mapping

from desktop.domain.chunk import Channel, Chunk
from desktop.domain.message import Role
from desktop.domain.request import Effort, Options, PromptMessage, Request, ToolCall
from desktop.domain.service import Service
from desktop.domain.usage import Usage
from desktop.services.providers import openai, payload
from desktop.services.providers.refusal import stated_error
from desktop.services.providers.sse import SseDecoder
from desktop.services.providers.tool_calls import render_tool_call
from desktop.services.providers.unknown_events import UnknownEvents
from desktop.services.providers.wire import Call, Decoder, Finish, ReplyParser

_REASONS = {"max_output_tokens": "length"}
_SILENT = frozenset(
    {
        "response.created",
        "response.in_progress",
        "response.queued",
        "response.output_item.added",
        "response.content_part.added",
        "response.content_part.done",
        "response.output_text.done",
        "response.output_text.annotation.added",
        "response.refusal.done",
        "response.reasoning_text.done",
        "response.reasoning_summary_text.done",
        "response.reasoning_summary_part.done",
        "response.function_call_arguments.delta",  # the whole call follows in output_item.done
        "response.function_call_arguments.done",
    }
)

render_models_call = openai.render_models_call
parse_models = openai.parse_models
render_embed_call = openai.render_embed_call
parse_embeddings = openai.parse_embeddings


def decoder() -> Decoder:
    """A new decoder of reply streams."""
    return SseDecoder()


def reply_parser() -> ReplyParser:
    """A new parser for one reply."""
    return ResponsesReply()


def render_reply_call(service: Service, request: Request, key: str | None) -> Call:
    """`POST /v1/responses`, streaming; the wire has neither stop words nor a seed."""
    body = {
        "model": request.model,
        "input": [_item(message) for message in request.dialogue],
        "stream": True,
        "store": False,
        **payload.present(instructions=request.system or None),
        **_options(request.options),
    }
    return openai.ENVELOPE.post(service, key, "/responses", body)


class ResponsesReply:
    """Reads one reply."""

    def __init__(self) -> None:
        self._finish: Finish | None = None
        self._summaries = 0
        self._called = False
        self._unknown = UnknownEvents("responses")
        self._readers: dict[str, Callable[[Mapping[str, object]], Iterable[Chunk]]] = {
            "response.output_text.delta": self._on_text,
            "response.refusal.delta": self._on_text,
            "response.reasoning_text.delta": self._on_reasoning,
            "response.reasoning_summary_text.delta": self._on_reasoning,
            "response.reasoning_summary_part.added": self._on_summary,
            "response.output_item.done": self._on_item,
            "response.completed": self._on_end,
            "response.incomplete": self._on_end,
        }

    @property
    def finish(self) -> Finish | None:
        """Set by `response.completed` or `response.incomplete`."""
        return self._finish

    @property
    def is_over(self) -> bool:
        """Nothing follows those."""
        return self._finish is not None

    def parse(self, data: str) -> Iterable[Chunk]:
        """The chunks of one event's data; an error inside the stream is raised."""
        if data.strip() == "[DONE]":  # some copies add it; it says nothing about whether the reply is complete
            return ()
        value = payload.parse_object(data)
        kind = payload.text(value, "type")
        if kind in ("error", "response.failed") or value.get("error"):
            raise stated_error("The service", data)
        reader = self._readers.get(kind)
        if reader is not None:
            return reader(value)
        if kind not in _SILENT:
            self._unknown.note(kind)
        return ()

    def _on_text(self, value: Mapping[str, object]) -> Iterable[Chunk]:
        return _chunk(payload.text(value, "delta"), Channel.TEXT)

    def _on_reasoning(self, value: Mapping[str, object]) -> Iterable[Chunk]:
        return _chunk(payload.text(value, "delta"), Channel.REASONING)

    def _on_summary(self, _value: Mapping[str, object]) -> Iterable[Chunk]:
        """Summaries of reasoning are paragraphs."""
        self._summaries += 1
        return _chunk("\n\n" if self._summaries > 1 else "", Channel.REASONING)

    def _on_item(self, value: Mapping[str, object]) -> Iterable[Chunk]:
        item = payload.child(value, "item")
        if payload.text(item, "type") == "function_call":
            self._called = True
            name, arguments = payload.text(item, "name"), payload.text(item, "arguments")
            yield render_tool_call(ToolCall(payload.text(item, "call_id", "id"), name, arguments))

    def _on_end(self, value: Mapping[str, object]) -> Iterable[Chunk]:
        response = payload.child(value, "response")
        why = payload.text(payload.child(response, "incomplete_details"), "reason")
        ended = "tool_calls" if self._called else "stop"
        self._finish = Finish(_REASONS.get(why, why) or ended, _usage(payload.child(response, "usage")))
        return ()


def _chunk(text: str, channel: Channel) -> Iterable[Chunk]:
    return (Chunk(text, channel),) if text else ()


def _usage(value: Mapping[str, object]) -> Usage | None:
    usage = Usage(
        payload.count(value, "input_tokens"),
        payload.count(value, "output_tokens"),
        payload.count(payload.child(value, "input_tokens_details"), "cached_tokens"),
        payload.count(payload.child(value, "output_tokens_details"), "reasoning_tokens"),
    )
    return None if usage == Usage() else usage


def _item(message: PromptMessage) -> dict[str, object]:
    kind = "output_text" if message.role is Role.ASSISTANT else "input_text"
    parts: list[dict[str, object]] = [{"type": kind, "text": message.text}] if message.text else []
    parts += [{"type": "input_image", "image_url": image.data_url} for image in message.images]
    return {"type": "message", "role": message.role, "content": parts}


def _options(options: Options) -> dict[str, object]:
    return payload.present(
        temperature=options.temperature,
        top_p=options.top_p,
        max_output_tokens=options.max_output_tokens,
        text={"format": {"type": "json_object"}} if options.json_mode else None,
        reasoning=_reasoning(options.thinking_effort),
    )


def _reasoning(effort: Effort | None) -> dict[str, object] | None:
    """How much to think, and to tell what was thought."""
    if effort is None:
        return None
    return {"effort": effort} if effort is Effort.NONE else {"effort": effort, "summary": "auto"}
