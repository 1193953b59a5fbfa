"""The column of articles: which is where, and what of it is laid out."""

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import accumulate

from desktop.domain.message import Message
from desktop.ui.conversation.article import Article
from desktop.ui.conversation.highlighter import Highlighter
from desktop.ui.conversation.selection import Spot
from desktop.ui.theme import Theme
from desktop.ui.tokens import SIZES


@dataclass(frozen=True, slots=True)
class Anchor:
    """A height in the column that stays on the same text, whatever is laid out above: so far below a tile's top."""

    row: int = 0
    tile: int = 0
    below: float = 0.0


class Articles:
    """The messages of a conversation as articles one below the other, laid out only where they are looked at."""

    def __init__(self, theme: Theme, highlighter: Highlighter) -> None:
        self._theme = theme
        self._highlighter = highlighter
        self._articles: list[Article] = []
        self._tops: list[float] = [0.0]
        self._width = 0.0

    def __len__(self) -> int:
        return len(self._articles)

    def __getitem__(self, row: int) -> Article:
        return self._articles[row]

    def __iter__(self) -> Iterator[Article]:
        return iter(self._articles)

    @property
    def height(self) -> float:
        """The height of all, with the gaps above and below."""
        return self._tops[-1] + SIZES.gap_page

    def reset(self, messages: list[Message]) -> None:
        """Show these messages; what stays the same keeps its layout."""
        known = {article.message.id: article for article in self._articles}
        self._articles = []
        for message in messages:
            article = known.get(message.id)
            if article is None:
                article = self._make(message)
            else:
                article.set_message(message)
            self._articles.append(article)
        self.measure()

    def add(self, message: Message) -> None:
        """Show one more message at the end."""
        self._articles.append(self._make(message))
        self.measure()

    def set_width(self, width: float, kept: Anchor) -> Anchor:
        """Take another column width; returns where the text of an anchor is now."""
        before = self._height_of(kept)
        self._width = width
        for article in self._articles:
            article.set_width(width)
        self.measure()
        if kept.below <= 0 or not before:
            return kept
        start = self.height_at(replace(kept, below=0.0))
        self.lay_out(start, start + 1)
        return replace(kept, below=kept.below * self._height_of(kept) / before)

    def restyle(self) -> None:
        """Take the theme's present colours."""
        for article in self._articles:
            article.restyle()
        self.measure()

    def measure(self) -> None:
        """Find the tops anew; needed after any height changed."""
        self._tops = list(accumulate((article.height for article in self._articles), initial=float(SIZES.gap_page)))

    def top(self, row: int) -> float:
        """The top edge of an article, in the column."""
        return self._tops[row]

    def height_at(self, anchor: Anchor) -> float:
        """Where an anchor is now."""
        if not self._articles:
            return 0.0
        return self._tops[anchor.row] + self._articles[anchor.row].tile_top(anchor.tile) + anchor.below

    def anchor(self, top: float, bottom: float) -> Anchor:
        """An anchor at a height, on the first tile from there that has its true height, so that nothing seen moves."""
        for row in self.rows_between(top, bottom):
            start = self._tops[row]
            one = self._articles[row].first_laid_out(top - start, bottom - start)
            if one is not None:
                return Anchor(row, one.number, top - start - one.top)
        row = self.row_at(top)
        return Anchor(row, 0, top - self._tops[row])

    def row_at(self, y: float) -> int:
        """The article at a height, the nearest if there is none; -1 if there are no articles."""
        return min(max(bisect_right(self._tops, y) - 1, 0), len(self._articles) - 1)

    def row_of(self, message_id: int) -> int:
        """The row of a message, -1 if it is not here."""
        return next((row for row, article in enumerate(self._articles) if article.message.id == message_id), -1)

    def spot_at(self, x: float, y: float) -> Spot:
        """The place between two characters nearest to a point in the column; there must be articles."""
        row = self.row_at(y)
        below = y - self._tops[row]
        tiles = [one for one in self._articles[row].placed() if one.tile.is_laid_out]
        if not tiles:
            return Spot(row, 0, 0)
        one = next((one for one in tiles if below < one.top + one.tile.height + one.tile.below), tiles[-1])
        return Spot(row, one.number, one.tile.position_at(x, below - one.top))

    def link_at(self, x: float, y: float) -> str:
        """The target of the link under a point in the column, empty if there is none."""
        row = self.row_at(y)
        if row < 0:
            return ""
        below = y - self._tops[row]
        for one in self._articles[row].placed():
            if one.tile.is_laid_out and one.top <= below < one.top + one.tile.height:
                return one.tile.link_at(x, below - one.top)
        return ""

    def rows_between(self, top: float, bottom: float) -> range:
        """The articles that reach into a range of heights."""
        if not self._articles:
            return range(0)
        return range(self.row_at(top), self.row_at(bottom) + 1)

    def lay_out(self, top: float, bottom: float) -> bool:
        """Lay out what lies in a range of heights; True if heights changed, so that places must be found anew."""
        changed = False
        for row in self.rows_between(top, bottom):
            article, start = self._articles[row], self._tops[row]
            before = article.height
            changed = article.lay_out(top - start, bottom - start) or article.height != before or changed
        if changed:
            self.measure()
        return changed

    def _make(self, message: Message) -> Article:
        article = Article(message, self._theme, self._highlighter)
        article.set_width(self._width)
        return article

    def _height_of(self, anchor: Anchor) -> float:
        tiles = self._articles[anchor.row].tiles if self._articles else []
        return tiles[anchor.tile].height if anchor.tile < len(tiles) else 0.0
