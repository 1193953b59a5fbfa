"""JSON from outside: whatever arrives, it is read or refused, and never breaks anything."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.domain.errors import BadReply
from desktop.services.providers import payload

ANY_TEXT = st.text(st.characters(codec=None))  # lone surrogates too


@given(st.dictionaries(ANY_TEXT, st.lists(ANY_TEXT | st.integers() | st.none())))
def test_what_is_read_can_always_be_stored(value: dict[str, list[str | int | None]]) -> None:
    read = payload.parse_object(json.dumps(value))
    assert str(read).encode()
    storable = json.dumps(value, ensure_ascii=False).encode("utf-8", "replace")
    assert read == json.loads(storable)


@pytest.mark.parametrize(
    "text", ["", "{", "[]", "12", '"text"', "{'a': 1}", '{"a": NaN}', '{"a":' + "[" * 100_000, b'{"a": "\xff"}']
)
def test_what_is_no_object_is_a_bad_reply_with_its_beginning(text: str | bytes) -> None:
    with pytest.raises(BadReply) as caught:
        payload.parse_object(text)
    assert len(caught.value.detail) <= 301


def test_fields_of_another_type_are_as_if_missing() -> None:
    value = payload.parse_object('{"a": 1, "b": "x", "c": [1, {"d": 2}], "e": {"f": true}, "g": -1, "h": null}')
    assert (payload.text(value, "a", "b"), payload.text(value, "c", "none")) == ("x", "")
    assert payload.children(value, "c") == [{"d": 2}]
    assert payload.children(value, "e") == []
    assert (payload.child(value, "e"), payload.child(value, "c")) == ({"f": True}, {})
    counts = [payload.count(value, name) for name in ("a", "b", "g", "h", "none")]
    assert counts == [1, None, None, None, None]
    assert payload.count(payload.child(value, "e"), "f") is None


def test_a_list_is_a_list_or_a_bad_reply() -> None:
    assert payload.rows(b'{"data": [{"id": "a"}, 1]}', "data") == [{"id": "a"}]
    assert payload.rows(b'{"data": null}', "data") == []
    for body in (b"{}", b'{"data": {}}', b'{"data": 0}', b"[]"):
        with pytest.raises(BadReply):
            payload.rows(body, "data")


def test_a_page_is_told_from_broken_json_and_shown_by_its_title() -> None:
    with pytest.raises(BadReply, match="web page") as caught:
        payload.parse_object(b"<html><head><TITLE>Sign\n in</TITLE></head>")
    assert caught.value.detail == "Sign in"
    assert payload.shown("<p>no <b>title</b></p>") == "no title"
    assert len(payload.shown("<title>" * 100_000)) <= 301


def test_sums_know_what_is_unknown() -> None:
    assert payload.total(None, None) is None
    assert payload.total(1, None, 2) == 3
    assert payload.present(a=0, b=None, c="") == {"a": 0, "c": ""}
