"""Ollama's native protocol, as a server speaks it."""

import json
from collections.abc import Sequence

from tests.support.plan import Plan
from tests.support.received import Received
from tests.support.wires import framing
from tests.support.wires.echo import MODEL, echo

CHAT, TAGS, LOADED, SHOW, VERSION = "/api/chat", "/api/tags", "/api/ps", "/api/show", "/api/version"
MEDIA_TYPE = "application/x-ndjson"
USAGE = (11, 7)
CONTEXT = 4096
_MOMENT = "2026-11-24T09:00:00.123456789Z"
_DETAILS = {
    "parent_model": "",
    "format": "gguf",
    "family": "llama",
    "families": ["llama"],
    "parameter_size": "1.2B",
    "quantization_level": "Q4_K_M",
}


def line(value: object) -> bytes:
    """One line of a stream."""
    return json.dumps(value).encode() + b"\n"


def chunk(text: str, *, field: str = "content", model: str = MODEL) -> bytes:
    """One chunk of a reply; `field` is where the text is."""
    message = {"role": "assistant", "content": "", field: text}
    return line({"model": model, "created_at": _MOMENT, "message": message, "done": False})


def last(usage: tuple[int, int] | None = USAGE, reason: str | None = "stop", *, model: str = MODEL) -> bytes:
    """The line that ends a reply."""
    return line(_last("", usage, reason, model))


def lines(
    pieces: Sequence[str],
    *,
    reasoning: Sequence[str] = (),
    usage: tuple[int, int] | None = USAGE,
    reason: str | None = "stop",
    model: str = MODEL,
) -> list[bytes]:
    """The lines of a whole reply; `usage` as counted in the question and in the reply."""
    made = [chunk(piece, field="thinking", model=model) for piece in reasoning]
    made += [chunk(piece, model=model) for piece in pieces]
    return [*made, last(usage, reason, model=model)]


def reply(
    pieces: Sequence[str],
    *,
    reasoning: Sequence[str] = (),
    usage: tuple[int, int] | None = USAGE,
    reason: str | None = "stop",
    interval_s: float = 0.0,
) -> Plan:
    """A whole reply, with a pause before each line."""
    return framing.stream(MEDIA_TYPE, lines(pieces, reasoning=reasoning, usage=usage, reason=reason), interval_s)


def models(*names: str) -> Plan:
    """A list of installed models."""
    return framing.answer(200, {"models": [{**_model(name), "modified_at": _MOMENT} for name in names]})


def loaded(*names: str, context: int = CONTEXT) -> Plan:
    """A list of loaded models; `context` is the window in use, in tokens."""
    use = {"expires_at": _MOMENT, "size_vram": 0, "context_length": context}
    return framing.answer(200, {"models": [{**_model(name), **use} for name in names]})


def shown(*capabilities: str, context: int = CONTEXT) -> Plan:
    """What is known of a model; `context` is the largest window it can have, in tokens."""
    known = {"general.architecture": "llama", "llama.context_length": context}
    return framing.answer(
        200,
        {"template": "", "parameters": "", "details": _DETAILS, "model_info": known, "capabilities": [*capabilities]},
    )


def error(status: int, message: str, *, headers: dict[str, str] | None = None) -> Plan:
    """A refusal."""
    return framing.answer(status, {"error": message}, headers)


def answer(request: Received) -> Plan:
    """Echo the question."""
    asked = request.json()
    said, model = echo(asked["messages"]), asked.get("model", MODEL)
    if asked.get("stream") is False:
        return framing.answer(200, _last("".join(said.pieces), said.usage, "stop", model))
    return framing.stream(MEDIA_TYPE, lines(said.pieces, usage=said.usage, model=model))


def _last(text: str, usage: tuple[int, int] | None, reason: str | None, model: str) -> dict[str, object]:
    """Zeros are left out, as the server does, and so is a reason that it does not know."""
    message = {"role": "assistant", "content": text}
    counts = dict(zip(("prompt_eval_count", "eval_count"), usage or (0, 0), strict=True))
    times = {"total_duration": 9_000_000, "load_duration": 2_000_000, "eval_duration": 6_000_000}
    spoken = {name: count for name, count in counts.items() if count}
    why = {} if reason is None else {"done_reason": reason}
    return {"model": model, "created_at": _MOMENT, "message": message, "done": True, **why, **times, **spoken}


def _model(name: str) -> dict[str, object]:
    return {"name": name, "model": name, "size": 1_300_000_000, "digest": "0" * 64, "details": _DETAILS}


ROUTES = {
    CHAT: answer,
    TAGS: lambda _request: models(MODEL),
    LOADED: lambda _request: loaded(),
    SHOW: lambda _request: shown("completion"),
    VERSION: lambda _request: framing.answer(200, {"version": "0.12.6"}),
}
