"""A field for one number."""

import math

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLineEdit


class NumberField(QLineEdit):
    """Takes a number within limits; anything else goes back to what was there.

    Args:
        value: what it shows first; a whole number keeps the field to whole numbers.
        lowest: the smallest number it takes.
        highest: the largest number it takes.
    """

    changed = Signal(object)  # int | float

    def __init__(self, value: float, lowest: float, highest: float) -> None:
        super().__init__()
        self._value = value
        self._lowest = lowest
        self._highest = highest
        self._show()
        self.editingFinished.connect(self._take)

    def _take(self) -> None:
        before = self._value
        try:
            written = float(self.text().strip().replace(",", "."))
        except ValueError:
            written = before
        number = before if math.isnan(written) else min(max(written, self._lowest), self._highest)
        self._value = round(number) if isinstance(before, int) else number
        self._show()
        if self._value != before:
            self.changed.emit(self._value)

    def _show(self) -> None:
        self.setText(f"{self._value:g}")
