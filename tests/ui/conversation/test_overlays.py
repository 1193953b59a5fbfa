"""Real widgets on the canvas."""

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication

from tests.ui.conversation.stage import Stage, question, reply

pytestmark = pytest.mark.anyio


async def test_code_has_a_copy_button(stage: Stage) -> None:
    code = "\n".join(f"x = {number}" for number in range(100))
    stage.show([reply(2, f"```py\n{code}\n```")])
    stage.key(Qt.Key.Key_Home)
    stage.click("Copy code")
    assert QGuiApplication.clipboard().text() == code
    stage.key(Qt.Key.Key_End)
    assert stage.button("Copy code") is None


async def test_the_actions_of_a_reply_are_real_buttons(stage: Stage) -> None:
    stage.show([question(1, "?"), replace(reply(2, "*text*"), version=2, versions=3)])
    for name in ("Copy message", "Regenerate", "Previous version", "Next version"):
        assert stage.button(name) is not None
    stage.click("Copy message")
    assert QGuiApplication.clipboard().text() == "*text*"
