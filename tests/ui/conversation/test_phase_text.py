import pytest

from desktop.domain.events import PhaseChanged
from desktop.domain.turn import FINAL_STATES, TurnState
from desktop.ui.conversation.phase_text import phase_text


@pytest.mark.parametrize(
    ("state", "words"),
    [
        (TurnState.QUEUED, "Queued"),
        (TurnState.CONNECTING, "Connecting"),
        (TurnState.LOADING, "Loading model"),
        (TurnState.READING, "Reading prompt"),
        (TurnState.THINKING, "Thinking"),
        (TurnState.WRITING, "Writing"),
    ],
)
def test_a_phase_has_words_and_after_a_second_a_length(state: TurnState, words: str) -> None:
    phase = PhaseChanged(1, 2, state)
    assert phase_text(phase, 0.0) == phase_text(phase, 0.99) == words
    assert phase_text(phase, 1.0) == f"{words} · 1 s"
    assert phase_text(phase, 125.4) == f"{words} · 125 s"


def test_waiting_counts_down_to_the_next_try() -> None:
    phase = PhaseChanged(1, 2, TurnState.WAITING, attempt=2, attempts_allowed=4, wait_s=2.0)
    assert phase_text(phase, 0.5) == "Waiting to retry (1 of 3, in 1.5 s)"
    assert phase_text(phase, 9.0) == "Waiting to retry (1 of 3, in 0.0 s)"
    assert phase_text(PhaseChanged(1, 2, TurnState.WAITING, 3, 4), 1.0) == "Waiting to retry (2 of 3, in 0.0 s)"


@pytest.mark.parametrize(
    ("left_s", "words"), [(19.2, "20 s"), (10.0, "10 s"), (9.94, "9.9 s"), (60.0, "1 min 00 s"), (753.1, "12 min 34 s")]
)
def test_a_wait_is_told_as_finely_as_it_matters(left_s: float, words: str) -> None:
    phase = PhaseChanged(1, 2, TurnState.WAITING, attempt=2, attempts_allowed=6, wait_s=1_000.0)
    assert phase_text(phase, 1_000.0 - left_s) == f"Waiting to retry (1 of 5, in {words})"


@pytest.mark.parametrize("state", [state for state in TurnState if state not in FINAL_STATES])
def test_no_phase_is_without_words(state: TurnState) -> None:
    assert phase_text(PhaseChanged(1, 2, state), 3.0)
