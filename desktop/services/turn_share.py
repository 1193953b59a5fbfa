"""What all runs of turns share, and how one of them shall be run."""

from dataclasses import dataclass

from desktop.domain.model import ModelRef
from desktop.domain.settings import Settings
from desktop.services.breaker import Breaker
from desktop.services.feed import Feed
from desktop.services.models import ModelService
from desktop.services.slots import Slots
from desktop.services.store.attempts import AttemptStore
from desktop.services.store.messages import MessageStore
from desktop.services.store.queue import QueueStore
from desktop.services.store.turns import TurnStore
from desktop.services.windows import Windows


@dataclass(frozen=True, slots=True)
class TurnStores:
    """Where a run reads the history and keeps what it does."""

    turns: TurnStore
    queue: QueueStore
    attempts: AttemptStore
    messages: MessageStore


@dataclass(frozen=True, slots=True)
class TurnShare:
    """What all runs share."""

    stores: TurnStores
    models: ModelService
    windows: Windows
    slots: Slots
    breaker: Breaker
    feed: Feed


@dataclass(frozen=True, slots=True)
class TurnOrder:
    """How one turn shall be run.

    `longest_wait_s` is the longest wish of a service that is granted. `fallbacks` are asked in order where the turn's
    own model does not answer. `insist` asks also where the breaker is open.
    """

    settings: Settings
    longest_wait_s: float
    fallbacks: tuple[ModelRef, ...] = ()
    insist: bool = False
