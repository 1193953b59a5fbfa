"""The breaker: a service that keeps failing is left alone for a while.

The pattern is M. Nygard's (*Release It!*, 2007): closed, open after failures in a row, one probe after a while.
"""

import re
import time
from collections.abc import Callable
from dataclasses import dataclass

from desktop.domain.address import Reach
from desktop.domain.errors import BreakerOpen, Offline, Overloaded, ProviderDown, ProviderError, RateLimited, TimedOut
from desktop.domain.model import ModelRef
from desktop.domain.service import Service

FAILURES = 5
OPEN_S = 120.0
_COUNTED = (ProviderDown, Overloaded, RateLimited, TimedOut, Offline)


@dataclass(slots=True)
class _Circuit:
    failures: int = 0
    open_until: float = 0.0
    probing: bool = False


class Breaker:
    """Counts failures in a row of each service and family of models, and refuses what will hardly succeed.

    Only the service's own failures count, and not that nothing listens on this computer, which costs nothing to see.

    Args:
        clock: seconds that only grow.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._circuits: dict[tuple[str, str], _Circuit] = {}

    def check(self, service: Service, model: ModelRef, *, insist: bool) -> None:
        """Whether a turn may begin to ask.

        Args:
            insist: a person asks once more although the circuit is open; this is the probe.

        Raises:
            BreakerOpen: the service failed too often and the wait is not over, or somebody is just probing.
        """
        circuit = self._circuits.get(_key(model))
        if circuit is None or circuit.failures < FAILURES:
            return
        left = circuit.open_until - self._clock()
        if (left > 0 and not insist) or circuit.probing:
            raise BreakerOpen(
                f"{service.name} failed {circuit.failures} times in a row, so Parley leaves it alone for "
                f"{max(1, round(left))} s more. Retry asks it now, once."
            )
        circuit.probing = True

    def note_success(self, model: ModelRef) -> None:
        """A request was answered."""
        self._circuits.pop(_key(model), None)

    def note_failure(self, service: Service, model: ModelRef, error: ProviderError) -> None:
        """A request failed."""
        circuit = self._circuits.setdefault(_key(model), _Circuit())
        circuit.probing = False
        if not isinstance(error, _COUNTED) or (isinstance(error, Offline) and service.reach is Reach.LOCAL):
            return
        circuit.failures += 1
        if circuit.failures >= FAILURES:
            circuit.open_until = self._clock() + max(OPEN_S, error.retry_after or 0.0)


def _key(model: ModelRef) -> tuple[str, str]:
    return model.service_id, family_of(model.name)


def family_of(model_name: str) -> str:
    """What models of one make have in common: `gpt` of `openai/gpt-5-mini`, `qwen3` of `qwen3:8b`."""
    return re.split(r"[-:@ ]", model_name.rpartition("/")[2], maxsplit=1)[0].lower()
