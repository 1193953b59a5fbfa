"""JSON from outside: decoded with care, because anything may arrive."""

import json
import re
from collections.abc import Mapping

import msgspec

from desktop.domain.errors import BadReply

_SHOWN = 300
_TITLE = re.compile(r"<title[^>]*>(.*?)</title>", re.IGNORECASE | re.DOTALL)
_MARKUP = re.compile(r"<[^>]*>")
_PAGE_READ = 8000  # of a page; its title stands at its beginning


def parse_object(payload: str | bytes) -> Mapping[str, object]:
    """A JSON object.

    Raises:
        BadReply: the payload is something else.
    """
    value = parse_any(payload)
    if not isinstance(value, dict):
        raise BadReply("The service sent JSON of an unexpected shape.", shown(payload))
    return value


def parse_any(payload: str | bytes) -> object:
    """Any JSON.

    Raises:
        BadReply: the payload is something else, such as a page of a proxy.
    """
    try:
        return _decode(payload)
    except (ValueError, RecursionError) as error:
        readable = _readable(payload)
        if readable.lstrip().startswith("<"):
            raise BadReply("A web page came instead of an answer. Check the base URL.", shown(readable)) from error
        raise BadReply("The service sent something that is not JSON.", shown(readable)) from error


def is_json(payload: str) -> bool:
    """Whether this is a whole piece of JSON."""
    try:
        parse_any(payload)
    except BadReply:
        return False
    return True


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
    """A whole number that is not negative and that the store can hold, else None."""
    found = value.get(name)
    return found if isinstance(found, int) and not isinstance(found, bool) and 0 <= found < 1 << 63 else None


def position(value: Mapping[str, object], name: str) -> int:
    """An index, 0 where it is missing."""
    return count(value, name) or 0


def total(*counts: int | None) -> int | None:
    """A sum of what is known; None where nothing is."""
    known = [one for one in counts if one is not None]
    return sum(known) if known else None


def present(**values: object) -> dict[str, object]:
    """The fields that have a value, as an object to send."""
    return {name: value for name, value in values.items() if value is not None}


def render(value: object) -> bytes:
    """A value as JSON."""
    return msgspec.json.encode(value)


def shown(payload: str | bytes) -> str:
    """The beginning of a payload, for the details of an error; of a web page only the words of its title."""
    readable = _readable(payload)
    if readable.lstrip().startswith("<"):
        readable = readable[:_PAGE_READ]
        title = _TITLE.search(readable)
        readable = title.group(1) if title else _MARKUP.sub(" ", readable)
    readable = " ".join(readable.split())
    return readable if len(readable) <= _SHOWN else f"{readable[:_SHOWN]}…"


def _readable(payload: str | bytes) -> str:
    return payload.decode("utf-8", "replace") if isinstance(payload, bytes) else payload
