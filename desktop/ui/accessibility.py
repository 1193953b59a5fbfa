"""What screen readers hear: announcements, and widgets of which Qt's own words for their class do not say enough."""

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QItemSelection, QObject, QPersistentModelIndex, QTimer
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent, QAccessibleInterface
from PySide6.QtWidgets import QAbstractItemView, QWidget


def announce(widget: QWidget, text: str) -> None:
    """Have a text read aloud, once, wherever the focus is."""
    if QAccessible.isActive():
        QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(widget, text))


def follow_selection(view: QAbstractItemView, then: Callable[[], None] = lambda: None) -> None:
    """Let a list's cursor go where a screen reader selects, which is its way to choose; Qt would leave it behind.

    Args:
        then: called after the cursor went there; not for keys and mouse, which move both.
    """

    def follow(place: QPersistentModelIndex) -> None:
        if place.isValid() and place != view.currentIndex():
            view.setCurrentIndex(view.model().index(place.row(), place.column()))
            then()

    def on_selection(added: QItemSelection, _removed: QItemSelection) -> None:
        for index in added.indexes()[:1]:
            # keys and mouse move the cursor only after this
            QTimer.singleShot(0, view, partial(follow, QPersistentModelIndex(index)))

    view.selectionModel().selectionChanged.connect(on_selection)


class AccessibleFactory:
    """Hands Qt the interface of each widget that has a method `make_accessible`; install one with the application.

    Qt keeps pointers to interfaces, deletes them after their widgets, and never lets go of a factory. An interface
    that Python had freed before would be deleted twice: so they are kept to the end of the process.
    """

    def __init__(self) -> None:
        self._made: list[QAccessibleInterface] = []

    def install(self) -> None:
        """Answer from now on; Qt keeps this object."""
        QAccessible.installFactory(self._make)

    def _make(self, _key: str, made_for: QObject | None) -> QAccessibleInterface | None:
        make: Callable[[], QAccessibleInterface] | None = getattr(made_for, "make_accessible", None)
        if make is None:
            return None
        interface = make()
        self._made.append(interface)
        return interface
