"""The phase line's words: what is happening, and for how long."""

import math

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
        tries, of = phase.attempt - 1, phase.attempts_allowed - 1
        return f"Waiting to retry ({tries} of {of}, in {_left((phase.wait_s or 0.0) - seconds)})"
    words = _WORDS[phase.state]
    return f"{words} · {seconds:.0f} s" if seconds >= 1 else words


def _left(seconds: float) -> str:
    """A time that is left, as finely as it matters."""
    if seconds < 10:
        return f"{max(0.0, seconds):.1f} s"
    whole = math.ceil(seconds)
    return f"{whole} s" if whole < 60 else f"{whole // 60} min {whole % 60:02d} s"
