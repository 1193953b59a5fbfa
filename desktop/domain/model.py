"""Models and how they are named."""

from dataclasses import dataclass

from desktop.domain.errors import Problem
from desktop.domain.service import Service


@dataclass(frozen=True, slots=True)
class ModelRef:
    """Names one model of one service."""

    service_id: str
    name: str


@dataclass(frozen=True, slots=True)
class Model:
    """A model that a service offers; what nobody reported is None.

    `context_window` is tokens. `capabilities` are in Ollama's words: `completion`, `vision`, `tools`, `thinking`,
    `embedding`. `remote_host` is set where a local server passes the request on to somebody else's.
    """

    ref: ModelRef
    context_window: int | None = None
    remote_host: str | None = None
    capabilities: frozenset[str] | None = None


@dataclass(frozen=True, slots=True)
class ServiceModels:
    """The models of one service, or the problem that kept them from being listed."""

    service: Service
    models: tuple[Model, ...] = ()
    problem: Problem | None = None
