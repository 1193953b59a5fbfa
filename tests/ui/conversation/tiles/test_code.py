import pytest
from PySide6.QtCore import QPointF
from PySide6.QtGui import QColor, QImage, QPainter

from desktop.ui.conversation.highlighter import Highlighter
from desktop.ui.conversation.markdown import Block, BlockKind, Span
from desktop.ui.conversation.tiles.code import CodeTile
from desktop.ui.theme import Theme
from tests.ui.conftest import Until

pytestmark = pytest.mark.anyio

WIDTH = 400


def _colors(tile: CodeTile, theme: Theme) -> set[str]:
    """The colours that painting the tile leaves on a page."""
    image = QImage(WIDTH, round(tile.height), QImage.Format.Format_RGB32)
    image.fill(theme.color("page"))
    painter = QPainter(image)
    tile.paint(painter, QPointF(0, 0), None)
    painter.end()
    return {QColor(image.pixel(x, y)).name() for x in range(image.width()) for y in range(image.height())}


async def test_code_is_there_before_and_after_its_colours_are_known(
    theme: Theme, highlighter: Highlighter, until: Until
) -> None:
    block = Block(BlockKind.CODE, (Span("import os\nHEAVY = '███████'"),), language="python")
    tile = CodeTile(block, theme, highlighter, 0, 0, closed=True)
    tile.lay_out(WIDTH)
    height = tile.height
    assert theme.tokens.text in _colors(tile, theme)
    await until(lambda: highlighter.tints("python", tile.text, theme.tokens))
    assert theme.tokens.string in _colors(tile, theme)
    assert tile.height == height


async def test_code_that_still_grows_is_not_highlighted(theme: Theme, highlighter: Highlighter, until: Until) -> None:
    block = Block(BlockKind.CODE, (Span("HEAVY = '███████'"),), language="python")
    await until(lambda: highlighter.tints("python", block.text, theme.tokens))
    tile = CodeTile(block, theme, highlighter, 0, 0, closed=False)
    tile.lay_out(WIDTH)
    assert theme.tokens.string not in _colors(tile, theme)


def test_slices_of_one_block_share_one_header(theme: Theme, highlighter: Highlighter) -> None:
    first = CodeTile(Block(BlockKind.CODE, (Span("a"),), is_last=False), theme, highlighter, 7, 0, closed=True)
    last = CodeTile(Block(BlockKind.CODE, (Span("a"),), is_first=False), theme, highlighter, 7, 0, closed=True)
    first.lay_out(WIDTH)
    last.lay_out(WIDTH)
    assert (first.has_header, last.has_header) == (True, False)
    assert (first.below, last.below) == (0, 7)
    assert first.height > last.height
