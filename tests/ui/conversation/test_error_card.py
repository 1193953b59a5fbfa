"""What went wrong, as the view shows it."""

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel

from desktop.domain.errors import NextStep, Problem
from desktop.domain.message import MessageStatus
from desktop.ui.conversation.error_card import ErrorCard
from tests.ui.answers import Answers
from tests.ui.conftest import Until
from tests.ui.conversation.stage import Stage, question, reply

pytestmark = pytest.mark.anyio

PROBLEM = Problem(
    "KeyMissing", "<b>No</b> key for <img src=x>.", "401 <i>unauthorized</i>", (NextStep.ADD_KEY, NextStep.RETRY)
)


async def test_a_problem_is_a_card_with_steps_and_details(stage: Stage) -> None:
    asked: list[object] = []
    stage.view_model.stepRequested.connect(asked.append)
    stage.show([question(1, "?"), replace(reply(2, "", MessageStatus.FAILED), problem=PROBLEM)])
    (card,) = stage.view.viewport().findChildren(ErrorCard)
    labels = card.findChildren(QLabel)
    assert PROBLEM.sentence in [label.text() for label in labels if label.isVisible()]
    assert {label.textFormat() for label in labels} == {Qt.TextFormat.PlainText}
    before = stage.view._articles.height
    stage.click("Show details")
    assert PROBLEM.detail in [label.text() for label in labels if label.isVisible()]
    assert stage.view._articles.height > before
    assert stage.is_at_end
    stage.click("Hide details")
    assert stage.view._articles.height == before
    stage.click("Add key")
    assert asked == [NextStep.ADD_KEY]


async def test_a_problem_can_be_tried_again(stage: Stage, answers: Answers, until: Until) -> None:
    stage.show([question(1, "?"), replace(reply(2, "", MessageStatus.FAILED), problem=PROBLEM)])
    button = stage.button("Retry")
    assert button is not None
    button.click()  # and let the loop itself go on: it must not be entered again inside a task
    await until(lambda: answers.called("turns.regenerate"))
    assert answers.called("turns.regenerate")[0][0] == 2
