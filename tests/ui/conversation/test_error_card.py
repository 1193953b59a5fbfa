"""What went wrong, as the view shows it."""

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QPushButton

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


async def test_a_reply_that_broke_off_keeps_its_text_and_goes_on(stage: Stage, answers: Answers, until: Until) -> None:
    answers.answers["turns.go_on"] = None
    problem = Problem("StreamInterrupted", "It broke off.", "reset by peer", (NextStep.RETRY,), "req-7")
    stage.show([question(1, "?"), replace(reply(2, "half", MessageStatus.INTERRUPTED), problem=problem)])
    assert any("half" in name for name in stage.tops())
    (card,) = stage.view.viewport().findChildren(ErrorCard)
    assert card.geometry().bottom() < _place(stage, "Copy message")
    stage.click("Show details")
    assert "reset by peer\n\nRequest req-7" in [label.text() for label in card.findChildren(QLabel)]
    buttons = [one.text() for one in card.findChildren(QPushButton)]
    assert buttons == ["Continue", "Retry", "Hide details"]
    button = stage.button("Continue")
    assert button is not None
    button.click()
    await until(lambda: answers.called("turns.go_on"))
    assert answers.called("turns.go_on")[0][0] == 2


@pytest.mark.parametrize("status", [MessageStatus.STOPPED, MessageStatus.INTERRUPTED])
async def test_what_was_stopped_goes_on_from_the_action_bar(
    stage: Stage, answers: Answers, until: Until, status: MessageStatus
) -> None:
    answers.answers["turns.go_on"] = None
    stage.show([question(1, "?"), reply(2, "half", status)])
    button = stage.button("Continue")
    assert button is not None
    button.click()
    await until(lambda: answers.called("turns.go_on"))


async def test_a_failed_reply_can_be_looked_into(stage: Stage) -> None:
    wanted: list[int] = []
    stage.view.detailsWanted.connect(wanted.append)
    stage.show([question(1, "?"), replace(reply(2, "", MessageStatus.FAILED), problem=PROBLEM)])
    stage.click("Details")
    stage.view.show_details()
    assert wanted == [2, 2]


def _place(stage: Stage, name: str) -> int:
    button = stage.button(name)
    assert button is not None
    return button.mapTo(stage.view.viewport(), button.rect().topLeft()).y()
