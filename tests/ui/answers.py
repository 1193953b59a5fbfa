"""Services that give prepared answers, for windows whose own work is elsewhere."""

import asyncio
from collections.abc import Callable, Coroutine
from types import SimpleNamespace
from typing import Any

from PySide6.QtCore import QObject, Signal

Calls = list[tuple[str, tuple[object, ...]]]


class Answers(QObject):
    """Stands where the bridge stands; each answer is a value, an error to raise, or a function.

    Args:
        answers: by `service.method`.
    """

    eventsArrived = Signal(list)  # noqa: N815 - the bridge's name

    def __init__(self, answers: dict[str, object]) -> None:
        super().__init__()
        self.calls: Calls = []
        self._named: list[tuple[str, dict[str, object]]] = []
        self.answers = answers

    def run(self, command: Callable[[Any], Coroutine[Any, Any, Any]]) -> "asyncio.Future[Any]":
        return asyncio.ensure_future(command(self._services()))

    def called(self, name: str) -> list[tuple[object, ...]]:
        return [arguments for called, arguments in self.calls if called == name]

    def named(self, name: str) -> list[dict[str, object]]:
        """The arguments that were given by name, call by call."""
        return [arguments for called, arguments in self._named if called == name]

    def _services(self) -> SimpleNamespace:
        """What is answered now, as services."""
        services = SimpleNamespace()
        for name in self.answers:
            service, method = name.split(".")
            if not hasattr(services, service):
                setattr(services, service, SimpleNamespace())
            setattr(getattr(services, service), method, self._method(name))
        return services

    def _method(self, name: str) -> Callable[..., Coroutine[Any, Any, object]]:
        async def answer(*arguments: object, **named: object) -> object:
            self.calls.append((name, arguments))
            self._named.append((name, named))
            await asyncio.sleep(0)
            given = self.answers[name]
            if isinstance(given, Exception):
                raise given
            return given(*arguments, **named) if callable(given) else given

        return answer
