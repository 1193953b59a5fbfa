"""What a server says when a test has not told it what to say."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

MODEL = "echo"


@dataclass(frozen=True, slots=True)
class Echo:
    """A reply in pieces, and its token counts: one for each word, question and reply apart."""

    pieces: list[str]
    usage: tuple[int, int]


def echo(messages: Sequence[Mapping[str, Any]]) -> Echo:
    """Say the last message again."""
    texts = [_text(message.get("content")) for message in messages]
    pieces = re.findall(r"\s*\S+\s*?", f"You said: {texts[-1] if texts else ''}")
    return Echo(pieces, (sum(len(text.split()) for text in texts), len(pieces)))


def _text(content: str | list[dict[str, Any]] | None) -> str:
    """A message's text; it may come in parts, among them images."""
    if isinstance(content, list):
        return "".join(part.get("text", "") for part in content)
    return content or ""
