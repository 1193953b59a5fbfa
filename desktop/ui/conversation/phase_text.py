"""The phase line's words: what is happening, and for how long."""

from desktop.domain.events import PhaseChanged
from desktop.domain.turn import TurnState

_WORDS = {
    TurnState.QUEUED: "Queued",
    TurnState.CONNECTING: "Connecting",
    TurnState.LOADING: "Loading model",
    TurnState.READING: "Reading prompt",
    TurnState.THINKING: "Thinking",
    TurnState.WRITING: "Writing",
}


def phase_text(phase: PhaseChanged, seconds: float) -> str:
    """One quiet line.

    Args:
        seconds: how long the phase has lasted.
    """
    if phase.state is TurnState.WAITING:
        left = max(0.0, (phase.wait_s or 0.0) - seconds)
        tries, of = phase.attempt - 1, phase.attempts_allowed - 1
        return f"Waiting to retry ({tries} of {of}, in {left:.1f} s)"
    words = _WORDS[phase.state]
    return f"{words} · {seconds:.0f} s" if seconds >= 1 else words
