from collections.abc import Iterator

import pytest
from PySide6.QtCore import QMimeData, Qt, QUrl
from PySide6.QtGui import QInputMethodEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from desktop.domain.settings import SendKey
from desktop.ui.composer.message_edit import MessageEdit
from desktop.ui.theme import Theme
from desktop.ui.tokens import SIZES

ENTER, SHIFT, CTRL = Qt.Key.Key_Return, Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.ControlModifier
PLAIN = Qt.KeyboardModifier.NoModifier


@pytest.fixture
def edit(theme: Theme) -> Iterator[MessageEdit]:
    made = MessageEdit(theme)
    made.resize(400, 40)
    made.show()
    yield made
    made.deleteLater()


@pytest.fixture
def sent(edit: MessageEdit) -> list[str]:
    texts: list[str] = []
    edit.submitted.connect(lambda: texts.append(edit.toPlainText()))
    return texts


@pytest.mark.parametrize(
    ("key", "held", "sends"),
    [
        (SendKey.ENTER, PLAIN, True),
        (SendKey.ENTER, SHIFT, False),
        (SendKey.ENTER, CTRL, True),
        (SendKey.CTRL_ENTER, PLAIN, False),
        (SendKey.CTRL_ENTER, SHIFT, False),
        (SendKey.CTRL_ENTER, CTRL, True),
    ],
)
def test_which_enter_sends(
    edit: MessageEdit, sent: list[str], key: SendKey, held: Qt.KeyboardModifier, sends: bool
) -> None:
    edit.use_send_key(key)
    QTest.keyClicks(edit, "hi")
    QTest.keyClick(edit, ENTER, held)
    assert sent == (["hi"] if sends else [])
    assert edit.toPlainText() == ("hi" if sends else "hi\n")


def test_an_enter_that_ends_a_composition_never_sends(edit: MessageEdit, sent: list[str]) -> None:
    QApplication.sendEvent(edit, QInputMethodEvent("にほん", []))
    QTest.keyClick(edit, ENTER)
    assert sent == []
    committed = QInputMethodEvent("", [])
    committed.setCommitString("日本")
    QApplication.sendEvent(edit, committed)
    QTest.keyClick(edit, ENTER)
    assert len(sent) == 1
    assert "日本" in sent[0]


def test_pasting_takes_plain_text_only(edit: MessageEdit) -> None:
    data = QMimeData()
    data.setHtml("<b>bold</b>")
    data.setText("bold")
    edit.insertFromMimeData(data)
    assert edit.toPlainText() == "bold"
    html_only = QMimeData()
    html_only.setHtml("<img src='file:///etc/hostname'>")
    assert not edit.canInsertFromMimeData(html_only) or html_only.hasText()


def test_files_are_given_on_not_pasted_as_names(edit: MessageEdit) -> None:
    given: list[object] = []
    edit.filesGiven.connect(given.extend)
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile("/somewhere/notes.md")])
    edit.insertFromMimeData(data)
    assert [str(path) for path in given] == ["/somewhere/notes.md"]
    assert edit.toPlainText() == ""


def test_it_grows_with_its_text_up_to_the_limit(edit: MessageEdit) -> None:
    edit.set_limit(200)
    assert edit.height() == SIZES.edit_min
    edit.setPlainText("one\ntwo\nthree")
    three = edit.height()
    assert SIZES.edit_min < three < 200
    edit.setPlainText("line\n" * 100)
    assert edit.height() == 200
    edit.clear()
    assert edit.height() == SIZES.edit_min


def test_a_very_long_line_does_not_freeze_it(edit: MessageEdit) -> None:
    data = QMimeData()
    data.setText("x" * 200_000)
    edit.set_limit(200)
    edit.insertFromMimeData(data)
    assert len(edit.toPlainText()) == 200_000
