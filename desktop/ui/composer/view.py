"""The composer."""

from pathlib import Path

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from desktop.domain.settings import SendKey
from desktop.ui.accessibility import announce
from desktop.ui.composer.card import ComposerCard
from desktop.ui.composer.drafts import Drafts
from desktop.ui.composer.file_dialog import make_file_dialog
from desktop.ui.composer.message_edit import MessageEdit
from desktop.ui.composer.round_button import RoundButton
from desktop.ui.composer.text_file import read_text_file
from desktop.ui.icons import Icons
from desktop.ui.tasks import Tasks
from desktop.ui.theme import Theme
from desktop.ui.tokens import SIZES
from desktop.ui.widgets.button import make_icon_button
from desktop.ui.widgets.copied import MOMENT_MS
from desktop.ui.widgets.label import make_label

HINTS = {
    SendKey.ENTER: "Enter to send · Shift Enter for a new line",
    SendKey.CTRL_ENTER: "Ctrl Enter to send · Enter for a new line",
}


class Composer(QWidget):
    """Where a message is written and sent, and where a reply is stopped."""

    submitted = Signal(str)
    stopped = Signal()

    def __init__(self, drafts: Drafts, tasks: Tasks, theme: Theme, icons: Icons) -> None:
        super().__init__()
        self._drafts = drafts
        self._tasks = tasks
        self._icons = icons
        self._busy = False
        self._keys = ""
        self.setAcceptDrops(True)
        self._card = ComposerCard(theme)
        self.edit = MessageEdit(theme)
        self._attach = make_icon_button("Attach", SIZES.button_icon)
        self._attach.setToolTip("Attach text files")
        icons.dress(self._attach, "plus")
        self._send = RoundButton("Send", theme, icons)
        self._stop = RoundButton("Stop", theme, icons)
        self._hint = make_label("", theme.font("hint"), "faint")
        self._moment = QTimer(self, singleShot=True, interval=MOMENT_MS)
        self._lay_out()
        self._connect()
        self.use_send_key(SendKey.ENTER)
        self._show_buttons()

    def set_busy(self, *, busy: bool) -> None:
        """Show Stop while a reply is on its way; what is written meanwhile can be sent all the same, and waits."""
        self._busy = busy
        self._show_buttons()

    def show_recipient(self, placeholder: str) -> None:
        """Say in the empty field whom the message goes to."""
        self.edit.setPlaceholderText(placeholder)
        self.edit.viewport().update()  # Qt paints another placeholder only where there was none

    def use_send_key(self, key: SendKey) -> None:
        """Which key sends."""
        self.edit.use_send_key(key)
        self._keys = HINTS[key]
        if not self._moment.isActive():
            self._hint.setText(self._keys)

    def set_limit(self, height: int) -> None:
        """Let the field grow to this many pixels."""
        self.edit.set_limit(height)

    def flash(self, word: str) -> None:
        """Say a word in place of the hint, for a moment."""
        self._hint.setText(word)
        announce(self, word)
        self._moment.start()

    def give_back(self, text: str) -> None:
        """Take a text that was to be sent, below what is written."""
        self.edit.append_text(text)
        self.edit.setFocus()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.FocusIn, QEvent.Type.FocusOut):
            self._card.set_ringed(ringed=event.type() is QEvent.Type.FocusIn)
        return super().eventFilter(watched, event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        reach = SIZES.shadow_reach
        self._card.setFixedWidth(min(SIZES.composer + 2 * reach, self.width() - SIZES.gap))

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if event.mimeData().hasUrls():
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        self.edit.insertFromMimeData(event.mimeData())
        event.acceptProposedAction()

    def _lay_out(self) -> None:
        reach = SIZES.shadow_reach
        tools = QHBoxLayout()
        tools.setSpacing(SIZES.gap)
        tools.addWidget(self._attach)
        tools.addStretch(1)
        tools.addWidget(self._send)
        tools.addWidget(self._stop)
        inside = QVBoxLayout(self._card)
        side, inset = SIZES.gap_wide + 1 + reach, (SIZES.button_icon - SIZES.icon) // 2
        inside.setContentsMargins(side - inset, reach + SIZES.gap_row + 3, side, reach + SIZES.gap_row + 1)
        inside.setSpacing(SIZES.gap_wide)
        field = QHBoxLayout()
        field.setContentsMargins(inset, 0, 0, 0)  # so that text and icon begin on one line
        field.addWidget(self.edit)
        inside.addLayout(field)
        inside.addLayout(tools)
        outside = QVBoxLayout(self)
        outside.setContentsMargins(0, 0, 0, SIZES.gap_row)
        outside.setSpacing(0)
        outside.addWidget(self._card, 0, Qt.AlignmentFlag.AlignHCenter)
        outside.addWidget(self._hint, 0, Qt.AlignmentFlag.AlignHCenter)

    def _connect(self) -> None:
        self.edit.installEventFilter(self)
        self.edit.submitted.connect(self._submit)
        self.edit.filesGiven.connect(self._add_files)
        self.edit.textChanged.connect(self._on_text)
        self._send.clicked.connect(lambda _checked=False: self._submit())
        self._stop.clicked.connect(lambda _checked=False: self.stopped.emit())
        self._attach.clicked.connect(lambda _checked=False: self._ask_for_files())
        self._drafts.loaded.connect(self._show_draft)
        self._moment.timeout.connect(lambda: self._hint.setText(self._keys))

    def _on_text(self) -> None:
        self._drafts.edit(self.edit.toPlainText())
        self._show_buttons()

    def _show_draft(self, text: str) -> None:
        if text != self.edit.toPlainText():
            self.edit.setPlainText(text)
            self.edit.moveCursor(self.edit.textCursor().MoveOperation.End)

    def _show_buttons(self) -> None:
        had_focus = self._send.hasFocus() or self._stop.hasFocus()
        has_text = bool(self.edit.toPlainText().strip())
        self._send.setVisible(has_text or not self._busy)
        self._send.setEnabled(has_text)
        self._send.setToolTip("Send after this reply" if self._busy else "Send")
        self._stop.setVisible(self._busy)
        if had_focus:
            self.edit.setFocus()

    def _submit(self) -> None:
        text = self.edit.toPlainText().strip()
        if text:
            self.edit.clear()
            self.submitted.emit(text)

    def _ask_for_files(self) -> None:
        dialog = make_file_dialog(self._icons, self)
        dialog.filesSelected.connect(lambda names: self._add_files([Path(name) for name in names]))
        dialog.open()

    def _add_files(self, paths: list[Path]) -> None:
        for path in paths:
            self._tasks.start(self._add_file(path))

    async def _add_file(self, path: Path) -> None:
        self.edit.insert_block(await read_text_file(path))
        self.edit.setFocus()
