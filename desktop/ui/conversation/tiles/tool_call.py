"""Tiles for what a model wants called: a quiet line with the tool's name, and its arguments as code."""

from desktop.ui.conversation.growing_markdown import GrowingMarkdown
from desktop.ui.conversation.highlighter import Highlighter
from desktop.ui.conversation.markdown import Block
from desktop.ui.conversation.tiles.code import CodeTile
from desktop.ui.conversation.tiles.line import LineTile
from desktop.ui.conversation.tiles.tile import Tile
from desktop.ui.conversation.tool_calls import WantedCall
from desktop.ui.theme import Theme
from desktop.ui.tokens import SIZES


def make_tool_call_tiles(call: WantedCall, theme: Theme, highlighter: Highlighter) -> list[Tile]:
    """The tiles of one call."""
    line = LineTile(f"Wants to call {call.name}", theme, "small", above=SIZES.paragraph_gap, below=SIZES.author_gap)
    blocks = _code_blocks(call.arguments) if call.arguments.strip() else []
    return [line, *(CodeTile(block, theme, highlighter, SIZES.author_gap, 0, closed=True) for block in blocks)]


def _code_blocks(text: str) -> list[Block]:
    """The text as slices of one code block; its fence is longer than any run of backticks in it."""
    fence = "`" * 3
    while fence in text:
        fence += "`"
    markdown = GrowingMarkdown()
    markdown.finish(f"{fence}json\n{text}\n{fence}")
    return markdown.blocks
