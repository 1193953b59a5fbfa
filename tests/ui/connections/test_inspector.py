"""What was sent for a reply."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import cast

import pytest
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QPlainTextEdit, QPushButton, QTableView, QWidget

from desktop.bridge import Bridge
from desktop.domain.attempt import Attempt, AttemptState, Purpose, SentRequest, curl
from desktop.domain.secrets import MASK
from desktop.ui.connections.inspector import Inspector
from desktop.ui.connections.inspector_view_model import NOT_KEPT, NOTHING, InspectorViewModel
from desktop.ui.tasks import Tasks
from desktop.ui.theme import Theme
from tests.ui.answers import Answers
from tests.ui.conftest import Until

pytestmark = pytest.mark.anyio

NOW = datetime(2026, 1, 1, 12, 30, 5, tzinfo=UTC)
ATTEMPTS = tuple(
    Attempt(7 + n, Purpose.REPLY, "x", "x.example", AttemptState.FAILED, NOW, reply_id=2, number=n) for n in (1, 2)
)
SENT = SentRequest(
    "POST", "https://x.example/v1", (("Authorization", f"Bearer {MASK}"),), b'{"model":"<b>m</b>","stream":true}'
)


@pytest.fixture
def answers() -> Answers:
    other = SentRequest("POST", "https://x.example/other", ())
    return Answers({"connections.attempts_of": ATTEMPTS, "connections.sent": lambda one: SENT if one == 9 else other})


@pytest.fixture
def inspector(answers: Answers, tasks: Tasks, theme: Theme) -> Iterator[Inspector]:
    parent = QWidget()  # must outlive it
    yield Inspector(InspectorViewModel(cast("Bridge", answers), tasks), theme, parent)
    parent.deleteLater()


def _text(inspector: Inspector) -> str:
    return next(one for one in inspector.findChildren(QPlainTextEdit)).toPlainText()


def _button(inspector: Inspector, text: str) -> QPushButton:
    return next(one for one in inspector.findChildren(QPushButton) if one.text() == text)


async def test_the_newest_request_is_shown_as_plain_text(inspector: Inspector, until: Until) -> None:
    inspector.inspect(2)
    await until(lambda: _text(inspector))
    assert _text(inspector) == (
        f'POST https://x.example/v1\nAuthorization: Bearer {MASK}\n\n{{\n  "model": "<b>m</b>",\n  "stream": true\n}}'
    )
    table = next(iter(inspector.findChildren(QTableView)))
    assert (table.model().rowCount(), table.currentIndex().row()) == (2, 1)
    assert table.hasFocus() or not inspector.isActiveWindow()
    inspector.close()


async def test_another_request_can_be_chosen(inspector: Inspector, until: Until) -> None:
    inspector.inspect(2)
    await until(lambda: _text(inspector))
    next(iter(inspector.findChildren(QTableView))).selectRow(0)
    await until(lambda: _text(inspector) == "POST https://x.example/other")
    inspector.close()


async def test_it_is_copied_as_a_command_and_as_it_was_sent(inspector: Inspector, until: Until) -> None:
    inspector.inspect(2)
    await until(lambda: _text(inspector))
    clipboard = QGuiApplication.clipboard()
    _button(inspector, "Copy as curl").click()
    await until(lambda: clipboard.text() == curl(SENT))
    _button(inspector, "Copy body").click()
    await until(lambda: clipboard.text() == SENT.body.decode())
    inspector.close()


@pytest.mark.parametrize(("attempts", "words"), [((), NOTHING), (ATTEMPTS, NOT_KEPT)])
async def test_what_cannot_be_shown_is_said(
    inspector: Inspector, answers: Answers, until: Until, attempts: tuple[Attempt, ...], words: str
) -> None:
    answers.answers |= {"connections.attempts_of": attempts, "connections.sent": None}
    inspector.inspect(2)
    await until(lambda: _text(inspector))
    assert _text(inspector) == words
    assert not _button(inspector, "Copy as curl").isEnabled()
    inspector.close()


async def test_looking_again_keeps_the_choice(inspector: Inspector, answers: Answers, until: Until) -> None:
    inspector.inspect(2)
    await until(lambda: _text(inspector))
    table = next(iter(inspector.findChildren(QTableView)))
    table.selectRow(0)
    await until(lambda: _text(inspector) == "POST https://x.example/other")
    third = Attempt(12, Purpose.REPLY, "x", "x.example", AttemptState.DONE, NOW, reply_id=2, number=3)
    answers.answers["connections.attempts_of"] = (*ATTEMPTS, third)
    _button(inspector, "Look again").click()
    await until(lambda: table.model().rowCount() == 3)
    assert table.currentIndex().row() == 0
    inspector.close()
