"""Ollama's native wire (`/api/chat`): NDJSON, one object a line, the last with `done: true`.

Source: Ollama `docs/api.md` and `api/types.go`; zeros are omitted by the server.
"""

from collections.abc import Iterable, Mapping

from desktop.domain.chunk import Channel, Chunk
from desktop.domain.model import Model, ModelRef
from desktop.domain.request import Effort, Options, PromptMessage, Request, ToolCall
from desktop.domain.service import Service
from desktop.domain.usage import Usage
from desktop.services.providers import payload
from desktop.services.providers.embeddings import Vector, parse_vectors
from desktop.services.providers.envelope import Envelope
from desktop.services.providers.ndjson import NdjsonDecoder
from desktop.services.providers.refusal import stated_error
from desktop.services.providers.tool_calls import render_tool_call
from desktop.services.providers.wire import Call, Decoder, Finish, ReplyParser

_ENVELOPE = Envelope("", others=("api", "v1"))


def decoder() -> Decoder:
    """A new decoder of reply streams."""
    return NdjsonDecoder()


def reply_parser() -> ReplyParser:
    """A new parser for one reply."""
    return OllamaReply()


def render_reply_call(service: Service, request: Request, key: str | None) -> Call:
    """`POST /api/chat`, streaming; a history that is too long is refused where the server can, never cut."""
    options = request.options
    effort = options.thinking_effort
    body = {
        "model": request.model,
        "messages": [_message(message) for message in request.messages],
        "stream": True,
        "truncate": False,
        "shift": False,
        **payload.present(
            think=False if effort is Effort.NONE else effort,
            format="json" if options.json_mode else None,
            keep_alive=None if options.keep_alive is None else _duration(options.keep_alive),
            options=_options(options) or None,
        ),
    }
    return _ENVELOPE.post(service, key, "/api/chat", body)


def render_models_call(service: Service, key: str | None) -> Call:
    """`GET /api/tags`."""
    return _ENVELOPE.get(service, key, "/api/tags")


def render_loaded_call(service: Service, key: str | None) -> Call:
    """`GET /api/ps`: the models in memory."""
    return _ENVELOPE.get(service, key, "/api/ps")


def parse_models(service: Service, body: bytes) -> tuple[Model, ...]:
    """The models of `/api/tags`, without those that only embed, or of `/api/ps`, with the context window in use.

    A `remote_host` means somebody else's computer.
    """
    models = (_model(service, row) for row in payload.rows(body, "models"))
    return tuple(one for one in models if one.ref.name and "completion" in (one.capabilities or {"completion"}))


def render_show_call(service: Service, model: str, key: str | None) -> Call:
    """`POST /api/show`: what is known of a model."""
    return _ENVELOPE.post(service, key, "/api/show", {"model": model})


def parse_show(service: Service, model: str, body: bytes) -> Model:
    """A model with its capabilities and the largest context window it can have, from `/api/show`."""
    value = payload.parse_object(body)
    info = payload.child(value, "model_info")
    window = payload.count(info, f"{payload.text(info, 'general.architecture')}.context_length")
    remote = payload.text(value, "remote_host") or None
    return Model(ModelRef(service.id, model), window, remote, _capabilities(value))


def render_embed_call(service: Service, model: str, texts: tuple[str, ...], key: str | None) -> Call:
    """`POST /api/embed`."""
    return _ENVELOPE.post(service, key, "/api/embed", {"model": model, "input": texts, "truncate": True})


def parse_embeddings(body: bytes) -> tuple[Vector, ...]:
    """The vectors of `/api/embed`, in the order of the texts."""
    value = payload.parse_object(body)
    found = value.get("embeddings")
    return parse_vectors(found if isinstance(found, list) else [found])


class OllamaReply:
    """Reads one reply of `/api/chat`."""

    def __init__(self) -> None:
        self._finish: Finish | None = None

    @property
    def finish(self) -> Finish | None:
        """Set by the line with `done: true`."""
        return self._finish

    @property
    def is_over(self) -> bool:
        """Nothing follows the line with `done: true`."""
        return self._finish is not None

    def parse(self, line: str) -> Iterable[Chunk]:
        """The chunks of one line; an `error` line is raised."""
        value = payload.parse_object(line)
        if value.get("error"):
            raise stated_error("Ollama", line)
        message = payload.child(value, "message")
        if thinking := payload.text(message, "thinking"):
            yield Chunk(thinking, Channel.REASONING)
        if content := payload.text(message, "content"):
            yield Chunk(content)
        for call in payload.children(message, "tool_calls"):
            yield render_tool_call(_tool_call(call))
        if value.get("done") is True:
            self._finish = Finish(payload.text(value, "done_reason") or None, _usage(value))


def _tool_call(call: Mapping[str, object]) -> ToolCall:
    """A call arrives whole, its arguments as an object."""
    function = payload.child(call, "function")
    arguments = payload.render(payload.child(function, "arguments")).decode()
    return ToolCall(payload.text(call, "id"), payload.text(function, "name"), arguments)


def _usage(value: Mapping[str, object]) -> Usage | None:
    usage = Usage(payload.count(value, "prompt_eval_count"), payload.count(value, "eval_count"))
    return None if usage == Usage() else usage


def _model(service: Service, row: Mapping[str, object]) -> Model:
    name = payload.text(row, "model", "name")
    host = payload.text(row, "remote_host") or None
    return Model(ModelRef(service.id, name), payload.count(row, "context_length"), host, _capabilities(row))


def _capabilities(value: Mapping[str, object]) -> frozenset[str] | None:
    found = value.get("capabilities")
    return frozenset(one for one in found if isinstance(one, str)) if isinstance(found, list) else None


def _message(message: PromptMessage) -> dict[str, object]:
    images = [image.base64 for image in message.images] or None
    return {"role": message.role, "content": message.text, **payload.present(images=images)}


def _options(options: Options) -> dict[str, object]:
    return payload.present(
        temperature=options.temperature,
        top_p=options.top_p,
        num_predict=options.max_output_tokens,
        seed=options.seed,
        stop=list(options.stop) or None,
        num_ctx=options.context_window,
    )


def _duration(text: str) -> str | int:
    """Seconds must be a number, `5m` a text."""
    return int(text) if text.removeprefix("-").isdecimal() else text
