"""The phases of the turns that are on their way."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from PySide6.QtCore import QElapsedTimer

from desktop.domain.events import PhaseChanged


@dataclass(frozen=True, slots=True)
class Phase:
    """What a turn does, and a clock that runs since it began to."""

    event: PhaseChanged
    clock: QElapsedTimer


class Phases:
    """Knows the phase of every turn that is not final, in every conversation, by the reply's id."""

    def __init__(self) -> None:
        self._phases: dict[int, Phase] = {}

    @property
    def events(self) -> Mapping[int, PhaseChanged]:
        """The last word on each turn."""
        return {reply_id: phase.event for reply_id, phase in self._phases.items()}

    def find(self, reply_id: int) -> Phase | None:
        """The phase of a turn; None where none is known."""
        return self._phases.get(reply_id)

    def note(self, event: PhaseChanged) -> None:
        """A turn entered a phase; hearing of the same one again does not begin it anew."""
        known = self._phases.get(event.reply_id)
        if known is None or known.event != event:
            clock = QElapsedTimer()
            clock.start()
            self._phases[event.reply_id] = Phase(event, clock)

    def replace(self, conversation_id: int, events: Iterable[PhaseChanged]) -> None:
        """These are all the turns of a conversation that are not final."""
        told = {event.reply_id: event for event in events}
        for reply_id, phase in list(self._phases.items()):
            if phase.event.conversation_id == conversation_id and reply_id not in told:
                del self._phases[reply_id]
        for event in told.values():
            self.note(event)

    def end(self, reply_id: int) -> None:
        """A turn is final."""
        self._phases.pop(reply_id, None)
