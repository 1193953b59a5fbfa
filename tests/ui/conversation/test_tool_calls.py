import json

import pytest

from desktop.ui.conversation.tool_calls import SHOWN, WantedCall, parse_tool_calls


def _line(name: str, arguments: object) -> str:
    return json.dumps({"id": "1", "name": name, "arguments": arguments}) + "\n"


def test_each_line_is_a_call_with_its_arguments_set_out() -> None:
    lines = _line("get_weather", '{"city":"Zürich","days":[1,2]}') + _line("now", "")
    assert parse_tool_calls(lines) == (
        WantedCall("get_weather", '{\n  "city": "Zürich",\n  "days": [\n    1,\n    2\n  ]\n}'),
        WantedCall("now", ""),
    )


def test_arguments_that_are_an_object_already_are_set_out_too() -> None:
    assert parse_tool_calls(_line("f", {"a": 1}))[0].arguments == '{\n  "a": 1\n}'


@pytest.mark.parametrize("arguments", ['{"city": "Po', "not JSON <b>at all</b>", "[" * 5_000])
def test_arguments_that_are_no_json_are_shown_as_they_came(arguments: str) -> None:
    assert parse_tool_calls(_line("f", arguments)) == (WantedCall("f", arguments),)


@pytest.mark.parametrize("line", ["no JSON", "[1]", "{}", '{"name": "f"}', "[" * 5_000])
def test_a_line_that_is_no_call_stands_for_itself(line: str) -> None:
    assert parse_tool_calls(line) == (WantedCall("a tool", line),)


def test_very_long_arguments_are_cut() -> None:
    (call,) = parse_tool_calls(_line("f", json.dumps({"a": "x" * 1_000_000})))
    assert len(call.arguments) == SHOWN + 1


def test_no_lines_are_no_calls() -> None:
    assert parse_tool_calls("") == parse_tool_calls("\n\n") == ()
