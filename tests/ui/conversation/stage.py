"""A conversation view on a screen that nobody sees, and messages to show in it."""

from dataclasses import replace
from datetime import UTC, datetime

from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QGuiApplication, QImage, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QWidget

from desktop.domain.chunk import Channel, Chunk
from desktop.domain.conversation import Conversation
from desktop.domain.events import ReplyFinished, ReplyGrew
from desktop.domain.message import Message, MessageStatus, Role
from desktop.domain.turn import TurnState
from desktop.ui.conversation.view import ConversationView
from desktop.ui.conversation.view_model import ConversationViewModel
from desktop.ui.theme import Theme
from tests.ui.answers import Answers

NOW = datetime(2026, 1, 1, 12, 30, tzinfo=UTC)
PLACE = Conversation(1, "Talk", NOW, NOW)


def question(number: int, text: str) -> Message:
    return Message(number, PLACE.id, number - 1 or None, Role.USER, text, NOW)


def reply(number: int, text: str, status: MessageStatus = MessageStatus.COMPLETE) -> Message:
    return Message(number, PLACE.id, number - 1 or None, Role.ASSISTANT, text, NOW, "qwen3:8b", status=status)


def talk(turns: int, text: str = "A *reply* of some words.") -> list[Message]:
    """Questions and replies in turn."""
    return [
        message
        for turn in range(turns)
        for message in (question(2 * turn + 1, f"Question {turn}"), reply(2 * turn + 2, f"{text} {turn}"))
    ]


class Stage:
    """A shown conversation view, with what the services would say at hand."""

    def __init__(self, app: QApplication, bridge: Answers, view_model: ConversationViewModel, theme: Theme) -> None:
        self._app = app
        self._bridge = bridge
        self.view_model = view_model
        self.view = ConversationView(view_model, theme)
        self.view.resize(700, 500)
        self.view.show()
        self.settle()

    @property
    def bar(self) -> int:
        return self.view.verticalScrollBar().value()

    @property
    def is_at_end(self) -> bool:
        bar = self.view.verticalScrollBar()
        return bar.value() == bar.maximum()

    def settle(self) -> None:
        """Let Qt do what is due."""
        for _ in range(3):
            self._app.processEvents()

    def show(self, messages: list[Message]) -> None:
        """Open the conversation with these messages."""
        self.view_model._conversation = PLACE
        self.view_model._take(list(messages))
        self.settle()

    def grow(self, text: str, channel: Channel = Channel.TEXT) -> None:
        """A chunk of the last message arrives."""
        last = self.view_model.messages[-1]
        known = last.text if channel is Channel.TEXT else last.reasoning
        self._bridge.eventsArrived.emit([ReplyGrew(PLACE.id, last.id, Chunk(text, channel), len(known))])
        self.settle()

    def end(self, state: TurnState = TurnState.DONE, **changes: object) -> None:
        """The last message is complete."""
        last = replace(self.view_model.messages[-1], **{"status": MessageStatus.COMPLETE, **changes})  # type: ignore[arg-type]
        self._bridge.eventsArrived.emit([ReplyFinished(PLACE.id, last, state, 1)])
        self.settle()

    def find(self, words: str) -> QPoint:
        """Where words are seen on the canvas; fails if they are not in sight."""
        view = self.view
        for row, article in enumerate(view._articles):
            for one in article.placed():
                index = one.tile.text.find(words)
                corner = view._corner(row) + QPoint(0, round(one.top))
                if index < 0 or not one.tile.is_laid_out or not -1 <= corner.y() < view.viewport().height():
                    continue
                for y in range(4, round(one.tile.height), 6):
                    for x in range(0, view.viewport().width(), 3):
                        if one.tile.position_at(x, y) == index:
                            return corner + QPoint(x, y)
        raise AssertionError(f"not in sight: {words}")

    def button(self, name: str) -> QAbstractButton | None:
        buttons = self.view.viewport().findChildren(QAbstractButton)
        return next((one for one in buttons if one.isVisible() and name in (one.accessibleName(), one.text())), None)

    def click(self, name: str) -> None:
        button = self.button(name)
        assert button is not None, f"no button {name}"
        QTest.mouseClick(button, Qt.MouseButton.LeftButton)
        self.settle()

    def key(self, key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        QTest.keyClick(self.view, key, modifier)
        self.settle()

    def step(self, step: int) -> None:
        """What Alt+Up and Alt+Down do."""
        self.view.step_message(step)
        self.settle()

    def scroll_to(self, value: int) -> None:
        self.view.verticalScrollBar().setValue(value)
        self.settle()

    def wheel(self, steps: int) -> None:
        canvas = self.view.viewport()
        place = QPointF(canvas.rect().center())
        wheel = QWheelEvent(
            place,
            canvas.mapToGlobal(place),
            QPoint(),
            QPoint(0, 120 * steps),
            Qt.MouseButton.NoButton,
            Qt.KeyboardModifier.NoModifier,
            Qt.ScrollPhase.NoScrollPhase,
            False,
        )
        QApplication.sendEvent(canvas, wheel)
        self.settle()

    def picture(self) -> QImage:
        """The canvas without the widgets on it."""
        image = QImage(self.view.viewport().size(), QImage.Format.Format_RGB32)
        image.fill(Qt.GlobalColor.white)
        self.view.viewport().render(image, QPoint(), renderFlags=QWidget.RenderFlag.DrawWindowBackground)
        return image

    def tops(self) -> dict[str, int]:
        """What is in sight, and where its top is."""
        view, found = self.view, {}
        for row in view._articles.rows_between(self.bar, self.bar + view.viewport().height()):
            for one in view._articles[row].placed():
                top = view._corner(row).y() + round(one.top)
                if one.tile.is_laid_out and one.tile.text and -one.tile.height < top < view.viewport().height():
                    found[f"{row} {one.tile.text[:40]}"] = top
        return found

    def drag(self, start: QPoint, end: QPoint) -> None:
        canvas = self.view.viewport()
        QTest.mousePress(canvas, Qt.MouseButton.LeftButton, pos=start)
        for step in range(1, 6):
            QTest.mouseMove(canvas, start + (end - start) * step / 5)
            self.settle()
        QTest.mouseRelease(canvas, Qt.MouseButton.LeftButton, pos=end)

    def copied(self) -> str:
        QGuiApplication.clipboard().setText("before")
        QTest.keyClick(self.view, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
        return QGuiApplication.clipboard().text()
