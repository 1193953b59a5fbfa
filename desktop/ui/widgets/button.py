"""Buttons in the looks that the stylesheet knows."""

from typing import Literal

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QPushButton, QToolButton

Kind = Literal["primary", "outline", "quiet", "link"]


def make_button(text: str, kind: Kind = "outline") -> QPushButton:
    """A button with words; its accessible name is what it says."""
    button = QPushButton(text)
    button.setProperty("kind", kind)
    button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    button.setAutoDefault(False)
    return button


def make_icon_button(name: str, edge: int) -> QToolButton:
    """A square button without words.

    Args:
        name: what a screen reader and the tool tip say.
        edge: length in device-independent pixels.
    """
    button = QToolButton()
    button.setProperty("kind", "icon")
    button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    button.setFixedSize(QSize(edge, edge))
    button.setAccessibleName(name)
    button.setToolTip(name)
    return button
