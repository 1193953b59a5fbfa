from dataclasses import replace

import pytest

from desktop.domain.errors import NextStep, Problem
from desktop.domain.message import MessageStatus
from desktop.ui.conversation.next_steps import can_go_on, problem_of
from tests.ui.conversation.stage import question, reply

RETRY, GO_ON = NextStep.RETRY, NextStep.CONTINUE


@pytest.mark.parametrize(
    ("status", "reason", "text", "possible"),
    [
        (MessageStatus.STOPPED, None, "half", True),
        (MessageStatus.INTERRUPTED, None, "half", True),
        (MessageStatus.COMPLETE, "length", "half", True),
        (MessageStatus.COMPLETE, "max_tokens", "half", True),
        (MessageStatus.COMPLETE, "stop", "whole", False),
        (MessageStatus.STOPPED, None, "", False),
        (MessageStatus.FAILED, None, "", False),
        (MessageStatus.PENDING, None, "half", False),
    ],
)
def test_what_broke_off_with_words_can_go_on(
    status: MessageStatus, reason: str | None, text: str, possible: bool
) -> None:
    assert can_go_on(replace(reply(2, text, status), finish_reason=reason)) is possible


def test_a_question_cannot_go_on() -> None:
    assert not can_go_on(replace(question(1, "x"), status=MessageStatus.STOPPED))


@pytest.mark.parametrize("steps", [(RETRY,), (RETRY, GO_ON), (GO_ON, RETRY)])
def test_going_on_is_the_first_step_where_it_is_possible(steps: tuple[NextStep, ...]) -> None:
    problem = Problem("StreamInterrupted", "It broke off.", "words", steps, "req-1")
    shown = problem_of(replace(reply(2, "half", MessageStatus.INTERRUPTED), problem=problem))
    assert shown == replace(problem, steps=(GO_ON, RETRY))
    shown = problem_of(replace(reply(2, "", MessageStatus.FAILED), problem=problem))
    assert shown == replace(problem, steps=(RETRY,))


def test_only_a_reply_that_ended_badly_has_a_problem() -> None:
    problem = Problem("Offline", "No.")
    assert problem_of(reply(2, "x")) is None
    assert problem_of(replace(reply(2, "x", MessageStatus.STOPPED), problem=problem)) is None
