"""The models that stand in."""

from typing import cast

import pytest
from PySide6.QtWidgets import QComboBox, QLabel, QListWidget, QPushButton, QWidget

from desktop.bridge import Bridge
from desktop.domain.address import parse_address
from desktop.domain.model import Model, ModelRef, ServiceModels
from desktop.domain.service import Service, Wire
from desktop.ui.icons import Icons
from desktop.ui.models.fallbacks import FallbacksDialog
from desktop.ui.models.view_model import ModelsViewModel
from desktop.ui.tasks import Tasks
from desktop.ui.theme import Theme
from tests.ui.answers import Answers
from tests.ui.conftest import Until

pytestmark = pytest.mark.anyio

HERE = Service("here", "Here", Wire.OLLAMA, parse_address("http://127.0.0.1:11434"))
CLOUD = Service("cloud", "Cloud", Wire.CHAT_COMPLETIONS, parse_address("https://x.example/v1"))
GUIDE = Service("guide", "Guide", Wire.GUIDE)
A, B, C = (ModelRef("here", name) for name in "abc")
PASSED_ON, EMBEDS = ModelRef("here", "big-cloud"), ModelRef("here", "embed")
FAR, OTHER_FAR = ModelRef("cloud", "far"), ModelRef("cloud", "other")
LISTED = (
    ServiceModels(GUIDE, (Model(ModelRef("guide", "Parley guide")),)),
    ServiceModels(
        HERE,
        (
            *map(Model, (A, B, C)),
            Model(PASSED_ON, remote_host="https://ollama.com"),
            Model(EMBEDS, capabilities=frozenset({"embedding"})),
        ),
    ),
    ServiceModels(CLOUD, (Model(FAR), Model(OTHER_FAR))),
)


@pytest.fixture
async def models(tasks: Tasks, until: Until) -> ModelsViewModel:
    made = ModelsViewModel(
        cast("Bridge", Answers({"models.list": LISTED, "models.services": (GUIDE, HERE, CLOUD)})), tasks
    )
    made.refresh()
    await until(lambda: made.listed and not made.looking)
    return made


class Stage:
    """A shown dialog and what it says."""

    def __init__(self, models: ModelsViewModel, theme: Theme, model: ModelRef, chosen: tuple[ModelRef, ...]) -> None:
        self._parent = QWidget()
        self.said: list[tuple[ModelRef, ...]] = []
        self.dialog = FallbacksDialog(models, model, chosen, theme, Icons(theme), self._parent)
        self.dialog.changed.connect(self.said.append)
        self.dialog.show()

    @property
    def offered(self) -> list[ModelRef]:
        box = next(iter(self.dialog.findChildren(QComboBox)))
        return [box.itemData(row) for row in range(box.count())]

    @property
    def rows(self) -> list[str]:
        found = self.list
        return [found.item(row).text() for row in range(found.count())]

    @property
    def list(self) -> QListWidget:
        return next(one for one in self.dialog.findChildren(QListWidget) if one.accessibleName().startswith("Models"))

    def press(self, text: str) -> None:
        next(one for one in self.dialog.findChildren(QPushButton) if one.text() == text).click()


async def test_nobody_stands_in_at_first_and_a_model_can_be_added(models: ModelsViewModel, theme: Theme) -> None:
    stage = Stage(models, theme, A, ())
    assert any("never goes to the cloud by itself" in one.text() for one in stage.dialog.findChildren(QLabel))
    assert stage.rows == []
    assert stage.offered == [B, C]  # nothing that reaches farther, embeds only, or is the guide
    stage.press("Add")
    assert stage.said == [(B,)]
    assert stage.offered == [C]
    assert stage.rows == ["b · Local"]
    stage.dialog.close()


async def test_a_cloud_model_may_be_replaced_by_any(models: ModelsViewModel, theme: Theme) -> None:
    stage = Stage(models, theme, FAR, ())
    assert stage.offered == [A, B, C, PASSED_ON, OTHER_FAR]
    stage.dialog.close()


async def test_the_order_can_be_changed_and_models_removed(models: ModelsViewModel, theme: Theme) -> None:
    stage = Stage(models, theme, FAR, (A, B, C))
    stage.list.setCurrentRow(2)
    stage.press("Move up")
    stage.press("Move up")
    stage.press("Move down")
    assert stage.said == [(A, C, B), (C, A, B), (A, C, B)]
    assert stage.list.currentRow() == 1
    for _ in range(3):
        stage.press("Remove")
    assert stage.said[3:] == [(A, B), (A,), ()]
    stage.dialog.close()


async def test_one_that_reaches_too_far_now_is_said_to_be_left_out(models: ModelsViewModel, theme: Theme) -> None:
    stage = Stage(models, theme, A, (FAR, B))
    assert stage.rows == ["far · Cloud · x.example · not asked: goes farther", "b · Local"]
    stage.dialog.close()
