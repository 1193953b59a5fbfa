"""The tour: the real window asks the built-in guide a question, and leaves pictures and a transcript."""

import asyncio
from pathlib import Path
from typing import TypeVar

from PySide6.QtWidgets import QAbstractButton, QPlainTextEdit, QWidget

from desktop.bridge import Bridge
from desktop.domain.events import Event, ReplyFinished, ReplyGrew
from desktop.domain.settings import Theme as ThemeChoice
from desktop.domain.turn import TurnState
from desktop.ui.theme import Theme
from desktop.ui.transcript import render_transcript

W = TypeVar("W", bound=QWidget)

QUESTION = "How do I connect Ollama?"
LIMIT_S = 60.0
SETTLE_S = 0.4


async def take_tour(folder: Path, window: QWidget, bridge: Bridge, theme: Theme) -> int:
    """Show how a question is asked and answered; returns the exit status, 0 if the reply came complete.

    Args:
        folder: gets the pictures and `transcript.md`.
    """
    await asyncio.to_thread(folder.mkdir, parents=True, exist_ok=True)
    theme.choose(ThemeChoice.LIGHT)
    end = _Ending(bridge)
    try:
        async with asyncio.timeout(LIMIT_S):
            await bridge.run(lambda services: services.discovery.look())
            await _picture(window, folder / "1-first-run-light.png")
            await _ask(window)
            await end.growing.wait()
            await _picture(window, folder / "2-writing-light.png")
            await end.finished.wait()
    except TimeoutError:
        return 1
    await _picture(window, folder / "3-reply-light.png")
    theme.choose(ThemeChoice.DARK)
    await _picture(window, folder / "4-reply-dark.png")
    messages = await bridge.run(lambda services: services.conversations.messages(end.conversation_id))
    await asyncio.to_thread((folder / "transcript.md").write_text, render_transcript(messages), "utf-8")
    return 0 if end.state is TurnState.DONE else 1


class _Ending:
    """Waits for the one turn of the tour."""

    def __init__(self, bridge: Bridge) -> None:
        self.growing = asyncio.Event()
        self.finished = asyncio.Event()
        self.state = TurnState.QUEUED
        self.conversation_id = 0
        bridge.eventsArrived.connect(self._on_events)

    def _on_events(self, events: list[Event]) -> None:
        for event in events:
            if isinstance(event, ReplyGrew):
                self.growing.set()
            elif isinstance(event, ReplyFinished):
                self.state, self.conversation_id = event.state, event.conversation_id
                self.finished.set()


async def _ask(window: QWidget) -> None:
    """Type the question as a person would, and press Send."""
    message = _named(window, QPlainTextEdit, "Message")
    for character in QUESTION:
        message.insertPlainText(character)
        await asyncio.sleep(0.02)
    _named(window, QAbstractButton, "Send").click()


async def _picture(window: QWidget, path: Path) -> None:
    """Save a picture of the window once it has settled; encoding happens off the Qt thread."""
    await asyncio.sleep(SETTLE_S)
    image = window.grab().toImage()
    await asyncio.to_thread(image.save, str(path))


def _named(window: QWidget, kind: type[W], name: str) -> W:
    return next(widget for widget in window.findChildren(kind) if widget.accessibleName() == name)
