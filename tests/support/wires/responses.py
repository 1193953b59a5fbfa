"""OpenAI's responses, as a server speaks them."""

import json
from collections.abc import Sequence

from tests.support.plan import Plan
from tests.support.received import Received
from tests.support.wires import framing, openai
from tests.support.wires.echo import MODEL, echo

RESPONSES = "/v1/responses"
MEDIA_TYPE = "text/event-stream"
USAGE = (11, 7)
_IDS = {"item_id": "msg_1", "output_index": 0, "content_index": 0}

models = openai.models
error = openai.error


def event(value: dict[str, object]) -> bytes:
    """One server-sent event."""
    return f"event: {value.get('type')}\ndata: {json.dumps(value)}\n\n".encode()


def chunk(text: str, *, kind: str = "response.output_text.delta") -> bytes:
    """One chunk of a reply; `kind` says whether it is text or reasoning."""
    return event({"type": kind, **_IDS, "delta": text})


def last(usage: tuple[int, int] | None = USAGE, reason: str | None = "stop", *, model: str = MODEL) -> bytes:
    """The event that ends a reply; `reason` in the words of chat completions."""
    cut = {"length": "max_output_tokens"}.get(reason or "", reason)
    response: dict[str, object] = {"id": "resp_1", "object": "response", "model": model, "status": "completed"}
    kind = "response.completed"
    if reason not in ("stop", None):
        kind = "response.incomplete"
        response |= {"status": "incomplete", "incomplete_details": {"reason": cut}}
    if usage is not None:
        response["usage"] = _counts(usage)
    return event({"type": kind, "response": response})


def tool_call(call_id: str, name: str, *arguments: str, index: int = 1) -> list[bytes]:
    """A tool call, its arguments in fragments."""
    item = {"type": "function_call", "id": f"fc_{call_id}", "call_id": call_id, "name": name}
    made = [event({"type": "response.output_item.added", "output_index": index, "item": {**item, "arguments": ""}})]
    made += [
        event({"type": "response.function_call_arguments.delta", "output_index": index, "delta": one})
        for one in arguments
    ]
    whole = {**item, "arguments": "".join(arguments), "status": "completed"}
    return [*made, event({"type": "response.output_item.done", "output_index": index, "item": whole})]


def events(
    pieces: Sequence[str],
    *,
    reasoning: Sequence[str] = (),
    usage: tuple[int, int] | None = USAGE,
    reason: str | None = "stop",
    model: str = MODEL,
) -> list[bytes]:
    """The events of a whole reply; `usage` as counted in the question and in the reply."""
    response = {"id": "resp_1", "object": "response", "status": "in_progress"}
    made = [event({"type": f"response.{kind}", "response": response}) for kind in ("created", "in_progress")]
    if reasoning:
        made.append(event({"type": "response.reasoning_summary_part.added", "output_index": 0, "summary_index": 0}))
        made += [chunk(piece, kind="response.reasoning_summary_text.delta") for piece in reasoning]
    made.append(event({"type": "response.output_item.added", "item": {"type": "message", "id": "msg_1"}}))
    made += [chunk(piece) for piece in pieces]
    made.append(event({"type": "response.output_text.done", **_IDS, "text": "".join(pieces)}))
    return [*made, last(usage, reason, model=model)]


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


def answer(request: Received) -> Plan:
    """Echo the question."""
    asked = request.json()
    said = echo(asked["input"])
    return framing.stream(MEDIA_TYPE, events(said.pieces, usage=said.usage, model=asked.get("model", MODEL)))


def _counts(usage: tuple[int, int]) -> dict[str, object]:
    question, made = usage
    details = {"input_tokens_details": {"cached_tokens": 0}, "output_tokens_details": {"reasoning_tokens": 0}}
    return {"input_tokens": question, "output_tokens": made, "total_tokens": question + made, **details}


ROUTES = {RESPONSES: answer}
