"""States of a turn."""

from desktop.domain.message import MessageStatus
from desktop.domain.turn import REPLY_STATUS, TurnState


def test_each_final_state_gives_the_reply_a_status_of_its_own() -> None:
    assert {state for state in TurnState if state.is_final} == set(REPLY_STATUS)
    assert sorted(REPLY_STATUS.values()) == sorted(set(MessageStatus) - {MessageStatus.PENDING})


def test_work_is_not_final() -> None:
    working = [state.value for state in TurnState if not state.is_final]
    assert working == ["queued", "connecting", "loading", "reading", "thinking", "writing", "waiting"]
