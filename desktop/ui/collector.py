"""Python's garbage collection, kept on the Qt thread."""

import gc

from PySide6.QtCore import QObject, QTimer

PAUSE_MS = 500


class Collector(QObject):
    """Collects reference cycles here only: a Qt object that dies on another thread takes the process with it.

    Python starts a collection on whichever thread happens to allocate, which is mostly the service thread.
    """

    def __init__(self) -> None:
        super().__init__()
        gc.disable()
        self._pause = QTimer(self, interval=PAUSE_MS)
        self._pause.timeout.connect(_collect)
        self._pause.start()

    def stop(self) -> None:
        """Collect once more and give the work back to Python; call when the service thread has ended."""
        self._pause.stop()
        gc.collect()
        gc.enable()


def _collect() -> None:
    """Collect the oldest generation that is due, as Python itself would."""
    full = [
        age for age, (count, limit) in enumerate(zip(gc.get_count(), gc.get_threshold(), strict=True)) if count > limit
    ]
    if full:
        gc.collect(full[-1])
