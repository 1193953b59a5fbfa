"""Turns that wait: behind another one, or for a person to say whether they shall be sent at all."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import pairwise

from desktop.domain.events import PhaseChanged
from desktop.domain.message import Message, MessageStatus, Role
from desktop.domain.turn import TurnState


class Standing(StrEnum):
    """Why a turn waits."""

    QUEUED = "queued"
    HELD = "not sent"


@dataclass(frozen=True, slots=True)
class Waiting:
    """A turn of which nothing was sent yet. `text` is the person's message."""

    reply_id: int
    standing: Standing
    text: str
    can_go_earlier: bool = False
    can_go_later: bool = False


def find_waiting(messages: Sequence[Message], phases: Mapping[int, PhaseChanged]) -> dict[int, Waiting]:
    """The turns on a path that wait, in order, by the reply's id; the first that is not held back is not one of them.

    Args:
        phases: what is known of the turns, by the reply's id.
    """
    found: list[Waiting] = []
    busy = False
    for asked, reply in pairwise(messages):
        if reply.role is not Role.ASSISTANT or reply.status is not MessageStatus.PENDING:
            continue
        phase = phases.get(reply.id)
        if phase is not None and phase.held:
            found.append(Waiting(reply.id, Standing.HELD, asked.text))
        elif busy and (phase is None or phase.state is TurnState.QUEUED):
            found.append(Waiting(reply.id, Standing.QUEUED, asked.text))
        else:
            busy = True
    return {one.reply_id: one for one in _with_places(found)}


def _with_places(found: list[Waiting]) -> list[Waiting]:
    queued = [one.reply_id for one in found if one.standing is Standing.QUEUED]
    return [
        replace(one, can_go_earlier=one.reply_id != queued[0], can_go_later=one.reply_id != queued[-1])
        if one.standing is Standing.QUEUED
        else one
        for one in found
    ]
