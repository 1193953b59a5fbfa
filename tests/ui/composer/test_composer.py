from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QAbstractButton, QApplication, QHeaderView, QLabel, QToolButton

from desktop.bridge import Bridge
from desktop.domain.settings import SendKey
from desktop.domain.settings import Theme as ThemeChoice
from desktop.ui.composer.drafts import Drafts
from desktop.ui.composer.file_dialog import make_file_dialog
from desktop.ui.composer.view import HINTS, Composer
from desktop.ui.icons import Icons
from desktop.ui.tasks import Tasks
from desktop.ui.theme import Theme
from tests.ui.conftest import Until

pytestmark = pytest.mark.anyio


@pytest.fixture
def composer(bridge: Bridge, tasks: Tasks, theme: Theme) -> Iterator[Composer]:
    made = Composer(Drafts(bridge, tasks), tasks, theme, Icons(theme))
    made.resize(800, 140)
    made.show()
    yield made
    made.close()
    made.deleteLater()


def _button(composer: Composer, name: str) -> QAbstractButton:
    return next(one for one in composer.findChildren(QAbstractButton) if one.accessibleName() == name)


async def test_send_waits_for_words_and_hands_them_over(composer: Composer) -> None:
    sent: list[str] = []
    composer.submitted.connect(sent.append)
    assert not _button(composer, "Send").isEnabled()
    composer.edit.setPlainText("  \n ")
    assert not _button(composer, "Send").isEnabled()
    composer.edit.setPlainText(" hello\n")
    _button(composer, "Send").click()
    assert sent == ["hello"]
    assert composer.edit.toPlainText() == ""


async def test_send_becomes_stop_while_a_reply_is_on_its_way(composer: Composer) -> None:
    stopped: list[bool] = []
    composer.stopped.connect(lambda: stopped.append(True))
    composer.set_busy(busy=True)
    assert not _button(composer, "Send").isVisible()
    _button(composer, "Stop").click()
    assert stopped == [True]
    composer.set_busy(busy=False)
    assert _button(composer, "Send").isVisible()
    assert not _button(composer, "Stop").isVisible()


async def test_what_is_written_while_a_reply_is_on_its_way_can_be_sent_and_the_reply_stopped(
    composer: Composer,
) -> None:
    sent: list[str] = []
    composer.submitted.connect(sent.append)
    composer.set_busy(busy=True)
    composer.edit.setPlainText("next question")
    assert _button(composer, "Send").isVisible()
    assert _button(composer, "Stop").isVisible()
    composer.edit.submitted.emit()
    assert sent == ["next question"]
    assert not _button(composer, "Send").isVisible()


async def test_a_text_that_comes_back_stands_below_what_is_written(composer: Composer) -> None:
    composer.give_back("taken back")
    assert composer.edit.toPlainText() == "taken back"
    composer.give_back("x" * 50_000)
    assert composer.edit.toPlainText() == f"taken back\n\n{'x' * 50_000}"


async def test_a_given_file_becomes_part_of_the_message(composer: Composer, tmp_path: Path, until: Until) -> None:
    path = tmp_path / "notes.md"
    path.write_text("# Notes", encoding="utf-8")
    composer.edit.setPlainText("Look:")
    composer.edit.moveCursor(composer.edit.textCursor().MoveOperation.End)
    composer.edit.filesGiven.emit([path])
    await until(lambda: "Notes" in composer.edit.toPlainText())
    assert composer.edit.toPlainText() == "Look:\n\nnotes.md\n```md\n# Notes\n```\n\n"


async def test_another_recipient_is_painted_at_once(composer: Composer, app: QApplication, until: Until) -> None:
    composer.show_recipient("Ask the guide…")
    app.processEvents()
    painted = Painted()
    composer.edit.viewport().installEventFilter(painted)
    composer.show_recipient("Message qwen3:8b…")
    await until(lambda: painted.times)
    assert composer.edit.placeholderText() == "Message qwen3:8b…"


async def test_a_word_stands_for_a_moment_in_place_of_the_hint(composer: Composer, until: Until) -> None:
    composer._moment.setInterval(20)
    composer.flash("Copied")
    assert _says(composer, "Copied")
    composer.use_send_key(SendKey.CTRL_ENTER)
    assert _says(composer, "Copied")
    await until(lambda: _says(composer, HINTS[SendKey.CTRL_ENTER]))


@pytest.mark.parametrize("choice", [ThemeChoice.LIGHT, ThemeChoice.DARK])
async def test_qts_own_file_dialog_can_be_read_in_both_themes(
    composer: Composer, theme: Theme, choice: ThemeChoice
) -> None:
    theme.choose(choice)
    dialog = make_file_dialog(Icons(theme), composer)
    dialog.resize(800, 440)
    dialog.show()
    header = dialog.findChild(QHeaderView)
    assert isinstance(header, QHeaderView)
    image = header.grab().toImage()
    colors = {image.pixelColor(x, y).name() for x in range(image.width()) for y in range(image.height())}
    assert {theme.tokens.page, theme.tokens.dim} <= colors
    up = next(one for one in dialog.findChildren(QToolButton) if one.objectName() == "toParentButton")
    drawn = up.icon().pixmap(16, 16).toImage()
    assert theme.tokens.dim in {drawn.pixelColor(x, y).name() for x in range(16) for y in range(16)}
    shown = [one.objectName() for one in dialog.findChildren(QToolButton) if not one.isHidden() and one.objectName()]
    assert "newFolderButton" not in shown
    dialog.close()


class Painted(QObject):
    """Counts how often something was painted."""

    def __init__(self) -> None:
        super().__init__()
        self.times = 0

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        self.times += event.type() is QEvent.Type.Paint
        return False


def _says(composer: Composer, text: str) -> bool:
    return any(label.text() == text for label in composer.findChildren(QLabel))
