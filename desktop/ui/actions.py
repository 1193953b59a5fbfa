"""Everything a person can do, each thing declared once; menus and the list of shortcuts derive from it."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMenu, QWidget


@dataclass(frozen=True, slots=True)
class Action:
    """One thing to do. `place` limits the shortcut to one widget; `listed` shows it among the shortcuts."""

    id: str
    text: str
    shortcut: str
    handler: Callable[[], object]
    place: QWidget | None = None
    listed: bool = True


class Actions:
    """The actions of a window, by id."""

    def __init__(self, window: QWidget, declared: Iterable[Action]) -> None:
        self._declared: dict[str, Action] = {}
        self._made: dict[str, QAction] = {}
        for action in declared:
            self._declared[action.id] = action
            self._made[action.id] = _make(action, window)

    def __getitem__(self, action_id: str) -> QAction:
        return self._made[action_id]

    def __iter__(self) -> Iterator[Action]:
        """The declarations that a list of shortcuts shows."""
        return (action for action in self._declared.values() if action.listed and action.shortcut)

    def menu(self, parent: QWidget, *ids: str) -> QMenu:
        """A menu of these actions; an empty id draws a line."""
        menu = QMenu(parent)
        for action_id in ids:
            if action_id:
                menu.addAction(self._made[action_id])
            else:
                menu.addSeparator()
        return menu


def _make(action: Action, window: QWidget) -> QAction:
    owner = action.place or window
    made = QAction(action.text, owner)
    made.setShortcut(QKeySequence(action.shortcut))
    here = Qt.ShortcutContext.WidgetShortcut if action.place else Qt.ShortcutContext.WindowShortcut
    made.setShortcutContext(here)
    made.triggered.connect(lambda _checked=False: action.handler())
    owner.addAction(made)
    return made
