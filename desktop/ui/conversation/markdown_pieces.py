"""Long and growing Markdown: which blocks later text can no longer change."""

import re
from dataclasses import dataclass, replace

from desktop.ui.conversation.markdown import Block, BlockKind, Blocks, parse_groups, parse_plain

MAX_PARSED = 64_000
MAX_FORMATTED = 1_000_000

_LINE_END = re.compile(r"\r\n?|\n")  # what markdown-it takes for one
_DEFINITION = re.compile(r"^[ \t>*+\-\d.)]*\[(?:[^\]\\]|\\.){1,200}\]:", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True, slots=True)
class Piece:
    """A text in blocks: first those that later text cannot change, then those that it can.

    `size` is how many characters the closed blocks take. `opener` is the line that opened the code block which goes
    on after them, empty if there is none.
    """

    closed: Blocks
    open: Blocks = ()
    size: int = 0
    opener: str = ""


def parse_markdown(source: str) -> Blocks:
    """All blocks of a text; what is too long to be parsed in time is shown as plain text."""
    blocks: list[Block] = []
    place, opener = 0, ""
    while len(source) - place > MAX_PARSED and place < MAX_FORMATTED:
        piece = parse_head(source[place : place + MAX_PARSED], opener)
        blocks.extend(piece.closed)
        place, opener = place + piece.size, piece.opener
    if len(source) - place > MAX_PARSED:
        return (*blocks, *parse_plain(source[place:]))
    last = parse_tail(source[place:], opener)
    return (*blocks, *last.closed, *last.open)


def parse_head(source: str, opener: str = "") -> Piece:
    """The first blocks of a text that is cut off where it is long enough; whatever it is, some of it is closed."""
    head = source[: source.rfind("\n") + 1] or source
    piece = parse_tail(head, opener)
    return piece if piece.size else Piece(parse_plain(head), size=len(head))  # one block alone is too long


def parse_tail(source: str, opener: str = "") -> Piece:
    """The blocks of the end of a growing text.

    Later text can only change the last top-level block, and the last line, which may yet become part of what stands
    before it. Of a code block it can only change the last slice.

    Args:
        opener: the line that opened the code block in whose middle the text begins.
    """
    text = opener + source
    groups = parse_groups(text)
    if opener:
        groups[0].blocks[0] = replace(groups[0].blocks[0], is_first=False)
    blocks = [block for group in groups for block in group.blocks]
    lines = [0, *(end.end() for end in _LINE_END.finditer(text))]
    whole = [group for group in groups if group.line < len(lines) - 1]
    line = whole[-1].line if whole else 0
    count = sum(len(group.blocks) for group in whole[:-1])
    goes_on = opener if line == 0 else ""
    if whole and len(whole) == len(groups) and text.startswith(("```", "~~~"), lines[line]):
        slices = _closed_slices(whole[-1].blocks, is_whole=lines[-1] == len(text))
        if slices:
            count, goes_on = count + len(slices), text[lines[line] : lines[line + 1]]
            line += 1 + sum(block.text.count("\n") + 1 for block in slices if not block.is_cut)
    size = lines[line] - len(opener) if line else 0
    return Piece(tuple(blocks[:count]), tuple(blocks[count:]), size, goes_on)


def has_definitions(source: str) -> bool:
    """Whether a text may define targets of links, which can stand far from the links."""
    return _DEFINITION.search(source) is not None


def _closed_slices(blocks: list[Block], *, is_whole: bool) -> list[Block]:
    """The slices of an open code block that are full and end with a line; a last line that has not come to its end
    may yet close the block, and then the slice before it is the last.
    """
    count = len(blocks) - 1 if blocks[0].kind is BlockKind.CODE else 0
    if count and not is_whole and "\n" not in blocks[-1].text:
        count -= 1
    while count and blocks[count - 1].is_cut:
        count -= 1
    return blocks[:count]
