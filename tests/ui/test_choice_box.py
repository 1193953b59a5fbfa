"""The list that a choice box opens."""

from collections.abc import Iterator

import pytest
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget

from desktop.ui.icons import Icons
from desktop.ui.theme import Theme
from desktop.ui.widgets.choice_box import ChoiceBox


@pytest.fixture
def box(app: QApplication, theme: Theme) -> Iterator[ChoiceBox]:
    page = QWidget()
    page.resize(400, 300)
    made = ChoiceBox(Icons(theme))
    made.addItems(["As the system has it", "Light", "Dark"])
    QVBoxLayout(page).addWidget(made)
    page.show()
    made.showPopup()
    app.processEvents()
    yield made
    made.hidePopup()
    page.close()


def test_every_entry_is_seen_whole(box: ChoiceBox) -> None:
    view = box.view()
    seen = view.viewport().rect()
    rows = [view.visualRect(box.model().index(row, 0)) for row in range(box.count())]
    assert all(seen.contains(row) for row in rows)
    assert not view.verticalScrollBar().isVisible()


def test_it_has_one_frame(box: ChoiceBox, theme: Theme) -> None:
    image = box.view().window().grab().toImage()
    middle = image.height() // 2
    ground = theme.tokens.page
    assert image.pixelColor(0, middle).name() == theme.tokens.hairline
    assert {image.pixelColor(x, middle).name() for x in range(1, 6)} == {ground}
