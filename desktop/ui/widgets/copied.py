"""Saying that something was copied, for a moment, where it was asked for."""

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QAbstractButton

from desktop.ui.accessibility import announce

MOMENT_MS = 1500
COPIED = "Copied"


def say_copied(button: QAbstractButton) -> None:
    """Let a button say `Copied` for a moment."""
    announce(button, COPIED)
    if button.text() == COPIED:
        return
    before = button.text()
    button.setText(COPIED)
    QTimer.singleShot(MOMENT_MS, button, lambda: button.setText(before))
