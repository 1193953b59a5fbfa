"""Every setting, declared once with type, default and help; the window and the store derive from it."""

from dataclasses import Field, dataclass, field, fields
from enum import StrEnum


class Theme(StrEnum):
    """Which colours the window takes."""

    SYSTEM = "system"
    LIGHT = "light"
    DARK = "dark"


class SendKey(StrEnum):
    """Which key sends the message; the other one breaks the line."""

    ENTER = "enter"
    CTRL_ENTER = "ctrl+enter"


def _say(label: str, help_text: str) -> dict[str, str]:
    return {"label": label, "help": help_text}


@dataclass(frozen=True, slots=True)
class Settings:
    """The values of all settings of a profile."""

    theme: Theme = field(default=Theme.SYSTEM, metadata=_say("Theme", "Follow the system, or always light or dark."))
    send_key: SendKey = field(default=SendKey.ENTER, metadata=_say("Send with", "Shift+Enter always breaks the line."))
    default_service: str = field(
        default="guide", metadata=_say("Default service", "The service that answers a new chat.")
    )
    default_model: str = field(
        default="Parley guide", metadata=_say("Default model", "The model that answers a new chat.")
    )
    max_retries: int = field(
        default=5, metadata=_say("Retries", "How often a failed request is tried again before the first word.")
    )
    retry_delay_s: float = field(
        default=0.5, metadata=_say("First pause", "Seconds before the first retry; each next pause is doubled.")
    )
    request_timeout_s: float = field(
        default=120.0, metadata=_say("Time limit", "Seconds a cloud service may stay silent.")
    )


@dataclass(frozen=True, slots=True)
class Declaration:
    """What a settings window needs to show one setting."""

    name: str
    label: str
    help: str
    default: object


def declarations() -> tuple[Declaration, ...]:
    """All settings in the order in which they are declared."""
    return tuple(_declaration(one) for one in fields(Settings))


def _declaration(one: Field[object]) -> Declaration:
    return Declaration(one.name, one.metadata["label"], one.metadata["help"], one.default)
