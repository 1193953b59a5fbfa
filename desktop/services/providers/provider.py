"""Providers: whoever answers requests."""

from collections.abc import Callable
from typing import Protocol

from desktop.domain.attempt import Purpose
from desktop.domain.model import Model
from desktop.domain.request import Request
from desktop.services.providers.wire import Finish, ProviderEvent

Emit = Callable[[ProviderEvent], None]


class Provider(Protocol):
    """Answers requests piece by piece and tells which models it has."""

    def check(self) -> None:
        """Whether a request can leave at all.

        Raises:
            ProviderError: it cannot, so nothing must be sent.
        """

    async def reply(self, request: Request, emit: Emit, attempt_id: int) -> Finish:
        """Ask for a reply and hand on its progress and chunks as they arrive; cancelling closes the socket.

        Args:
            attempt_id: the row of the ledger under which what is sent is kept.

        Returns:
            The reply's end, only where its end mark arrived.

        Raises:
            ProviderError: the reply failed or broke off; what was emitted before is valid.
        """

    async def models(self, purpose: Purpose = Purpose.MODELS) -> tuple[Model, ...]:
        """The models that can be asked.

        Args:
            purpose: why somebody wants to know, for the ledger.

        Raises:
            ProviderError: they could not be listed.
        """
