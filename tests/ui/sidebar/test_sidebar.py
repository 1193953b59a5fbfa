import pytest
from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit

from desktop.bridge import Bridge
from desktop.domain.conversation import Conversation
from desktop.domain.events import PhaseChanged
from desktop.domain.turn import TurnState
from desktop.ui.icons import Icons
from desktop.ui.sidebar.list_model import ConversationListModel
from desktop.ui.sidebar.view import Sidebar
from desktop.ui.sidebar.view_model import SidebarViewModel
from desktop.ui.tasks import Tasks
from desktop.ui.theme import Theme
from tests.ui.conftest import Until

pytestmark = pytest.mark.anyio


@pytest.fixture
async def known(bridge: Bridge) -> list[Conversation]:
    return [await _make(bridge, title) for title in ("Apples", "Pears", "Plums")]


async def _make(bridge: Bridge, title: str) -> Conversation:
    made = await bridge.run(lambda services: services.conversations.create())
    return await bridge.run(lambda services: services.conversations.rename(made.id, title))


@pytest.fixture
async def view_model(bridge: Bridge, tasks: Tasks, known: list[Conversation]) -> SidebarViewModel:
    made = SidebarViewModel(bridge, tasks)
    await made.load()
    return made


def _titles(view_model: SidebarViewModel) -> list[str]:
    return [one.title for one in view_model.rows()]


async def test_it_lists_newest_first_below_headings(view_model: SidebarViewModel) -> None:
    assert [(group.heading, len(group.conversations)) for group in view_model.groups()] == [("Today", 3)]
    assert _titles(view_model) == ["Plums", "Pears", "Apples"]


async def test_pinning_moves_a_conversation_to_the_top(
    view_model: SidebarViewModel, known: list[Conversation], until: Until
) -> None:
    view_model.toggle_pin(known[0].id)
    await until(lambda: _titles(view_model)[0] == "Apples")
    assert view_model.groups()[0].heading == "Pinned"


async def test_search_shows_only_what_matches_and_back(view_model: SidebarViewModel, until: Until) -> None:
    view_model.search("pear")
    await until(lambda: _titles(view_model) == ["Pears"])
    view_model.search("nowhere")
    await until(lambda: view_model.groups()[0].heading == "Nothing found")
    view_model.search("")
    assert len(_titles(view_model)) == 3


async def test_deleting_can_be_undone(
    view_model: SidebarViewModel, known: list[Conversation], until: Until, bridge: Bridge
) -> None:
    gone: list[Conversation] = []
    view_model.deleted.connect(gone.append)
    view_model.delete(known[1].id)
    await until(lambda: gone)
    assert _titles(view_model) == ["Plums", "Apples"]
    view_model.undo()
    await until(lambda: len(_titles(view_model)) == 3)
    assert len(await bridge.run(lambda services: services.conversations.list())) == 3


async def test_a_title_is_stored_trimmed_and_never_empty(
    view_model: SidebarViewModel, known: list[Conversation], until: Until
) -> None:
    view_model.rename(known[0].id, "  Green \n apples ")
    await until(lambda: "Green apples" in _titles(view_model))
    view_model.rename(known[0].id, "   ")
    view_model.rename(known[1].id, "Pears!")
    await until(lambda: "Pears!" in _titles(view_model))
    assert "Green apples" in _titles(view_model)


async def test_marks_say_what_arrives_and_what_was_not_seen(
    view_model: SidebarViewModel, known: list[Conversation], bridge: Bridge, until: Until
) -> None:
    entries = ConversationListModel(view_model)
    view_model.select(known[0].id)
    bridge.eventsArrived.emit([PhaseChanged(known[1].id, 9, TurnState.WRITING)])
    spoken = [entries.data(entries.index(row), Qt.ItemDataRole.AccessibleTextRole) for row in range(4)]
    assert spoken == ["Today", "Plums", "Pears, reply arriving", "Apples"]
    await bridge.run(lambda services: services.turns.send(known[2].id, "What is Parley?", "token"))
    plums = entries.row_of(known[2].id)
    await until(lambda: _spoken(entries, plums) == "Plums, new reply")
    view_model.select(known[2].id)
    assert _spoken(entries, entries.row_of(known[2].id)) == "Plums"


async def test_a_row_is_renamed_in_place(
    view_model: SidebarViewModel, known: list[Conversation], theme: Theme, until: Until
) -> None:
    sidebar = Sidebar(view_model, theme, Icons(theme))
    sidebar.resize(268, 600)
    sidebar.show()
    sidebar.list.edit_title(known[1].id)
    editor = sidebar.list.findChild(QLineEdit)
    assert isinstance(editor, QLineEdit)
    assert editor.text() == "Pears"
    view_model.changed.emit()  # whatever happens elsewhere meanwhile, the editor stays
    editor.setText("Quinces")
    QTest.keyClick(editor, Qt.Key.Key_Return)
    await until(lambda: "Quinces" in _titles(view_model))
    sidebar.close()
    sidebar.deleteLater()


async def test_search_is_driven_from_the_keyboard(
    view_model: SidebarViewModel, known: list[Conversation], theme: Theme, until: Until
) -> None:
    sidebar = Sidebar(view_model, theme, Icons(theme))
    sidebar.show()
    chosen: list[int] = []
    sidebar.chosen.connect(chosen.append)
    field = next(one for one in sidebar.findChildren(QLineEdit) if one.accessibleName() == "Search")
    QTest.keyClicks(field, "plum")
    await until(lambda: _titles(view_model) == ["Plums"])
    QTest.keyClick(field, Qt.Key.Key_Return)
    assert chosen == [known[2].id]
    QTest.keyClick(field, Qt.Key.Key_Escape)
    assert field.text() == ""
    assert len(_titles(view_model)) == 3
    sidebar.close()
    sidebar.deleteLater()


def _spoken(entries: ConversationListModel, index: QModelIndex) -> object:
    return entries.data(index, Qt.ItemDataRole.AccessibleTextRole)
