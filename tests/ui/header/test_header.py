from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit

from desktop.ui.header.view import Header
from desktop.ui.icons import Icons
from desktop.ui.theme import Theme


@pytest.fixture
def header(theme: Theme) -> Iterator[Header]:
    made = Header(theme, Icons(theme))
    made.resize(700, 52)
    made.show()
    yield made
    made.close()
    made.deleteLater()


def test_the_chip_says_in_words_where_messages_go(header: Header) -> None:
    header.chip.show_model("gpt", "Cloud · api.openai.com", stays=False)
    assert header.chip.accessibleName() == "Model"
    assert header.chip.accessibleDescription() == "gpt, Cloud · api.openai.com"


def test_staying_and_leaving_have_different_colours(header: Header, theme: Theme) -> None:
    header.chip.show_model("qwen3:8b", "Local", stays=True)
    assert _has(header.chip.grab().toImage(), theme.tokens.local)
    header.chip.show_model("gpt", "Cloud · api.openai.com", stays=False)
    assert _has(header.chip.grab().toImage(), theme.tokens.cloud)


def test_a_very_long_model_name_leaves_room_for_the_title(header: Header) -> None:
    header.title.show_title("A title that is long enough to need some room", editable=True)
    header.chip.show_model("x" * 400, "Network · some.far.away.host.example", stays=False)
    QApplication.processEvents()
    assert header.chip.geometry().right() < header.width()
    assert header.title.width() > 100


def test_a_double_click_renames(header: Header) -> None:
    edited: list[str] = []
    header.title.edited.connect(edited.append)
    header.title.show_title("Old", editable=True)
    QTest.mouseDClick(header.title, Qt.MouseButton.LeftButton)
    field = header.title.findChild(QLineEdit)
    assert isinstance(field, QLineEdit)
    field.setText("New")
    QTest.keyClick(field, Qt.Key.Key_Return)
    assert edited == ["New"]


def test_escape_leaves_the_title_as_it_was(header: Header) -> None:
    edited: list[str] = []
    header.title.edited.connect(edited.append)
    header.title.show_title("Old", editable=True)
    header.title.start_editing()
    field = header.title.findChild(QLineEdit)
    assert isinstance(field, QLineEdit)
    field.setText("New")
    QTest.keyClick(field, Qt.Key.Key_Escape)
    assert edited == []
    assert not field.isVisible()


def test_a_new_chat_has_nothing_to_rename(header: Header) -> None:
    header.title.show_title("New chat", editable=False)
    QTest.mouseDClick(header.title, Qt.MouseButton.LeftButton)
    assert not [one for one in header.findChildren(QLineEdit) if one.isVisible()]


def _has(image: QImage, color: str) -> bool:
    return any(
        image.pixelColor(x, y).name() == color for x in range(0, image.width(), 2) for y in range(0, image.height(), 2)
    )
