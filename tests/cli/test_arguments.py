"""Arguments: what they mean, and status 2 for what means nothing."""

import pytest

from desktop.cli.arguments import parse_arguments


@pytest.mark.parametrize(
    "arguments",
    [
        ["ask"],
        ["ask", "one", "two"],
        ["ask", "hi", "--wire", "telegraph"],
        ["ask", "hi", "--max-retries", "-1"],
        ["ask", "hi", "--max-retries", "1.5"],
        ["ask", "hi", "--max-retries", "101"],
        ["ask", "hi", "--request-timeout", "0"],
        ["ask", "hi", "--request-timeout", "nan"],
        ["ask", "hi", "--request-timeout", "inf"],
        ["ask", "hi", "--request-timeout", "soon"],
        ["ask", "hi", "--key", "sk-on-the-command-line"],
        ["--data", "here"],
        ["models", "all"],
        ["sing"],
    ],
)
def test_what_makes_no_sense_ends_with_status_2(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        parse_arguments(arguments)
    assert caught.value.code == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert "usage: parley" in said.err


@pytest.mark.parametrize("arguments", [["--version"], ["--help"], ["ask", "--help"], ["doctor", "--help"]])
def test_help_and_version_end_well(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        parse_arguments(arguments)
    assert caught.value.code == 0
    assert "parley" in capsys.readouterr().out.lower()


@pytest.mark.parametrize(
    "arguments", [["--data-dir", "here", "ask", "hi"], ["ask", "hi", "--data-dir", "here"], ["--data-dir", "here"]]
)
def test_the_data_directory_may_be_given_before_or_after_the_command(arguments: list[str]) -> None:
    assert parse_arguments(arguments).data_dir == "here"


def test_what_is_not_given_is_left_to_the_settings() -> None:
    options = parse_arguments(["ask", "hi"])
    assert (options.command, options.prompt, options.json) == ("ask", "hi", False)
    given = (options.wire, options.base_url, options.model, options.key_env, options.max_retries, options.data_dir)
    assert set(given) == {None}
    assert parse_arguments([]).command is None
