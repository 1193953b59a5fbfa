"""An article: one message as tiles, from the name of its author to its footer."""

from collections.abc import Iterator
from dataclasses import dataclass

from PySide6.QtCore import QPointF
from PySide6.QtGui import QPainter

from desktop.domain.message import Message, MessageStatus, Role
from desktop.ui.conversation.growing_markdown import GrowingMarkdown
from desktop.ui.conversation.highlighter import Highlighter
from desktop.ui.conversation.markdown import MAX_LINE, Block, BlockKind
from desktop.ui.conversation.reply_facts import ending_text, thought_text
from desktop.ui.conversation.tiles.bubble import BubbleTile
from desktop.ui.conversation.tiles.code import CodeTile
from desktop.ui.conversation.tiles.line import LineTile
from desktop.ui.conversation.tiles.rule import RuleTile
from desktop.ui.conversation.tiles.table import TableTile
from desktop.ui.conversation.tiles.text import TextTile
from desktop.ui.conversation.tiles.thought import ThoughtLineTile, ThoughtTile
from desktop.ui.conversation.tiles.tile import Tile
from desktop.ui.conversation.tiles.tool_call import make_tool_call_tiles
from desktop.ui.conversation.tool_calls import parse_tool_calls
from desktop.ui.theme import Theme
from desktop.ui.tokens import SIZES


@dataclass(frozen=True, slots=True)
class Placed:
    """A tile with its number and its top edge below the article's own."""

    number: int
    tile: Tile
    top: float


