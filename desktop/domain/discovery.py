"""What was found on this computer when Parley looked around."""

from dataclasses import dataclass

from desktop.domain.model import Model
from desktop.domain.service import Service


@dataclass(frozen=True, slots=True)
class FoundServer:
    """A local server that answered, with the models it offers."""

    service: Service
    models: tuple[Model, ...]


@dataclass(frozen=True, slots=True)
class FoundKey:
    """A key in the environment; only the variable's name, never its value."""

    service: Service
    variable: str


@dataclass(frozen=True, slots=True)
class Discovery:
    """Everything that one look around found."""

    servers: tuple[FoundServer, ...] = ()
    keys: tuple[FoundKey, ...] = ()
