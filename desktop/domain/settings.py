"""Every setting, declared once with type, default and help; the window and the store derive from it."""

from dataclasses import Field, dataclass, field, fields, replace
from enum import StrEnum

from desktop.domain.service import Limits


class Theme(StrEnum):
    """Which colours the window takes."""

    SYSTEM = "system"
    LIGHT = "light"
    DARK = "dark"


class SendKey(StrEnum):
    """Which key sends the message; the other one breaks the line."""

    ENTER = "enter"
    CTRL_ENTER = "ctrl+enter"


class LogLevel(StrEnum):
    """From which level on Parley's log keeps a line."""

    DEBUG = "debug"
    INFO = "info"
    WARNING = "warning"
    ERROR = "error"


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
    total_timeout_s: float = field(
        default=0.0, metadata=_say("Time limit for a reply", "Seconds a whole reply may take; 0 sets no limit.")
    )
    concurrent_cloud: int = field(
        default=4, metadata=_say("At once, cloud", "How many replies one cloud service writes at the same time.")
    )
    concurrent_local: int = field(
        default=1, metadata=_say("At once, local", "How many replies one server on this computer writes at a time.")
    )
    proxy: str = field(
        default="",
        metadata=_say("Proxy", "Such as http://host:3128 or socks5://host:1080. Never used for this computer itself."),
    )
    ca_file: str = field(
        default="",
        metadata=_say("Extra certificates", "A PEM file of authorities to trust beside those of your system."),
    )
    log_level: LogLevel = field(
        default=LogLevel.WARNING, metadata=_say("Log", "From which level on the log file keeps a line.")
    )
    log_text: bool = field(
        default=False,
        metadata=_say("Log what is said", "Let the log at level debug hold what is sent and received. Keys never are."),
    )


def limited(settings: Settings, limits: Limits) -> Settings:
    """The settings as they hold for a service with limits of its own."""
    own = {one.name: getattr(limits, one.name) for one in fields(limits)}
    return replace(settings, **{name: value for name, value in own.items() if value is not None})


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
