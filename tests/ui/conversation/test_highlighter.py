import time
from collections.abc import Callable

import pytest
from PySide6.QtWidgets import QApplication

from desktop.ui.conversation.highlighter import KEPT, MAX_CODE, Highlighter
from desktop.ui.conversation.text_box import Tint
from desktop.ui.tokens import DARK, LIGHT

Find = Callable[[str, str], tuple[Tint, ...]]


@pytest.fixture
def find(app: QApplication, highlighter: Highlighter) -> Find:
    """Ask until it knows."""

    def ask(language: str, code: str) -> tuple[Tint, ...]:
        end = time.monotonic() + 10
        while (tints := highlighter.tints(language, code, LIGHT)) is None:
            assert time.monotonic() < end, "never known"
            time.sleep(0.001)  # lets the worker have the interpreter
            app.processEvents()
        return tints

    return ask


def _colors(code: str, tints: tuple[Tint, ...]) -> dict[str, str]:
    return {code[one.start : one.start + one.length]: one.color for one in tints}


def test_it_does_not_wait_but_says_when_it_knows(app: QApplication, highlighter: Highlighter, find: Find) -> None:
    said: list[bool] = []
    highlighter.ready.connect(lambda: said.append(True))
    assert highlighter.tints("py", "x = 1", LIGHT) is None
    find("py", "x = 1")
    app.processEvents()
    assert said == [True]


def test_parts_of_code_have_the_colours_of_the_theme(highlighter: Highlighter, find: Find) -> None:
    code = "def greet():\n    return 'hi' + str(12)  # warm"
    colors = _colors(code, find("python", code))
    assert colors["def"] == colors["return"] == LIGHT.keyword
    assert (colors["greet"], colors["12"], colors["# warm"]) == (LIGHT.function, LIGHT.number, LIGHT.comment)
    dark = highlighter.tints("python", code, DARK)
    assert dark is not None
    assert _colors(code, dark)["def"] == DARK.keyword


def test_places_are_counted_in_characters(find: Find) -> None:
    code = "s = '👩‍🚀'\n\n\nreturn 7\n"
    assert _colors(code, find("python", code))["return"] == LIGHT.keyword


@pytest.mark.parametrize("language", ["no-such-language", "../etc", "text", "x" * 5_000, "<b>"])
def test_an_unknown_language_has_no_colours(language: str, find: Find) -> None:
    assert find(language, "def x(): pass") == ()


def test_what_has_no_language_or_is_very_long_is_not_looked_at(highlighter: Highlighter) -> None:
    assert highlighter.tints("", "def x(): pass", LIGHT) == ()
    assert highlighter.tints("py", "x" * (MAX_CODE + 1), LIGHT) == ()


def test_it_forgets_what_was_long_unseen(highlighter: Highlighter, find: Find) -> None:
    for number in range(KEPT + 5):
        find("ini", f"a={number}")
    assert highlighter.tints("ini", "a=0", LIGHT) is None
    assert highlighter.tints("ini", f"a={KEPT}", LIGHT) is not None


def test_closing_drops_what_waits(app: QApplication) -> None:
    closed = Highlighter()
    for number in range(200):
        closed.tints("python", f"x = {number}\n" * 500, LIGHT)
    closed.close()
    closed.close()
