"""What a request sent, as text that can be read."""

import json

from desktop.domain.attempt import SentRequest

SHOWN = 100_000
SET_OUT = 1_000_000


def render_sent(sent: SentRequest) -> str:
    """Method and URL, headers, and the body set out in lines; the end of a long one is left out."""
    lines = [f"{sent.method} {sent.url}", *(f"{name}: {value}" for name, value in sent.headers)]
    return "\n".join([*lines, "", _body(sent.body)]).rstrip("\n")


def body_text(sent: SentRequest) -> str:
    """The whole body as it was sent."""
    return sent.body.decode("utf-8", "replace")


def _body(body: bytes) -> str:
    text = body[: SHOWN * 4].decode("utf-8", "replace")
    if len(body) <= SET_OUT:
        text = _set_out(body.decode("utf-8", "replace"))
    if len(text) <= SHOWN:
        return text
    return f"{text[:SHOWN]}\n\n… {len(body):,} bytes in all. Copy body copies them."


def _set_out(text: str) -> str:
    try:
        return json.dumps(json.loads(text), indent=2, ensure_ascii=False)
    except (ValueError, RecursionError):
        return text
