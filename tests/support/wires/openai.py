"""OpenAI's chat completions, as a server speaks them."""

import json
from collections.abc import Sequence

from tests.support.plan import Plan
from tests.support.received import Received
from tests.support.wires import framing
from tests.support.wires.echo import MODEL, echo

CHAT = "/v1/chat/completions"
MODELS = "/v1/models"
MEDIA_TYPE = "text/event-stream"
DONE = b"data: [DONE]\n\n"
USAGE = (11, 7)
_SAME = {"id": "chatcmpl-1", "created": 1795432079, "system_fingerprint": "b0"}


def event(value: object) -> bytes:
    """One server-sent event."""
    return f"data: {json.dumps(value)}\n\n".encode()


def chunk(text: str | None, reason: str | None = None, *, field: str = "content", model: str = MODEL) -> bytes:
    """One chunk of a reply; `field` is where the text is."""
    delta = {} if text is None else {field: text}
    choice = {"index": 0, "delta": delta, "finish_reason": reason}
    return event({**_SAME, "object": "chat.completion.chunk", "model": model, "choices": [choice]})


def events(
    pieces: Sequence[str],
    *,
    reasoning: Sequence[str] = (),
    usage: tuple[int, int] | None = USAGE,
    reason: str | None = "stop",
    model: str = MODEL,
) -> list[bytes]:
    """The events of a whole reply, to the end mark; `usage` as counted in the question and in the reply."""
    first = {"index": 0, "delta": {"role": "assistant", "content": None}, "finish_reason": None}
    same = {**_SAME, "object": "chat.completion.chunk", "model": model}
    made = [event({**same, "choices": [first]})]
    made += [chunk(piece, field="reasoning_content", model=model) for piece in reasoning]
    made += [chunk(piece, model=model) for piece in pieces]
    made.append(chunk(None, reason, model=model))
    if usage is not None:
        made.append(event({**same, "choices": [], "usage": _counts(usage)}))
    return [*made, DONE]


def reply(
    pieces: Sequence[str],
    *,
    reasoning: Sequence[str] = (),
    usage: tuple[int, int] | None = USAGE,
    reason: str | None = "stop",
    interval_s: float = 0.0,
) -> Plan:
    """A whole reply, with a pause before each event."""
    made = events(pieces, reasoning=reasoning, usage=usage, reason=reason)
    return framing.stream(MEDIA_TYPE, made, interval_s)


def models(*names: str) -> Plan:
    """A list of models."""
    listed = [{"id": name, "object": "model", "created": 1795432079, "owned_by": "test"} for name in names]
    return framing.answer(200, {"object": "list", "data": listed})


def error(status: int, message: str, *, code: str | None = None, headers: dict[str, str] | None = None) -> Plan:
    """A refusal."""
    refusal = {"message": message, "type": "error", "param": None, "code": code}
    return framing.answer(status, {"error": refusal}, headers)


def answer(request: Received) -> Plan:
    """Echo the question, with counts where they are asked for."""
    asked = request.json()
    said, model = echo(asked["messages"]), asked.get("model", MODEL)
    if not asked.get("stream"):
        return _whole("".join(said.pieces), said.usage, model)
    wanted = (asked.get("stream_options") or {}).get("include_usage")
    return framing.stream(MEDIA_TYPE, events(said.pieces, usage=said.usage if wanted else None, model=model))


def _whole(text: str, usage: tuple[int, int], model: str) -> Plan:
    choice = {"index": 0, "message": {"role": "assistant", "content": text}, "finish_reason": "stop"}
    completion = {**_SAME, "object": "chat.completion", "model": model, "choices": [choice], "usage": _counts(usage)}
    return framing.answer(200, completion)


def _counts(usage: tuple[int, int]) -> dict[str, object]:
    question, made = usage
    details = {"prompt_tokens_details": {"cached_tokens": 0}}
    return {"prompt_tokens": question, "completion_tokens": made, "total_tokens": question + made, **details}


ROUTES = {CHAT: answer, MODELS: lambda _request: models(MODEL)}
