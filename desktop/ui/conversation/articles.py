"""The column of articles: which is where, and what of it is laid out."""

from bisect import bisect_right
from collections.abc import Iterator
from itertools import accumulate

from desktop.domain.message import Message
from desktop.ui.conversation.article import Article
from desktop.ui.conversation.highlighter import Highlighter
from desktop.ui.theme import Theme
from desktop.ui.tokens import SIZES


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
                self.add(message)
            else:
                article.set_message(message)
                self._articles.append(article)
        self.measure()

    def add(self, message: Message) -> None:
        """Show one more message at the end."""
        article = Article(message, self._theme, self._highlighter)
        article.set_width(self._width)
        self._articles.append(article)
        self.measure()

    def set_width(self, width: float) -> None:
        """Take another column width."""
        self._width = width
        for article in self._articles:
            article.set_width(width)
        self.measure()

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

    def row_at(self, y: float) -> int:
        """The article at a height, the nearest if there is none; -1 if there are no articles."""
        return min(max(bisect_right(self._tops, y) - 1, 0), len(self._articles) - 1)

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
