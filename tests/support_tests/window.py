"""A trivial window, to be read and worked from outside."""

import sys

from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent
from PySide6.QtWidgets import QApplication, QLineEdit, QListWidget, QMainWindow, QPushButton, QVBoxLayout, QWidget


class Window(QMainWindow):
    """What is typed is sent to a list; the list has the keyboard at first."""

    def __init__(self) -> None:
        super().__init__()
        self.setWindowTitle("Trivial")
        self._sent = QListWidget()
        self._sent.setAccessibleName("Sent")
        self._sent.addItems(["one", "two"])
        self._message = QLineEdit()
        self._message.setAccessibleName("Message")
        send, hidden = QPushButton("Send"), QPushButton("Hidden")
        send.setEnabled(False)
        self._message.textChanged.connect(lambda text: send.setEnabled(bool(text)))
        self._message.returnPressed.connect(self._on_send)
        send.clicked.connect(self._on_send)
        middle = QWidget()
        column = QVBoxLayout(middle)
        for part in (self._sent, self._message, send, hidden):
            column.addWidget(part)
        hidden.hide()
        self.setCentralWidget(middle)

    def _on_send(self) -> None:
        text = self._message.text()
        self._sent.addItem(text)
        self._message.clear()
        QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self, f"sent {text}"))


if __name__ == "__main__":
    application = QApplication([])
    window = Window()
    window.show()
    sys.exit(application.exec())
