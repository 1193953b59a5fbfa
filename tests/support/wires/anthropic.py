"""Anthropic's messages, as a server speaks them."""

import json
from collections.abc import Sequence

from tests.support.plan import Plan
from tests.support.received import Received
from tests.support.wires import framing
from tests.support.wires.echo import MODEL, echo

MESSAGES = "/v1/messages"
MODELS = "/v1/models"
MEDIA_TYPE = "text/event-stream"
USAGE = (11, 7)
PING = b'event: ping\ndata: {"type": "ping"}\n\n'
_REASONS = {"stop": "end_turn", "length": "max_tokens"}


def event(value: dict[str, object]) -> bytes:
    """One server-sent event."""
    return f"event: {value.get('type')}\ndata: {json.dumps(value)}\n\n".encode()


def chunk(text: str, *, kind: str = "text", index: int = 0) -> bytes:
    """One chunk of a block; `kind` says whether it is `text` or `thinking`."""
    delta = {"type": f"{kind}_delta", kind: text}
    return event({"type": "content_block_delta", "index": index, "delta": delta})


def block(kind: str, pieces: Sequence[str], index: int) -> list[bytes]:
    """A whole block of text or thinking."""
    made = [event({"type": "content_block_start", "index": index, "content_block": {"type": kind, kind: ""}})]
    made += [chunk(piece, kind=kind, index=index) for piece in pieces]
    return [*made, event({"type": "content_block_stop", "index": index})]


def tool_call(call_id: str, name: str, *arguments: str, index: int = 1) -> list[bytes]:
    """A tool call, its arguments in fragments; the block is still open."""
    opened = {"type": "tool_use", "id": call_id, "name": name, "input": {}}
    made = [event({"type": "content_block_start", "index": index, "content_block": opened})]
    deltas = [{"type": "input_json_delta", "partial_json": one} for one in arguments]
    return made + [event({"type": "content_block_delta", "index": index, "delta": delta}) for delta in deltas]


def last(usage: tuple[int, int] | None = USAGE, reason: str | None = "stop") -> list[bytes]:
    """The events that end a reply; `reason` in the words of chat completions."""
    stopped = {"stop_reason": _REASONS.get(reason or "", reason), "stop_sequence": None}
    counts = {} if usage is None else {"usage": {"output_tokens": usage[1]}}
    return [event({"type": "message_delta", "delta": stopped, **counts}), event({"type": "message_stop"})]


def events(
    pieces: Sequence[str],
    *,
    reasoning: Sequence[str] = (),
    usage: tuple[int, int] | None = USAGE,
    reason: str | None = "stop",
    model: str = MODEL,
) -> list[bytes]:
    """The events of a whole reply; `usage` as counted in the question and in the reply."""
    message: dict[str, object] = {"id": "msg_1", "type": "message", "role": "assistant", "content": [], "model": model}
    if usage is not None:
        message["usage"] = {"input_tokens": usage[0], "output_tokens": 1}
    made = [event({"type": "message_start", "message": message})]
    if reasoning:
        made += block("thinking", reasoning, 0)
    return [*made, *block("text", pieces, int(bool(reasoning))), *last(usage, reason)]


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
    listed = [{"type": "model", "id": name, "display_name": name} for name in names]
    return framing.answer(200, {"data": listed, "has_more": False})


def error(status: int, message: str, *, code: str | None = "api_error", headers: dict[str, str] | None = None) -> Plan:
    """A refusal."""
    refusal = {"type": "error", "error": {"type": code, "message": message}, "request_id": "req_1"}
    return framing.answer(status, refusal, headers)


def answer(request: Received) -> Plan:
    """Echo the question."""
    asked = request.json()
    said = echo(asked["messages"])
    return framing.stream(MEDIA_TYPE, events(said.pieces, usage=said.usage, model=asked.get("model", MODEL)))


ROUTES = {MESSAGES: answer}
