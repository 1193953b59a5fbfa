from collections.abc import AsyncIterator
from typing import cast

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit, QListView, QPushButton, QWidget

from desktop.bridge import Bridge
from desktop.domain.address import parse_address
from desktop.domain.errors import KeyMissing
from desktop.domain.model import Model, ModelRef, ServiceModels
from desktop.domain.service import Service, Wire
from desktop.ui.icons import Icons
from desktop.ui.models.picker import ModelPicker
from desktop.ui.models.view_model import Destination, ModelsViewModel
from desktop.ui.tasks import Tasks
from desktop.ui.theme import Theme
from tests.ui.answers import Answers
from tests.ui.conftest import Until

pytestmark = pytest.mark.anyio

GUIDE = Service("guide", "Parley guide", Wire.GUIDE)
OLLAMA = Service("ollama", "Ollama", Wire.OLLAMA, parse_address("127.0.0.1:11434"))
OPENAI = Service("openai", "OpenAI", Wire.CHAT_COMPLETIONS, parse_address("https://api.openai.com/v1"), needs_key=True)
QWEN, CLOUDY = ModelRef("ollama", "qwen3:8b"), ModelRef("ollama", "huge:cloud")
LISTED = (
    ServiceModels(GUIDE, (Model(ModelRef("guide", "Parley guide")),)),
    ServiceModels(OLLAMA, (Model(QWEN, 40_960), Model(CLOUDY, None, "ollama.com"))),
    ServiceModels(OPENAI, problem=KeyMissing("OpenAI needs a key.").problem),
)


@pytest.fixture
def view_model(tasks: Tasks) -> ModelsViewModel:
    answers = Answers({"models.services": (GUIDE, OLLAMA, OPENAI), "models.list": LISTED})
    return ModelsViewModel(cast("Bridge", answers), tasks)


@pytest.fixture
async def picker(view_model: ModelsViewModel, theme: Theme, until: Until) -> AsyncIterator[ModelPicker]:
    page = QWidget()
    page.resize(600, 500)
    page.show()
    made = ModelPicker(view_model, theme, Icons(theme), QWidget(page), page)
    made.open_at(QPoint(600, 60), QWEN)
    await until(lambda: not view_model.looking)
    yield made
    page.close()


def _filter(picker: ModelPicker) -> QLineEdit:
    return next(one for one in picker.findChildren(QLineEdit) if one.accessibleName() == "Find a model")


def _shown(picker: ModelPicker) -> list[str]:
    entries = next(one for one in picker.findChildren(QListView) if one.accessibleName() == "Models").model()
    return [str(entries.index(row, 0).data()) for row in range(entries.rowCount())]


async def test_where_a_message_goes_is_said_in_words(view_model: ModelsViewModel, until: Until) -> None:
    assert view_model.destination(QWEN) is None
    await view_model.load()
    assert view_model.destination(QWEN) == Destination("Local", stays=True)
    assert view_model.destination(ModelRef("guide", "Parley guide")) == Destination("Built in", stays=True)
    assert view_model.destination(ModelRef("openai", "x")) == Destination("Cloud · api.openai.com", stays=False)
    view_model.refresh()
    await until(lambda: not view_model.looking)
    assert view_model.destination(CLOUDY) == Destination("Cloud · ollama.com", stays=False)


async def test_models_stand_below_their_service_and_problems_are_a_line(picker: ModelPicker) -> None:
    assert _shown(picker) == [
        *("Parley guide · Built in", "Parley guide"),
        *("Ollama · Local", "qwen3:8b", "huge:cloud"),
        *("OpenAI · Cloud · api.openai.com", "OpenAI needs a key."),
    ]


async def test_arrows_move_past_headings_and_enter_chooses(picker: ModelPicker) -> None:
    chosen: list[ModelRef] = []
    picker.chosen.connect(chosen.append)
    QTest.keyClick(_filter(picker), Qt.Key.Key_Up)
    QTest.keyClick(_filter(picker), Qt.Key.Key_Return)
    assert chosen == [ModelRef("guide", "Parley guide")]
    assert not picker.isVisible()


async def test_typing_filters_and_the_first_hit_is_ready(picker: ModelPicker) -> None:
    chosen: list[ModelRef] = []
    picker.chosen.connect(chosen.append)
    QTest.keyClicks(_filter(picker), "HUGE")
    assert _shown(picker) == ["Ollama · Local", "huge:cloud"]
    QTest.keyClick(_filter(picker), Qt.Key.Key_Return)
    assert chosen == [CLOUDY]


async def test_a_model_can_be_made_the_one_for_new_chats(picker: ModelPicker) -> None:
    made: list[ModelRef] = []
    picker.madeDefault.connect(made.append)
    next(one for one in picker.findChildren(QPushButton) if one.text() == "Use for new chats").click()
    assert made == [QWEN]


async def test_what_is_done_elsewhere_closes_it(picker: ModelPicker) -> None:
    QTest.keyClick(_filter(picker), Qt.Key.Key_Escape)
    assert not picker.isVisible()
    picker.open_at(QPoint(600, 60), QWEN)
    page = picker.parentWidget()
    assert page is not None
    QTest.mouseClick(page, Qt.MouseButton.LeftButton, pos=QPoint(5, 5))
    assert not picker.isVisible()


async def test_a_filter_that_matches_nothing_says_so(picker: ModelPicker) -> None:
    chosen: list[ModelRef] = []
    picker.chosen.connect(chosen.append)
    QTest.keyClicks(_filter(picker), "zzz")
    assert _shown(picker) == ["Nothing found"]
    QTest.keyClick(_filter(picker), Qt.Key.Key_Return)
    assert chosen == []


async def test_models_that_only_embed_are_left_out(tasks: Tasks, until: Until) -> None:
    models = tuple(
        Model(ModelRef("ollama", name), capabilities=None if words is None else frozenset(words.split()))
        for name, words in (("old", None), ("nomic-embed-text", "embedding"), ("qwen3:8b", "completion tools"))
    )
    answers = Answers({"models.services": (OLLAMA,), "models.list": (ServiceModels(OLLAMA, models),)})
    view_model = ModelsViewModel(cast("Bridge", answers), tasks)
    view_model.refresh()
    await until(lambda: not view_model.looking)
    assert [one.ref.name for listed in view_model.listed for one in listed.models] == ["old", "qwen3:8b"]


async def test_a_service_that_goes_while_all_are_asked_is_gone(tasks: Tasks, until: Until) -> None:
    answers = Answers({"models.services": (GUIDE, OLLAMA), "models.list": LISTED})
    view_model = ModelsViewModel(cast("Bridge", answers), tasks)
    assert not view_model.is_lost(QWEN)  # nobody knows yet
    await view_model.load()
    assert not view_model.is_lost(QWEN)
    answers.answers["models.services"] = (GUIDE,)
    view_model.refresh()
    await until(lambda: not view_model.looking)
    assert view_model.is_lost(QWEN)
    assert [listed.service for listed in view_model.listed] == [GUIDE]
