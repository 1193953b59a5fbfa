"""A service: where models run, who runs them and which wire they speak."""

from dataclasses import dataclass
from enum import StrEnum

from desktop.domain.address import Address, Reach


class Wire(StrEnum):
    """The wire formats Parley speaks."""

    GUIDE = "guide"
    OLLAMA = "ollama"
    CHAT_COMPLETIONS = "chat_completions"


@dataclass(frozen=True, slots=True)
class Service:
    """One place that runs models. The built-in guide has no address."""

    id: str
    name: str
    wire: Wire
    address: Address | None = None
    needs_key: bool = False
    key_variables: tuple[str, ...] = ()

    @property
    def reach(self) -> Reach:
        """How far a message to this service travels."""
        return Reach.BUILT_IN if self.address is None else self.address.reach

    @property
    def destination(self) -> str:
        """Where the data goes, in the words of the window: `Local`, `Cloud · api.openai.com`."""
        if self.reach in (Reach.BUILT_IN, Reach.LOCAL) or self.address is None:
            return self.reach.capitalize()
        return f"{self.reach.capitalize()} · {self.address.host}"
