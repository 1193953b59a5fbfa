"""A service: where models run, who runs them and which wire they speak."""

from dataclasses import dataclass
from enum import StrEnum

from desktop.domain.address import Address, Reach


class Wire(StrEnum):
    """The wire formats Parley speaks."""

    GUIDE = "guide"
    OLLAMA = "ollama"
    CHAT_COMPLETIONS = "chat_completions"
    RESPONSES = "responses"
    ANTHROPIC = "anthropic"
    GEMINI = "gemini"


class Prefill(StrEnum):
    """What a service wants said beside a reply that is begun, so that it goes on with it.

    `PREFIX` the message bears `prefix: true`, as Mistral wants; `CONTINUE_FINAL` the request says
    `continue_final_message: true`, as vLLM wants.
    """

    UNSAID = "unsaid"
    PREFIX = "prefix"
    CONTINUE_FINAL = "continue_final"


@dataclass(frozen=True, slots=True)
class Habits:
    """Where a service departs from the custom of its wire, as data.

    `key_header` replaces the header that bears the key, `headers` are sent with every call, `query` ends every URL.
    `models` are offered where the service lists none itself; `versioned` says whether its paths begin with `/v1`.
    """

    key_header: str = ""
    headers: tuple[tuple[str, str], ...] = ()
    query: str = ""
    prefill: Prefill = Prefill.UNSAID
    models: tuple[str, ...] = ()
    versioned: bool = True


@dataclass(frozen=True, slots=True)
class Limits:
    """What holds for one service in place of the settings of the same names; None leaves those."""

    max_retries: int | None = None
    retry_delay_s: float | None = None
    request_timeout_s: float | None = None
    total_timeout_s: float | None = None


@dataclass(frozen=True, slots=True)
class Service:
    """One place that runs models. The built-in guide has no address.

    `prefills` says that a reply goes on after a last message of the assistant's.
    """

    id: str
    name: str
    wire: Wire
    address: Address | None = None
    needs_key: bool = False
    key_variables: tuple[str, ...] = ()
    prefills: bool = False
    habits: Habits = Habits()
    limits: Limits = Limits()

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
