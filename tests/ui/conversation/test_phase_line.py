"""The phase line while a turn waits, on a screen that nobody sees."""

import pytest

from desktop.domain.events import PhaseChanged
from desktop.domain.message import MessageStatus
from desktop.domain.model import ModelRef
from desktop.domain.turn import TurnState
from desktop.ui.conversation.phase_line import PhaseLine
from tests.ui.answers import Answers
from tests.ui.conftest import Until
from tests.ui.conversation.stage import PLACE, Stage, question, reply, talk

pytestmark = pytest.mark.anyio


def _wait(stage: Stage, answers: Answers, wait_s: float, attempt: int = 2) -> None:
    stage.show([*talk(1), question(3, "Go"), reply(4, "", MessageStatus.PENDING)])
    _tell(stage, answers, PhaseChanged(PLACE.id, 4, TurnState.WAITING, attempt, 6, wait_s))


def _tell(stage: Stage, answers: Answers, event: PhaseChanged) -> None:
    answers.eventsArrived.emit([event])
    stage.settle()


def _line(stage: Stage) -> PhaseLine:
    (line,) = stage.view.viewport().findChildren(PhaseLine)
    return line


async def test_a_wait_can_be_ended_now(stage: Stage, answers: Answers, until: Until) -> None:
    answers.answers["turns.wake"] = None
    _wait(stage, answers, 20.0)
    assert _line(stage).text.startswith("Waiting to retry (1 of 5, in ")
    assert stage.button("Other model") is None
    button = stage.button("Retry now")
    assert button is not None
    button.click()  # and let the loop itself go on
    await until(lambda: answers.called("turns.wake"))
    assert answers.called("turns.wake") == [(4, None)]
    _tell(stage, answers, PhaseChanged(PLACE.id, 4, TurnState.CONNECTING, 2, 6))
    assert stage.button("Retry now") is None


async def test_a_long_wait_can_be_left_to_another_model(stage: Stage, answers: Answers, until: Until) -> None:
    answers.answers["turns.wake"] = None
    wanted: list[int] = []
    stage.view_model.otherModelWanted.connect(wanted.append)
    _wait(stage, answers, 31.0)
    stage.click("Other model")
    assert wanted == [4]
    stage.view_model.wake(4, ModelRef("a", "b"))
    await until(lambda: answers.called("turns.wake"))
    assert answers.called("turns.wake") == [(4, ModelRef("a", "b"))]


async def test_the_buttons_stand_still_while_it_counts(stage: Stage, answers: Answers, until: Until) -> None:
    _wait(stage, answers, 10.3)
    button = stage.button("Retry now")
    assert button is not None
    place, said = button.pos(), _line(stage).text
    await until(lambda: _line(stage).text != said)
    assert button.pos() == place


async def test_where_there_is_no_room_beside_the_text_the_buttons_go_below(stage: Stage, answers: Answers) -> None:
    _wait(stage, answers, 754.0)
    wide = _line(stage).height()
    stage.view.resize(340, 500)
    stage.settle()
    assert _line(stage).height() > wide
    for name in ("Retry now", "Other model"):
        button = stage.button(name)
        assert button is not None
        assert _line(stage).rect().contains(button.geometry())


async def test_the_line_leaves_room_for_what_waits_below(stage: Stage, answers: Answers) -> None:
    stage.show([question(3, "Go"), reply(4, "half", MessageStatus.PENDING), question(5, "b"), reply(6, "")])
    _tell(stage, answers, PhaseChanged(PLACE.id, 4, TurnState.WRITING))
    assert _line(stage).geometry().bottom() < stage.find("b").y()


WHY = "OpenAI asks to slow down. " * 12


async def test_a_wait_says_why_as_far_as_there_is_room(stage: Stage, answers: Answers) -> None:
    stage.show([*talk(1), question(3, "Go"), reply(4, "", MessageStatus.PENDING)])
    _tell(stage, answers, PhaseChanged(PLACE.id, 4, TurnState.WAITING, 2, 6, 20.0, why=WHY))
    line, button = _line(stage), stage.button("Retry now")
    assert button is not None
    assert line.accessibleDescription() == f"{line.text} · {WHY}"
    assert line.rect().contains(button.geometry())
    assert button.x() > line.width() - button.width() - 10  # the reason takes what is left
    before = line.grab().toImage()
    _tell(stage, answers, PhaseChanged(PLACE.id, 4, TurnState.WAITING, 2, 6, 20.0))
    assert line.accessibleDescription() == line.text
    assert button.x() < line.width() - button.width() - 10
    assert line.grab().toImage() != before
