"""The selected text: what of the conversation is marked, and the words of it."""

from desktop.ui.conversation.articles import Articles
from desktop.ui.conversation.selection import Selection, Spot

Ranges = dict[int, tuple[int, int]]
"""Selected ranges of characters, by the tile's number."""


class SelectedText:
    """Follows what mouse and keys mark in a column of articles."""

    def __init__(self, articles: Articles) -> None:
        self._articles = articles
        self._chosen: Selection | None = None

    @property
    def is_begun(self) -> bool:
        """Whether there is a place to select from."""
        return self._chosen is not None

    @property
    def is_empty(self) -> bool:
        """Whether nothing is marked."""
        return self._chosen is None or self._chosen.is_empty

    def clear(self) -> None:
        """Mark nothing."""
        self._chosen = None

    def begin(self, spot: Spot) -> None:
        """Select from here."""
        self._chosen = Selection(spot, spot)

    def reach(self, spot: Spot) -> None:
        """Select to here."""
        self._chosen = Selection(self._chosen.anchor if self._chosen else spot, spot)

    def take_word(self, spot: Spot) -> None:
        """Select the word around a place."""
        text = next((tile.text for tile in self._articles[spot.row].tiles[spot.tile : spot.tile + 1]), "")
        start, end = _word_at(text, spot.index)
        self._chosen = Selection(Spot(spot.row, spot.tile, start), Spot(spot.row, spot.tile, end))

    def take_all(self) -> None:
        """Select everything there is."""
        if len(self._articles):
            last = len(self._articles) - 1
            self._chosen = Selection(Spot(0, 0, 0), Spot(last, len(list(self._articles[last].placed())), 0))

    def ranges(self, row: int) -> Ranges:
        """The selected ranges of an article."""
        chosen = self._chosen
        if chosen is None or not chosen.start.row <= row <= chosen.end.row:
            return {}
        ranges = ((n, chosen.within(row, n, len(tile.text))) for n, tile in self._articles[row].selectable())
        return {number: found for number, found in ranges if found is not None}

    def text(self) -> str:
        """The selected words of all messages."""
        if self._chosen is None:
            return ""
        texts = map(self._text_of, range(self._chosen.start.row, self._chosen.end.row + 1))
        return "\n\n".join(text for text in texts if text)

    def _text_of(self, row: int) -> str:
        """The Markdown of a message that is selected whole; of others, what is selected as it is seen."""
        article, ranges = self._articles[row], self.ranges(row)
        if ranges == {number: (0, len(tile.text)) for number, tile in article.selectable() if tile.text}:
            return article.message.text
        tiles = article.tiles
        return "\n".join(tiles[number].text[start:end] for number, (start, end) in ranges.items())


def _word_at(text: str, index: int) -> tuple[int, int]:
    start = end = index
    while start > 0 and (text[start - 1].isalnum() or text[start - 1] == "_"):
        start -= 1
    while end < len(text) and (text[end].isalnum() or text[end] == "_"):
        end += 1
    return start, end
