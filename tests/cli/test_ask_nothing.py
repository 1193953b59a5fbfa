"""Questions that are none, and places that are none."""

import pytest

from tests.cli.conftest import CommandLine


@pytest.mark.parametrize(
    ("arguments", "kind", "words"),
    [
        (("",), "BadRequest", "nothing to ask"),
        ((" \n",), "BadRequest", "nothing to ask"),
        (("hi", "--model", "nope"), "ModelNotFound", "no model called nope"),
        (("hi", "--wire", "guide", "--model", "nope"), "ModelNotFound", "--wire"),
        (("hi", "--wire", "guide", "--base-url", "http://127.0.0.1:1"), "BadRequest", "built in"),
    ],
)
def test_it_is_said_what_is_wrong(parley: CommandLine, arguments: tuple[str, ...], kind: str, words: str) -> None:
    ended = parley.run("ask", *arguments, "--json")
    assert (ended.status, ended.finished["attempts"]) == (1, 0)
    assert ended.finished["error"]["kind"] == kind
    assert words in ended.finished["error"]["message"]


def test_a_key_that_is_missing_is_asked_for_as_a_command_line_takes_it(parley: CommandLine) -> None:
    ended = parley.run("ask", "--wire", "openai", "--model", "m", "hi")
    assert (ended.status, ended.output) == (1, "")
    assert "--key-env" in ended.notes
