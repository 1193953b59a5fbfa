from desktop.domain.events import PhaseChanged
from desktop.domain.message import Message, MessageStatus
from desktop.domain.turn import TurnState
from desktop.ui.conversation.waiting import Standing, Waiting, find_waiting
from tests.ui.conversation.stage import question, reply, talk

PENDING = MessageStatus.PENDING


def _path(*texts: str) -> list[Message]:
    """A finished turn, and one that is not finished for each text."""
    more = [one for n, text in enumerate(texts) for one in (question(2 * n + 3, text), reply(2 * n + 4, "", PENDING))]
    return [*talk(1), *more]


def _phase(reply_id: int, state: TurnState = TurnState.QUEUED, *, held: bool = False) -> tuple[int, PhaseChanged]:
    return reply_id, PhaseChanged(1, reply_id, state, held=held)


def test_the_first_on_its_way_does_not_wait_whatever_its_phase_is() -> None:
    path = _path("a")
    assert find_waiting(path, {}) == {}
    assert find_waiting(path, dict([_phase(4)])) == {}
    assert find_waiting(path, dict([_phase(4, TurnState.WRITING)])) == {}


def test_those_behind_it_wait_in_the_order_of_the_path() -> None:
    phases = dict([_phase(8), _phase(6), _phase(4, TurnState.WRITING)])
    assert list(find_waiting(_path("a", "b", "c"), phases).values()) == [
        Waiting(6, Standing.QUEUED, "b", can_go_later=True),
        Waiting(8, Standing.QUEUED, "c", can_go_earlier=True),
    ]


def test_one_alone_has_nowhere_to_go() -> None:
    assert find_waiting(_path("a", "b"), {})[6] == Waiting(6, Standing.QUEUED, "b")


def test_what_is_held_back_keeps_nobody_waiting() -> None:
    phases = dict([_phase(4, held=True), _phase(6, TurnState.CONNECTING), _phase(8, held=True)])
    assert find_waiting(_path("a", "b", "c"), phases) == {
        4: Waiting(4, Standing.HELD, "a"),
        8: Waiting(8, Standing.HELD, "c"),
    }


def test_one_that_has_begun_does_not_wait_any_more() -> None:
    assert find_waiting(_path("a", "b"), dict([_phase(4, TurnState.WRITING), _phase(6, TurnState.CONNECTING)])) == {}