class Article:
    """Lays out one message; text that only grows changes only the tiles at its end.

    Tiles are made when the message is first seen; before, its height is an estimate from its length.
    """

    def __init__(self, message: Message, theme: Theme, highlighter: Highlighter) -> None:
        self.message = message
        self.unfolded = False
        self.card_height = 0.0
        self.is_waiting = False
        self._theme = theme
        self._highlighter = highlighter
        self._markdown: GrowingMarkdown | None = None
        self._head: list[Tile] = []
        self._body: list[Tile] = []
        self._foot: list[Tile] = []
        self._is_made = False
        self._closed = 0
        self._width = 0.0
        self._guess: float | None = None

    @property
    def tiles(self) -> list[Tile]:
        """All tiles, top to bottom."""
        return [*self._head, *self._body, *self._foot]

    @property
    def has_footer(self) -> bool:
        """Whether there is a line with actions and facts below the text."""
        return self.message.role is Role.ASSISTANT and self.message.status is not MessageStatus.PENDING

    @property
    def height(self) -> float:
        """The height in pixels, with the gap below; an estimate as long as tiles are not laid out."""
        if self.is_waiting:
            return self._tail
        if not self._is_made:
            if self._guess is None:
                lines = 3 + len(self.message.text) * 7.4 / max(self._width, 1.0) + self.message.text.count("\n")
                self._guess = lines * SIZES.line_estimate
            return self._guess
        return sum(tile.height + tile.below for tile in self.tiles) + self._tail

    @property
    def card_top(self) -> float:
        """The top edge of the card between text and footer, below the article's own."""
        return self.height - self._tail

    @property
    def bubble_left(self) -> float:
        """The left edge of a person's own words, right of the article's own."""
        return min((tile.left for tile in self._body if isinstance(tile, BubbleTile)), default=0.0)

    @property
    def has_actions(self) -> bool:
        """Whether something can be done with the message while it is pointed at or has the focus."""
        return self.has_footer or (self.message.role is Role.USER and bool(self.message.text))

    @property
    def footer_top(self) -> float:
        """The top edge of the footer, below the article's own."""
        return self.card_top + self.card_height

    @property
    def thought_number(self) -> int:
        """The number of the tile that folds and unfolds the thinking, -1 if there is none."""
        if self.is_waiting or not self.message.reasoning or self.message.role is Role.USER:
            return -1
        return 2 if self.message.notice else 1

    @property
    def _tail(self) -> float:
        footer = SIZES.footer if self.has_footer else 0
        return footer + self.card_height + SIZES.message_gap

    def set_message(self, message: Message) -> None:
        """Take the message as it is now."""
        before, self.message, self._guess = self.message, message, None
        if not self._is_made or message == before:
            return
        grew = message.text.startswith(before.text) and before.status is MessageStatus.PENDING
        if self.is_waiting or message.role is Role.USER or not grew:
            self._make()
            return
        ended = message.status is not before.status
        if ended or bool(message.text) != bool(before.text) or _beside(message) != _beside(before):
            self._make_head()
        if ended or message.text != before.text:
            self._grow()

    def set_waiting(self, *, waiting: bool) -> None:
        """A reply that nobody was asked for yet shows nothing of itself, not even who would write it."""
        if waiting != self.is_waiting:
            self.is_waiting = waiting
            self.restyle()

    def set_width(self, width: float) -> None:
        """Take another width; layouts are forgotten, estimates remain."""
        if width != self._width:
            self._width, self._guess = width, None
            for tile in self.tiles:
                tile.estimate(width)

    def restyle(self) -> None:
        """Make everything anew, with the theme's present colours."""
        if self._is_made:
            self._make()

    def tile_top(self, number: int) -> float:
        """The top edge of a tile, below the article's own."""
        return sum(tile.height + tile.below for tile in self.tiles[:number])

    def first_laid_out(self, top: float, bottom: float) -> Placed | None:
        """The first tile between two heights that has its true height."""
        seen = (one for one in self.placed() if one.top < bottom and one.top + one.tile.height > top)
        return next((one for one in seen if one.tile.is_laid_out), None) if self._is_made else None

    def selectable(self) -> Iterator[tuple[int, Tile]]:
        """The tiles that hold the message's own words, with their numbers."""
        start = len(self._head)
        return ((start + number, tile) for number, tile in enumerate(self._body))

    def code_at(self, number: int) -> str:
        """The whole code block whose first slice has this number."""
        found = ""
        for place, tile in enumerate(self.tiles[number:]):
            if not isinstance(tile, CodeTile) or (place and tile.has_header):
                break
            found += tile.whole_text
        return found

    def toggle_thought(self) -> None:
        """Fold or unfold the thinking."""
        self.unfolded = not self.unfolded
        self._make_head()

    def placed(self) -> Iterator[Placed]:
        """The tiles with their places; makes them if this is the first look."""
        if not self._is_made:
            self._make()
        top = 0.0
        for number, tile in enumerate(self.tiles):
            yield Placed(number, tile, top)
            top += tile.height + tile.below

    def lay_out(self, top: float, bottom: float) -> bool:
        """Lay out the tiles between two heights below the article's top edge; True if any height changed."""
        changed = False
        for one in self.placed():
            if one.tile.is_laid_out or one.top > bottom or one.top + one.tile.height < top:
                continue
            before = one.tile.height
            one.tile.lay_out(self._width)
            changed = changed or one.tile.height != before
        return changed

    def paint(
        self, painter: QPainter, place: QPointF, top: float, bottom: float, selected: "dict[int, tuple[int, int]]"
    ) -> None:
        """Paint what lies between two heights below the top edge."""
        for one in self.placed():
            if one.tile.is_laid_out and one.top <= bottom and one.top + one.tile.height >= top:
                one.tile.paint(painter, place + QPointF(0, one.top), selected.get(one.number))

    def _make(self) -> None:
        self._is_made = True
        if self.is_waiting or self.message.role is Role.USER:
            self._head, self._foot = [], []
            self._body = [] if self.is_waiting else self._bubbles()
            self._estimate(self._body)
            return
        self._make_head()
        self._markdown = GrowingMarkdown()
        self._body, self._closed = [], 0
        self._grow()

    def _make_head(self) -> None:
        message, theme = self.message, self._theme
        self._head = [LineTile(message.author, theme, "meta", below=SIZES.author_gap)]
        if message.notice:
            self._head.append(LineTile(message.notice, theme, "small", below=SIZES.author_gap))
        if message.reasoning:
            self._head.extend(self._thoughts())
        self._foot = []
        for call in parse_tool_calls(message.tool_calls):
            self._foot.extend(make_tool_call_tiles(call, theme, self._highlighter))
        if ending := ending_text(message):
            self._foot.append(LineTile(ending, theme, "small", above=SIZES.paragraph_gap))
        self._estimate([*self._head, *self._foot])

    def _thoughts(self) -> list[Tile]:
        pieces = _slices(self.message.reasoning) if self.unfolded else []
        line_gap = SIZES.author_gap if pieces else SIZES.paragraph_gap
        line = ThoughtLineTile(thought_text(self.message), self._theme, line_gap, unfolded=self.unfolded)
        gaps = [0] * (len(pieces) - 1) + [SIZES.paragraph_gap]
        return [line, *(ThoughtTile(piece, self._theme, gap) for piece, gap in zip(pieces, gaps, strict=False))]

    def _grow(self) -> None:
        assert self._markdown is not None
        pending = self.message.status is MessageStatus.PENDING
        take = self._markdown.grow if pending else self._markdown.finish
        changed = take(self.message.text)
        blocks = self._markdown.blocks
        first = max(0, min(changed, self._closed) - 1)  # the gap before a changed block belongs to the tile above
        self._closed = len(blocks) - int(pending)
        new = [
            self._tile(blocks[n], blocks[n + 1] if n + 1 < len(blocks) else None, closed=n < self._closed)
            for n in range(first, len(blocks))
        ]
        self._body[first:] = new
        self._estimate(new)

    def _tile(self, block: Block, after: Block | None, *, closed: bool) -> Tile:
        below, quote_below = _gap(block, after), min(block.quote, after.quote) if after else 0
        if block.kind is BlockKind.CODE:
            return CodeTile(block, self._theme, self._highlighter, below, quote_below, closed=closed)
        if block.kind is BlockKind.TABLE:
            return TableTile(block, self._theme, below)
        if block.kind is BlockKind.RULE:
            return RuleTile(self._theme, below)
        return TextTile(block, self._theme, below, quote_below)

    def _bubbles(self) -> list[Tile]:
        pieces = _slices(self.message.text) or [""]
        last = len(pieces) - 1
        return [
            BubbleTile(piece, self._theme, 0, first=number == 0, last=number == last)
            for number, piece in enumerate(pieces)
        ]

    def _estimate(self, tiles: list[Tile]) -> None:
        for tile in tiles:
            tile.estimate(self._width)


def _beside(message: Message) -> tuple[str, ...]:
    """What is shown of a reply beside its text."""
    return message.author, message.notice, message.reasoning, message.tool_calls


def _gap(block: Block, after: Block | None) -> int:
    if after is None:
        return 0
    if block.kind in (BlockKind.CODE, BlockKind.TABLE):
        return SIZES.block_gap
    if block.indent and after.indent:
        return SIZES.item_gap
    return SIZES.paragraph_gap


def _slices(text: str) -> list[str]:
    """A text in pieces that lay out fast: whole lines up to 2,000 characters, longer lines cut."""
    pieces: list[str] = []
    for line in text.split("\n"):
        for place in range(0, max(1, len(line)), MAX_LINE):
            piece = line[place : place + MAX_LINE]
            if place == 0 and pieces and len(pieces[-1]) + len(piece) < MAX_LINE:
                pieces[-1] += f"\n{piece}"
            else:
                pieces.append(piece)
    return pieces
