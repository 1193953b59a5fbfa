"""The chat completions wire of OpenAI and of everything that copies it: SSE, ended by `[DONE]`.

Source: OpenAI's API reference; llama.cpp, vLLM, LM Studio and others differ in the name of the reasoning text.
"""

from collections.abc import Iterable, Mapping

from desktop.domain.address import Reach
from desktop.domain.chunk import Channel, Chunk
from desktop.domain.request import Effort, Options, PromptMessage, Request
from desktop.domain.service import Prefill, Service
from desktop.domain.usage import Usage
from desktop.services.providers import openai, payload
from desktop.services.providers.refusal import stated_error
from desktop.services.providers.sse import SseDecoder
from desktop.services.providers.tool_calls import ToolCalls
from desktop.services.providers.wire import Call, Decoder, Finish, ReplyParser

_END_MARK = "[DONE]"

render_models_call = openai.render_models_call
parse_models = openai.parse_models
render_embed_call = openai.render_embed_call
parse_embeddings = openai.parse_embeddings


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
        "messages": _messages(service, request),
        "stream": True,
        "stream_options": {"include_usage": True},
        **_options(service, request.options),
    }
    if request.is_begun and service.habits.prefill is Prefill.CONTINUE_FINAL:
        body |= {"continue_final_message": True, "add_generation_prompt": False}
    return openai.ENVELOPE.post(service, key, "/chat/completions", body)


class ChatCompletionsReply:
    """Reads one reply; only its first choice."""

    def __init__(self) -> None:
        self._reason: str | None = None
        self._usage: Usage | None = None
        self._calls = ToolCalls()
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
            yield from self._calls.take_all()
            return
        value = payload.parse_object(data)
        if value.get("error") or value.get("object") == "error":
            raise stated_error("The service", data)
        if usage := payload.child(value, "usage"):
            self._usage = _usage(usage) or self._usage
        for choice in payload.children(value, "choices"):
            if self._reason is None and payload.position(choice, "index") == 0:
                yield from self._parse_choice(choice)

    def _parse_choice(self, choice: Mapping[str, object]) -> Iterable[Chunk]:
        # Servers that do not stream send the whole message at once.
        delta = payload.child(choice, "delta" if "delta" in choice else "message")
        if reasoning := payload.text(delta, "reasoning_content", "reasoning"):
            yield Chunk(reasoning, Channel.REASONING)
        if content := payload.text(delta, "content", "refusal"):
            yield Chunk(content)
        elif isinstance(delta.get("content"), list):
            yield from _parse_parts(payload.children(delta, "content"))
        if delta.get("tool_calls"):
            for place, call in enumerate(payload.children(delta, "tool_calls")):
                yield from self._parse_call(place, call)
        if reason := payload.text(choice, "finish_reason"):
            self._reason = reason
            yield from self._calls.take_all()

    def _parse_call(self, place: int, call: Mapping[str, object]) -> Iterable[Chunk]:
        function = payload.child(call, "function")
        index = payload.count(call, "index")
        return self._calls.add(
            place if index is None else index,
            call_id=payload.text(call, "id"),
            name=payload.text(function, "name"),
            arguments=payload.text(function, "arguments"),
        )


def _parse_parts(parts: list[Mapping[str, object]]) -> Iterable[Chunk]:
    """Content in parts, as Mistral sends it while it thinks."""
    for part in parts:
        for thought in payload.children(part, "thinking"):
            if reasoning := payload.text(thought, "text"):
                yield Chunk(reasoning, Channel.REASONING)
        if text := payload.text(part, "text"):
            yield Chunk(text)


def _usage(value: Mapping[str, object]) -> Usage | None:
    usage = Usage(
        payload.count(value, "prompt_tokens"),
        payload.count(value, "completion_tokens"),
        payload.count(payload.child(value, "prompt_tokens_details"), "cached_tokens"),
        payload.count(payload.child(value, "completion_tokens_details"), "reasoning_tokens"),
    )
    return None if usage == Usage() else usage


def _messages(service: Service, request: Request) -> list[dict[str, object]]:
    messages: list[dict[str, object]] = [
        {"role": message.role, "content": _content(message)} for message in request.messages
    ]
    if request.is_begun and service.habits.prefill is Prefill.PREFIX:
        messages[-1]["prefix"] = True
    return messages


def _content(message: PromptMessage) -> object:
    if not message.images:
        return message.text
    pictures = [{"type": "image_url", "image_url": {"url": image.data_url}} for image in message.images]
    return [*([{"type": "text", "text": message.text}] if message.text else []), *pictures]


def _options(service: Service, options: Options) -> dict[str, object]:
    # OpenAI's newer models take only the newer name; copies know only the older one.
    at_openai = service.reach is Reach.CLOUD and service.address is not None and "openai" in service.address.host
    limit = options.max_output_tokens
    effort = options.thinking_effort
    return payload.present(
        temperature=options.temperature,
        top_p=options.top_p,
        max_completion_tokens=limit if at_openai else None,
        max_tokens=None if at_openai else limit,
        seed=options.seed,
        stop=list(options.stop) or None,
        response_format={"type": "json_object"} if options.json_mode else None,
        reasoning_effort=effort,
        chat_template_kwargs=_template_switch(service, effort),
    )


def _template_switch(service: Service, effort: Effort | None) -> dict[str, bool] | None:
    """Whether to think, for the templates of local models: llama.cpp and vLLM hand it on to them."""
    if effort is None or service.reach is not Reach.LOCAL:
        return None
    return {"enable_thinking": effort is not Effort.NONE}
