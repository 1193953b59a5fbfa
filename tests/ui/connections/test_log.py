"""The log of requests, page by page."""

from datetime import UTC, datetime
from typing import cast

import pytest
from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtWidgets import QLabel, QPushButton, QTableView

from desktop.bridge import Bridge
from desktop.domain.attempt import Attempt, AttemptState, Purpose
from desktop.ui.connections.log_page import NOTHING, ConnectionsPage
from desktop.ui.connections.log_view_model import PAGE, ConnectionLogViewModel
from desktop.ui.tasks import Tasks
from desktop.ui.theme import Theme
from tests.ui.answers import Answers
from tests.ui.conftest import Until

pytestmark = pytest.mark.anyio

NOW = datetime(2026, 1, 1, 12, 30, 5, tzinfo=UTC)


def _attempts(newest: int) -> list[Attempt]:
    return [
        Attempt(n, Purpose.MODELS, "x", f"host-{n}", AttemptState.DONE, NOW, http_status=200)
        for n in range(newest, 0, -1)
    ]


class Ledger:
    """Answers like the service."""

    def __init__(self, count: int) -> None:
        self.kept = _attempts(count)

    def list(self, limit: int, before_id: int | None) -> tuple[Attempt, ...]:
        return tuple(one for one in self.kept if before_id is None or one.id < before_id)[:limit]


def _page(ledger: Ledger, tasks: Tasks, theme: Theme) -> ConnectionsPage:
    answers = Answers({"connections.list": ledger.list})
    made = ConnectionsPage(ConnectionLogViewModel(cast("Bridge", answers), tasks), theme)
    made.resize(700, 400)
    made.show()
    return made


def _table(page: ConnectionsPage) -> QTableView:
    return next(one for one in page.findChildren(QTableView) if one.accessibleName() == "Connections")


def _cell(page: ConnectionsPage, row: int, column: int) -> str:
    return str(_table(page).model().index(row, column).data())


def _rows(page: ConnectionsPage) -> int:
    return _table(page).model().rowCount()


async def test_the_newest_are_there_and_older_ones_come_while_one_scrolls(
    tasks: Tasks, theme: Theme, until: Until
) -> None:
    page = _page(Ledger(2 * PAGE + 50), tasks, theme)
    await until(lambda: _rows(page) == PAGE)
    assert [_cell(page, 0, column) for column in (1, 2, 3)] == [f"host-{2 * PAGE + 50}", "List of models", "200"]
    _table(page).scrollToBottom()
    await until(lambda: _rows(page) == 2 * PAGE)
    _table(page).scrollToBottom()
    await until(lambda: _rows(page) == 2 * PAGE + 50)
    assert _cell(page, 2 * PAGE + 49, 1) == "host-1"
    assert not _table(page).model().canFetchMore(QModelIndex())
    page.close()


async def test_more_rows_leave_those_that_are_there_alone(tasks: Tasks, theme: Theme, until: Until) -> None:
    page = _page(Ledger(2 * PAGE), tasks, theme)
    await until(lambda: _rows(page) == PAGE)
    resets: list[None] = []
    _table(page).model().modelReset.connect(lambda: resets.append(None))
    _table(page).selectRow(3)
    _table(page).scrollToBottom()
    await until(lambda: _rows(page) == 2 * PAGE)
    assert resets == []
    assert _table(page).currentIndex().row() == 3
    page.close()


async def test_looking_again_finds_what_is_new(tasks: Tasks, theme: Theme, until: Until) -> None:
    ledger = Ledger(0)
    page = _page(ledger, tasks, theme)
    said = next(one for one in page.findChildren(QLabel) if one.text() == NOTHING)
    await until(lambda: not tasks._running)
    assert said.isVisible()
    ledger.kept = _attempts(3)
    next(one for one in page.findChildren(QPushButton) if one.text() == "Look again").click()
    await until(lambda: _rows(page) == 3)
    assert not said.isVisible()
    page.close()


async def test_columns_have_titles_and_sides(tasks: Tasks, theme: Theme) -> None:
    page = _page(Ledger(1), tasks, theme)
    model = _table(page).model()
    horizontal = Qt.Orientation.Horizontal
    titles = [model.headerData(n, horizontal) for n in range(model.columnCount())]
    assert titles == ["When", "Host", "Why", "Status", "Received"]
    sides = [model.headerData(n, horizontal, Qt.ItemDataRole.TextAlignmentRole) for n in (0, 4)]
    assert [Qt.AlignmentFlag.AlignRight in side for side in sides] == [False, True]
    page.close()
