"""Ollama's native wire (`/api/chat`): NDJSON, one object a line, the last with `done: true`.

Source: Ollama `docs/api.md` and `api/types.go`; zeros are omitted by the server.
"""

from collections.abc import Iterable, Mapping

from desktop.domain.address import Address, without_version
from desktop.domain.chunk import Channel, Chunk
from desktop.domain.model import Model, ModelRef
from desktop.domain.request import Options, Request
from desktop.domain.service import Service
from desktop.domain.usage import Usage
from desktop.services.providers import payload
from desktop.services.providers.ndjson import NdjsonDecoder
from desktop.services.providers.refusal import stated_error
from desktop.services.providers.wire import Call, Decoder, Finish, ReplyParser


def decoder() -> Decoder:
    """A new decoder of reply streams."""
    return NdjsonDecoder()


def reply_parser() -> ReplyParser:
    """A new parser for one reply."""
    return OllamaReply()


def render_reply_call(service: Service, request: Request, key: str | None) -> Call:
    """`POST /api/chat`, streaming."""
    body = {
        "model": request.model,
        "messages": [{"role": message.role, "content": message.text} for message in request.messages],
        "stream": True,
    }
    if options := _options(request.options):
        body["options"] = options
    return Call("POST", _root(service).joined("/api/chat"), _headers(key), payload.render(body))


def render_models_call(service: Service, key: str | None) -> Call:
    """`GET /api/tags`."""
    return Call("GET", _root(service).joined("/api/tags"), _headers(key))


def render_loaded_call(service: Service, key: str | None) -> Call:
    """`GET /api/ps`: the models in memory."""
    return Call("GET", _root(service).joined("/api/ps"), _headers(key))


def parse_models(service: Service, body: bytes) -> tuple[Model, ...]:
    """The models of `/api/tags` or `/api/ps`; a `remote_host` means somebody else's computer."""
    rows = payload.rows(body, "models")
    named = ((payload.text(row, "model", "name"), payload.text(row, "remote_host")) for row in rows)
    return tuple(Model(ModelRef(service.id, name), remote_host=host or None) for name, host in named if name)


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
        if words := payload.text(value, "error"):
            raise stated_error("Ollama", words)
        message = payload.child(value, "message")
        if thinking := payload.text(message, "thinking"):
            yield Chunk(thinking, Channel.REASONING)
        if content := payload.text(message, "content"):
            yield Chunk(content)
        if value.get("done") is True:
            self._finish = Finish(payload.text(value, "done_reason") or None, _usage(value))


def _usage(value: Mapping[str, object]) -> Usage | None:
    usage = Usage(payload.count(value, "prompt_eval_count"), payload.count(value, "eval_count"))
    return None if usage == Usage() else usage


def _options(options: Options) -> dict[str, object]:
    values = {
        "temperature": options.temperature,
        "top_p": options.top_p,
        "num_predict": options.max_output_tokens,
        "seed": options.seed,
        "stop": list(options.stop) or None,
        "num_ctx": options.context_window,
    }
    return {name: value for name, value in values.items() if value is not None}


def _root(service: Service) -> Address:
    assert service.address is not None
    return without_version(service.address, "api", "v1")


def _headers(key: str | None) -> dict[str, str]:
    headers = {"Content-Type": "application/json"}
    return headers | {"Authorization": f"Bearer {key}"} if key else headers
