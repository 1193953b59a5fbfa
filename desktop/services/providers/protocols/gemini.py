"""Gemini's wire (`:streamGenerateContent?alt=sse`): SSE of partial answers, the last with a `finishReason`.

Source: Google's Gemini API reference, v1beta. The key goes in a header, never in the URL.
"""

from collections.abc import Iterable, Mapping
from urllib.parse import quote

from desktop.domain.chunk import Channel, Chunk
from desktop.domain.errors import ContentRefused
from desktop.domain.message import Role
from desktop.domain.model import Model, ModelRef
from desktop.domain.request import Options, PromptMessage, Request, ToolCall
from desktop.domain.service import Service
from desktop.domain.usage import Usage
from desktop.services.providers import payload
from desktop.services.providers.embeddings import Vector, parse_vector_rows
from desktop.services.providers.envelope import Envelope
from desktop.services.providers.refusal import stated_error
from desktop.services.providers.sse import SseDecoder
from desktop.services.providers.tool_calls import render_tool_call
from desktop.services.providers.wire import Call, Decoder, Finish, ReplyParser

_ENVELOPE = Envelope("v1beta", others=("v1",), key_header="x-goog-api-key")
_REASONS = {"STOP": "stop", "MAX_TOKENS": "length"}
_REFUSALS = frozenset(
    {"SAFETY", "RECITATION", "BLOCKLIST", "PROHIBITED_CONTENT", "SPII", "IMAGE_SAFETY", "IMAGE_PROHIBITED_CONTENT"}
)


def decoder() -> Decoder:
    """A new decoder of reply streams."""
    return SseDecoder()


def reply_parser() -> ReplyParser:
    """A new parser for one reply."""
    return GeminiReply()


def render_reply_call(service: Service, request: Request, key: str | None) -> Call:
    """`POST /v1beta/models/{model}:streamGenerateContent`."""
    body = {
        "contents": [_content(message) for message in request.dialogue],
        **payload.present(
            systemInstruction={"parts": [{"text": request.system}]} if request.system else None,
            generationConfig=_options(request.options) or None,
        ),
    }
    return _ENVELOPE.post(service, key, f"/{_path(request.model)}:streamGenerateContent?alt=sse", body)


def render_models_call(service: Service, key: str | None) -> Call:
    """`GET /v1beta/models`, as many as there may be."""
    return _ENVELOPE.get(service, key, "/models?pageSize=1000")


def parse_models(service: Service, body: bytes) -> tuple[Model, ...]:
    """The models that can write, with their windows."""
    rows = (row for row in payload.rows(body, "models") if "generateContent" in _methods(row))
    named = ((payload.text(row, "name").removeprefix("models/"), row) for row in rows)
    return tuple(
        Model(ModelRef(service.id, name), payload.count(row, "inputTokenLimit")) for name, row in named if name
    )


def render_embed_call(service: Service, model: str, texts: tuple[str, ...], key: str | None) -> Call:
    """`POST /v1beta/models/{model}:batchEmbedContents`."""
    name = model.removeprefix("models/")
    requests = [{"model": f"models/{name}", "content": {"parts": [{"text": text}]}} for text in texts]
    return _ENVELOPE.post(service, key, f"/{_path(model)}:batchEmbedContents", {"requests": requests})


def parse_embeddings(body: bytes) -> tuple[Vector, ...]:
    """The vectors of `:batchEmbedContents`, in the order of the texts."""
    return parse_vector_rows(payload.rows(body, "embeddings"), "values")


class GeminiReply:
    """Reads one reply; only its first candidate."""

    def __init__(self) -> None:
        self._finish: Finish | None = None
        self._usage: Usage | None = None
        self._has_text = self._called = False

    @property
    def finish(self) -> Finish | None:
        """Set by a `finishReason`."""
        return self._finish

    @property
    def is_over(self) -> bool:
        """The counts stand beside the `finishReason`, and nothing follows."""
        return self._finish is not None

    def parse(self, data: str) -> Iterable[Chunk]:
        """The chunks of one event's data; an error inside the stream and a refused question are raised."""
        value = _parse_answer(data)
        if value.get("error"):
            raise stated_error("The service", data)
        if usage := payload.child(value, "usageMetadata"):
            self._usage = _usage(usage) or self._usage
        if blocked := payload.text(payload.child(value, "promptFeedback"), "blockReason"):
            raise _refused(blocked)
        for candidate in payload.children(value, "candidates"):
            if self._finish is None and payload.position(candidate, "index") == 0:
                yield from self._parse_candidate(candidate)

    def _parse_candidate(self, candidate: Mapping[str, object]) -> Iterable[Chunk]:
        for part in payload.children(payload.child(candidate, "content"), "parts"):
            yield from self._parse_part(part)
        reason = payload.text(candidate, "finishReason")
        if reason in _REFUSALS:
            if not self._has_text:
                raise _refused(reason)
            reason = "content_filter"
        if reason:
            ended = "tool_calls" if reason == "STOP" and self._called else _REASONS.get(reason, reason)
            self._finish = Finish(ended, self._usage)

    def _parse_part(self, part: Mapping[str, object]) -> Iterable[Chunk]:
        if text := payload.text(part, "text"):
            self._has_text = True
            yield Chunk(text, Channel.REASONING if part.get("thought") is True else Channel.TEXT)
        if call := payload.child(part, "functionCall"):
            self._called = True
            arguments = payload.render(payload.child(call, "args")).decode()
            yield render_tool_call(ToolCall(payload.text(call, "id"), payload.text(call, "name"), arguments))


def _parse_answer(data: str) -> Mapping[str, object]:
    """An answer; where Gemini does not stream, an error comes as the only one of a list."""
    rows = payload.children({"rows": payload.parse_any(data)}, "rows")
    return rows[0] if rows else payload.parse_object(data)


def _refused(reason: str) -> ContentRefused:
    return ContentRefused("The service refused the content of this chat.", reason)


def _usage(value: Mapping[str, object]) -> Usage | None:
    """Thoughts are counted beside the answer; other wires count them as part of it."""
    thoughts = payload.count(value, "thoughtsTokenCount")
    usage = Usage(
        payload.count(value, "promptTokenCount"),
        payload.total(payload.count(value, "candidatesTokenCount"), thoughts),
        payload.count(value, "cachedContentTokenCount"),
        thoughts,
    )
    return None if usage == Usage() else usage


def _methods(row: Mapping[str, object]) -> list[object]:
    found = row.get("supportedGenerationMethods")
    return found if isinstance(found, list) else ["generateContent"]


def _path(model: str) -> str:
    name = quote(model, safe="/.-_~")
    return name if name.startswith(("models/", "tunedModels/")) else f"models/{name}"


def _content(message: PromptMessage) -> dict[str, object]:
    parts: list[dict[str, object]] = [
        {"inlineData": {"mimeType": image.media_type, "data": image.base64}} for image in message.images
    ]
    if message.text:
        parts.append({"text": message.text})
    return {"role": "model" if message.role is Role.ASSISTANT else "user", "parts": parts}


def _options(options: Options) -> dict[str, object]:
    budget = options.thinking_tokens
    return payload.present(
        temperature=options.temperature,
        topP=options.top_p,
        maxOutputTokens=options.max_output_tokens,
        seed=options.seed,
        stopSequences=list(options.stop) or None,
        responseMimeType="application/json" if options.json_mode else None,
        # Models that do not think refuse to be told how, so that they are told only what a person chose.
        thinkingConfig=None if budget is None else {"thinkingBudget": budget, "includeThoughts": budget > 0},
    )
