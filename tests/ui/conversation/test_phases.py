import time

from desktop.domain.events import PhaseChanged
from desktop.domain.turn import TurnState
from desktop.ui.conversation.phases import Phases

WRITING = PhaseChanged(1, 2, TurnState.WRITING)


def test_hearing_of_the_same_phase_again_does_not_begin_it_anew() -> None:
    phases = Phases()
    phases.note(WRITING)
    time.sleep(0.02)
    phases.note(WRITING)
    found = phases.find(2)
    assert found is not None
    assert found.clock.elapsed() >= 20
    phases.note(PhaseChanged(1, 2, TurnState.THINKING))
    assert phases.events == {2: PhaseChanged(1, 2, TurnState.THINKING)}


def test_what_a_conversation_has_is_replaced_and_nothing_else() -> None:
    phases = Phases()
    elsewhere = PhaseChanged(7, 9, TurnState.WAITING, wait_s=3.0)
    for event in (WRITING, elsewhere, PhaseChanged(1, 4, TurnState.QUEUED)):
        phases.note(event)
    held = PhaseChanged(1, 6, TurnState.QUEUED, held=True)
    phases.replace(1, [WRITING, held])
    assert phases.events == {2: WRITING, 9: elsewhere, 6: held}


def test_what_has_ended_has_no_phase() -> None:
    phases = Phases()
    phases.note(WRITING)
    phases.end(2)
    phases.end(2)
    assert phases.find(2) is None
