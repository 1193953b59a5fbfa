"""The field in which a message is written."""

from pathlib import Path

from PySide6.QtCore import QEvent, QMimeData, Qt, Signal
from PySide6.QtGui import QInputMethodEvent, QKeyEvent, QKeySequence, QResizeEvent, QTextOption
from PySide6.QtWidgets import QFrame, QPlainTextEdit

from desktop.domain.settings import SendKey
from desktop.ui.theme import Theme
from desktop.ui.tokens import SIZES

LONG_LINE = 5_000

_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


class MessageEdit(QPlainTextEdit):
    """Grows with its text, takes plain text only, and never sends while an input method composes."""

    submitted = Signal()
    filesGiven = Signal(list)  # list[Path]

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._send_key = SendKey.ENTER
        self._composing = False
        self._limit = SIZES.edit_min
        self.setAccessibleName("Message")
        self.setFont(theme.font("body"))
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setTabChangesFocus(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setWordWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        self.document().setDocumentMargin(0)
        self.document().clearUndoRedoStacks()  # the margin counts as something to undo
        self.setFixedHeight(SIZES.edit_min)
        self.textChanged.connect(self._fit)

    def use_send_key(self, key: SendKey) -> None:
        """Which key sends; the other ones break the line."""
        self._send_key = key

    def set_limit(self, height: int) -> None:
        """Grow to this many pixels, then scroll."""
        self._limit = max(height, SIZES.edit_min)
        self._fit()

    def insert_block(self, block: str) -> None:
        """Insert lines of their own at the cursor."""
        cursor = self.textCursor()
        lead = "" if cursor.atBlockStart() else "\n\n"
        cursor.insertText(f"{lead}{block}\n")
        self.setTextCursor(cursor)

    def append_text(self, text: str) -> None:
        """Put a text below what is written, and the cursor behind it."""
        cursor = self.textCursor()
        cursor.movePosition(cursor.MoveOperation.End)
        self._wrap_for(text)
        cursor.insertText(f"\n\n{text}" if self.toPlainText().strip() else text)
        self.setTextCursor(cursor)
        self.ensureCursorVisible()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() not in _ENTER or self._composing:
            super().keyPressEvent(event)
        elif self._sends(event.modifiers()):
            self.submitted.emit()
        else:
            self.textCursor().insertText("\n")
            self.ensureCursorVisible()

    def inputMethodEvent(self, event: QInputMethodEvent) -> None:
        self._composing = bool(event.preeditString())
        super().inputMethodEvent(event)

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QKeyEvent) and event.type() is QEvent.Type.ShortcutOverride:
            undo = event.matches(QKeySequence.StandardKey.Undo)
            if undo and not self.document().isUndoAvailable():
                event.ignore()  # then Ctrl+Z brings back a deleted conversation
                return False
        return super().event(event)

    def canInsertFromMimeData(self, source: QMimeData) -> bool:
        return source.hasText() or source.hasUrls()

    def insertFromMimeData(self, source: QMimeData) -> None:
        paths = [Path(url.toLocalFile()) for url in source.urls() if url.isLocalFile()]
        if paths:
            self.filesGiven.emit(paths)
        elif source.hasText():
            self._wrap_for(source.text())
            self.textCursor().insertText(source.text())
            self.ensureCursorVisible()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _sends(self, held: Qt.KeyboardModifier) -> bool:
        ctrl = bool(held & Qt.KeyboardModifier.ControlModifier)
        if self._send_key is SendKey.CTRL_ENTER:
            return ctrl
        return ctrl or not held & (Qt.KeyboardModifier.ShiftModifier | Qt.KeyboardModifier.AltModifier)

    def _wrap_for(self, text: str) -> None:
        """Looking for word borders in a very long line freezes Qt's layout: wrap anywhere then."""
        if max(map(len, text.split("\n")), default=0) > LONG_LINE:
            self.setWordWrapMode(QTextOption.WrapMode.WrapAnywhere)

    def _fit(self) -> None:
        height, block = 0.0, self.document().firstBlock()
        while block.isValid() and height < self._limit:
            height += self.blockBoundingRect(block).height()
            block = block.next()
        wanted = min(max(round(height), SIZES.edit_min), self._limit)
        if wanted != self.height():
            self.setFixedHeight(wanted)
        fits = height <= self._limit
        policy = Qt.ScrollBarPolicy.ScrollBarAlwaysOff if fits else Qt.ScrollBarPolicy.ScrollBarAsNeeded
        self.setVerticalScrollBarPolicy(policy)
