"""The chat completions wire of OpenAI and of everything that copies it: SSE, ended by `[DONE]`.

Source: OpenAI's API reference; llama.cpp, vLLM, LM Studio and others differ in the name of the reasoning text.
"""

from collections.abc import Iterable, Mapping

from desktop.domain.address import Address, Reach, without_version
from desktop.domain.chunk import Channel, Chunk
from desktop.domain.model import Model, ModelRef
from desktop.domain.request import Options, Request
from desktop.domain.service import Service
from desktop.domain.usage import Usage
from desktop.services.providers import payload
from desktop.services.providers.refusal import error_words, stated_error
from desktop.services.providers.sse import SseDecoder
from desktop.services.providers.wire import Call, Decoder, Finish, ReplyParser

_END_MARK = "[DONE]"


def decoder() -> Decoder:
    """A new decoder of reply streams."""
    return SseDecoder()


def reply_parser() -> ReplyParser:
    """A new parser for one reply."""
    return ChatCompletionsReply()


def render_reply_call(service: Service, request: Request, key: str | None) -> Call:
    """`POST /v1/chat/completions`, streaming, with token usage in the last chunk."""
    body = {
        "model": request.model,
        "messages": [{"role": message.role, "content": message.text} for message in request.messages],
        "stream": True,
        "stream_options": {"include_usage": True},
        **_options(service, request.options),
    }
    return Call("POST", _root(service).joined("/chat/completions"), _headers(key), payload.render(body))


def render_models_call(service: Service, key: str | None) -> Call:
    """`GET /v1/models`."""
    return Call("GET", _root(service).joined("/models"), _headers(key))


def parse_models(service: Service, body: bytes) -> tuple[Model, ...]:
    """The models of `/v1/models`, in the server's order."""
    names = (payload.text(row, "id") for row in payload.rows(body, "data"))
    return tuple(Model(ModelRef(service.id, name)) for name in names if name)


class ChatCompletionsReply:
    """Reads one reply; only its first choice."""

    def __init__(self) -> None:
        self._reason: str | None = None
        self._usage: Usage | None = None
        self._done = False

    @property
    def finish(self) -> Finish | None:
        """Set by a finish reason or by `[DONE]`; the usage may come between the two."""
        return Finish(self._reason, self._usage) if self._done or self._reason else None

    @property
    def is_over(self) -> bool:
        """Nothing follows `[DONE]`."""
        return self._done

    def parse(self, data: str) -> Iterable[Chunk]:
        """The chunks of one event's data; an error inside the stream is raised."""
        if data.strip() == _END_MARK:
            self._done = True
            return
        value = payload.parse_object(data)
        if value.get("error") or value.get("object") == "error":
            raise stated_error("The service", error_words(data.encode()))
        self._usage = _usage(payload.child(value, "usage")) or self._usage
        for choice in payload.children(value, "choices"):
            if self._reason is None and payload.count(choice, "index") in (0, None):
                yield from self._parse_choice(choice)

    def _parse_choice(self, choice: Mapping[str, object]) -> Iterable[Chunk]:
        delta = payload.child(choice, "delta")
        if reasoning := payload.text(delta, "reasoning_content", "reasoning"):
            yield Chunk(reasoning, Channel.REASONING)
        if content := payload.text(delta, "content", "refusal"):
            yield Chunk(content)
        self._reason = payload.text(choice, "finish_reason") or None


def _usage(value: Mapping[str, object]) -> Usage | None:
    usage = Usage(
        payload.count(value, "prompt_tokens"),
        payload.count(value, "completion_tokens"),
        payload.count(payload.child(value, "prompt_tokens_details"), "cached_tokens"),
        payload.count(payload.child(value, "completion_tokens_details"), "reasoning_tokens"),
    )
    return None if usage == Usage() else usage


def _options(service: Service, options: Options) -> dict[str, object]:
    # OpenAI's newer models take only the newer name; copies know only the older one.
    at_openai = service.reach is Reach.CLOUD and service.address is not None and "openai" in service.address.host
    values = {
        "temperature": options.temperature,
        "top_p": options.top_p,
        "max_completion_tokens" if at_openai else "max_tokens": options.max_output_tokens,
        "seed": options.seed,
        "stop": list(options.stop) or None,
    }
    return {name: value for name, value in values.items() if value is not None}


def _root(service: Service) -> Address:
    """The address with exactly one version segment: `/v1` where nobody wrote another, such as `/openai/v2`."""
    assert service.address is not None
    bare = without_version(service.address, "v1")
    return Address(bare.scheme, bare.host, bare.port, f"{bare.path}/v1")


def _headers(key: str | None) -> dict[str, str]:
    headers = {"Content-Type": "application/json"}
    return headers | {"Authorization": f"Bearer {key}"} if key else headers
