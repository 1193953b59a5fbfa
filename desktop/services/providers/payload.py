"""JSON from outside: decoded with care, because anything may arrive."""

import json
from collections.abc import Mapping

import msgspec

from desktop.domain.errors import BadReply

_SHOWN = 300


def parse_object(payload: str | bytes) -> Mapping[str, object]:
    """A JSON object.

    Raises:
        BadReply: the payload is something else.
    """
    try:
        value = _decode(payload)
    except (ValueError, RecursionError) as error:
        raise BadReply("The service sent something that is not JSON.", shown(payload)) from error
    if not isinstance(value, dict):
        raise BadReply("The service sent JSON of an unexpected shape.", shown(payload))
    return value


def _decode(payload: str | bytes) -> object:
    """Any JSON; lone surrogates, which JSON can carry and UTF-8 cannot, become question marks."""
    try:
        return msgspec.json.decode(payload)
    except msgspec.DecodeError:
        lenient = json.dumps(json.loads(payload), ensure_ascii=False)
        return msgspec.json.decode(lenient.encode("utf-8", "replace"))


def child(value: Mapping[str, object], name: str) -> Mapping[str, object]:
    """An object inside an object, empty where it is missing or something else."""
    found = value.get(name)
    return found if isinstance(found, dict) else {}


def children(value: Mapping[str, object], name: str) -> list[Mapping[str, object]]:
    """The objects of a list inside an object, none where it is missing or something else."""
    found = value.get(name)
    return [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []


def rows(body: bytes, name: str) -> list[Mapping[str, object]]:
    """The objects of the list that a whole answer holds under a name; null is an empty one.

    Raises:
        BadReply: the answer is something else.
    """
    value = parse_object(body)
    if not isinstance(value.get(name, 0), list | None):
        raise BadReply("The service sent JSON of an unexpected shape.", shown(body))
    return children(value, name)


def text(value: Mapping[str, object], *names: str) -> str:
    """The first string among these fields that is not empty."""
    for name in names:
        found = value.get(name)
        if isinstance(found, str) and found:
            return found
    return ""


def count(value: Mapping[str, object], name: str) -> int | None:
    """A whole number that is not negative, else None."""
    found = value.get(name)
    return found if isinstance(found, int) and not isinstance(found, bool) and found >= 0 else None


def render(value: object) -> bytes:
    """A value as JSON."""
    return msgspec.json.encode(value)


def shown(payload: str | bytes) -> str:
    """The beginning of a payload, for the details of an error."""
    readable = payload.decode("utf-8", "replace") if isinstance(payload, bytes) else payload
    readable = " ".join(readable.split())
    return readable if len(readable) <= _SHOWN else f"{readable[:_SHOWN]}…"
