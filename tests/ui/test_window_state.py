import pytest

from desktop.domain.settings import Theme
from desktop.ui.window_state import WindowState, parse_state, render_state


def test_a_state_survives_being_written() -> None:
    state = WindowState(x=-5, y=40, width=900, height=700, maximized=True, conversation_id=7, theme=Theme.DARK)
    assert parse_state(render_state(state)) == state


def test_what_an_older_parley_did_not_write_has_its_default() -> None:
    assert parse_state('{"width": 900}') == WindowState(width=900)


@pytest.mark.parametrize("text", ["", "{", "[]", "null", '{"width": "wide"}', '{"theme": "pink"}'])
def test_anything_else_is_no_state(text: str) -> None:
    assert parse_state(text) is None
