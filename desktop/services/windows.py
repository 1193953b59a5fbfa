"""Context windows that Ollama is told to make: large enough for the chat, and never smaller again in a session.

Source: Ollama `docs/faq.md`; unless told, it takes 4,096 tokens on most computers, and another `num_ctx` makes it load
the model anew.
"""

import contextlib

from desktop.domain.errors import ProviderError
from desktop.domain.model import ModelRef
from desktop.domain.request import PromptMessage
from desktop.domain.service import Service, Wire
from desktop.services.models import ModelService

SMALLEST = 8_192
ROOM_FOR_REPLY = 4_096
CHARACTERS_PER_TOKEN = 2.5  # on the safe side for prose in most scripts
_DENSE = 0x2E80  # from here on a character is about a token


class Windows:
    """Chooses the window of each local model, sticky for the session."""

    def __init__(self, models: ModelService) -> None:
        self._models = models
        self._chosen: dict[ModelRef, int] = {}
        self._largest: dict[ModelRef, int | None] = {}

    async def fit(self, service: Service, model: ModelRef, messages: tuple[PromptMessage, ...]) -> int | None:
        """The window in tokens to ask for, None where there is nothing to say.

        Args:
            messages: what will be sent; the window holds them and a reply.
        """
        if service.wire is not Wire.OLLAMA:
            return None
        needed = sum(estimate(message.text) for message in messages) + ROOM_FOR_REPLY
        window = self._chosen.get(model, SMALLEST)
        if window < needed:
            while window < needed:
                window *= 2
            window = min(window, await self._most(model) or window)
        self._chosen[model] = window
        return window

    async def _most(self, model: ModelRef) -> int | None:
        """The largest window the model can have, None if nobody tells; asked only when it matters."""
        if model not in self._largest:
            with contextlib.suppress(ProviderError):
                self._largest[model] = (await self._models.detail(model)).context_window
        return self._largest.get(model)


def estimate(text: str) -> int:
    """About how many tokens a text is; rather too many than too few."""
    if text.isascii():
        return round(len(text) / CHARACTERS_PER_TOKEN)
    dense = sum(ord(character) >= _DENSE for character in text)
    return round(dense + (len(text) - dense) / CHARACTERS_PER_TOKEN)
