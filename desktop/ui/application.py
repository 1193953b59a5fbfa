"""The Qt application."""

from PySide6.QtWidgets import QApplication

from desktop import __version__
from desktop.ui.accessibility import AccessibleFactory


def make_application() -> QApplication:
    """The one QApplication of this process; it ends when the window says so, not when windows close."""
    application = QApplication([])
    application.setApplicationName("parley")
    application.setApplicationDisplayName("Parley")
    application.setApplicationVersion(__version__)
    application.setDesktopFileName("parley")
    application.setQuitOnLastWindowClosed(False)
    AccessibleFactory().install()
    return application
