"""The selection: from one character of the conversation to another, across tiles and messages."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, order=True)
class Spot:
    """A place between two characters."""

    row: int
    tile: int
    index: int


@dataclass(frozen=True, slots=True)
class Selection:
    """What lies between where the mouse was pressed and where it is."""

    anchor: Spot
    cursor: Spot

    @property
    def start(self) -> Spot:
        """The earlier end."""
        return min(self.anchor, self.cursor)

    @property
    def end(self) -> Spot:
        """The later end."""
        return max(self.anchor, self.cursor)

    @property
    def is_empty(self) -> bool:
        """Whether nothing is selected."""
        return self.anchor == self.cursor

    def within(self, row: int, tile: int, length: int) -> tuple[int, int] | None:
        """The selected range of a tile's text, None if nothing of it is selected."""
        here = (row, tile)
        if not (self.start.row, self.start.tile) <= here <= (self.end.row, self.end.tile):
            return None
        first = self.start.index if here == (self.start.row, self.start.tile) else 0
        last = self.end.index if here == (self.end.row, self.end.tile) else length
        return (first, last) if first < last else None
