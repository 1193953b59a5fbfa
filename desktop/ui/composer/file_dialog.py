"""The dialog that asks for text files."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QDialogButtonBox, QFileDialog, QToolButton, QWidget

from desktop.ui.composer.text_file import ENDINGS
from desktop.ui.icons import Icons

_ICONS = {"backButton": "chevron-left", "forwardButton": "chevron-right", "toParentButton": "arrow-up"}
_NEEDLESS = ("newFolderButton", "listModeButton", "detailModeButton")


def make_file_dialog(icons: Icons, parent: QWidget) -> QFileDialog:
    """The system's own dialog; where there is none Qt's, made readable."""
    dialog = QFileDialog(parent, "Attach text files")
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.setFileMode(QFileDialog.FileMode.ExistingFiles)
    dialog.setNameFilters([f"Text files ({' '.join(f'*.{ending}' for ending in ENDINGS)})", "All files (*)"])
    dialog.setViewMode(QFileDialog.ViewMode.Detail)
    _dress(dialog, icons)
    return dialog


def _dress(dialog: QFileDialog, icons: Icons) -> None:
    """Give Qt's own dialog our icons: its pictures are lost on a dark ground."""
    for button in dialog.findChildren(QToolButton):
        if button.objectName() in _ICONS:
            icons.dress(button, _ICONS[button.objectName()])
        elif button.objectName() in _NEEDLESS:
            button.hide()
    for box in dialog.findChildren(QDialogButtonBox):
        for choice in box.buttons():
            choice.setIcon(QIcon())
