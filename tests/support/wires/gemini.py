"""Gemini's protocol, as a server speaks it."""

import json
from collections.abc import Sequence

from tests.support.plan import Plan
from tests.support.received import Received
from tests.support.wires import framing
from tests.support.wires.echo import MODEL, echo

GENERATE = f"/v1beta/models/{MODEL}:streamGenerateContent"
ANY_MODEL = "/v1beta/models/*:streamGenerateContent"
MODELS = "/v1beta/models"
MEDIA_TYPE = "text/event-stream"
USAGE = (11, 7)
_REASONS = {"stop": "STOP", "length": "MAX_TOKENS"}


def event(value: object) -> bytes:
    """One server-sent event."""
    return f"data: {json.dumps(value)}\r\n\r\n".encode()


def chunk(text: str, *, thought: bool = False) -> bytes:
    """One chunk of a reply; a thought is reasoning."""
    return parts({"text": text, **({"thought": True} if thought else {})})


def parts(*some: dict[str, object]) -> bytes:
    """Any parts of a reply."""
    return event({"candidates": [{"content": {"role": "model", "parts": [*some]}, "index": 0}]})


def last(usage: tuple[int, int] | None = USAGE, reason: str | None = "stop", *, model: str = MODEL) -> bytes:
    """The event that ends a reply; `reason` in the words of chat completions."""
    ended = {"finishReason": _REASONS.get(reason or "", reason), "index": 0}
    counts = {} if usage is None else {"usageMetadata": _counts(usage)}
    return event({"candidates": [ended], **counts, "modelVersion": model})


def events(
    pieces: Sequence[str],
    *,
    reasoning: Sequence[str] = (),
    usage: tuple[int, int] | None = USAGE,
    reason: str | None = "stop",
    model: str = MODEL,
) -> list[bytes]:
    """The events of a whole reply; `usage` as counted in the question and in the reply."""
    made = [chunk(piece, thought=True) for piece in reasoning]
    made += [chunk(piece) for piece in pieces]
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


def models(*names: str, context: int = 1_048_576) -> Plan:
    """A list of models; `context` is their window in tokens."""
    rows = [
        {"name": f"models/{name}", "inputTokenLimit": context, "supportedGenerationMethods": ["generateContent"]}
        for name in names
    ]
    return framing.answer(200, {"models": rows})


def error(
    status: int, message: str, *, code: str | None = "INVALID_ARGUMENT", headers: dict[str, str] | None = None
) -> Plan:
    """A refusal."""
    return framing.answer(status, {"error": {"code": status, "message": message, "status": code}}, headers)


def answer(request: Received) -> Plan:
    """Echo the question."""
    said = echo([{"content": content["parts"]} for content in request.json()["contents"]])
    model = request.path.rpartition("/")[2].partition(":")[0]
    return framing.stream(MEDIA_TYPE, events(said.pieces, usage=said.usage, model=model))


def _counts(usage: tuple[int, int]) -> dict[str, object]:
    question, made = usage
    return {"promptTokenCount": question, "candidatesTokenCount": made, "totalTokenCount": question + made}


ROUTES = {ANY_MODEL: answer, MODELS: lambda _request: models(MODEL)}
