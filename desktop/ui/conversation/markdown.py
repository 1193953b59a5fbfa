"""Markdown to blocks: pure values that a view can lay out. markdown-it is imported at the first parse."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from enum import Enum, auto
from functools import cache
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.token import Token

MAX_PARSED = 64_000
MAX_FORMATTED = 1_000_000
MAX_LINE = 2_000
CODE_LINES = 24


class BlockKind(Enum):
    """What a block is."""

    PARAGRAPH = auto()
    HEADING = auto()
    CODE = auto()
    TABLE = auto()
    RULE = auto()


@dataclass(frozen=True, slots=True)
class Span:
    """A piece of text in one style. `link` is the target of a link, as written."""

    text: str
    bold: bool = False
    italic: bool = False
    strike: bool = False
    code: bool = False
    link: str = ""


Spans = tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Block:
    """One thing to lay out.

    `indent` counts list levels, `quote` quote bars, `marker` stands before a list item's first block. A long code
    block comes in slices: `is_first` and `is_last` say where it begins and ends.
    """

    kind: BlockKind
    spans: Spans = ()
    level: int = 0
    indent: int = 0
    quote: int = 0
    marker: str = ""
    language: str = ""
    rows: tuple[tuple[Spans, ...], ...] = ()
    aligns: tuple[str, ...] = ()
    is_first: bool = True
    is_last: bool = True

    @property
    def text(self) -> str:
        """The block's text without style."""
        if self.kind is BlockKind.TABLE:
            return "\n".join("\t".join("".join(s.text for s in cell) for cell in row) for row in self.rows)
        return "".join(span.text for span in self.spans)


def parse_markdown(source: str) -> tuple[Block, ...]:
    """All blocks of a text; what is too long to be parsed in time is shown as plain text."""
    blocks: list[Block] = []
    rest = source
    while len(rest) > MAX_PARSED and len(source) - len(rest) < MAX_FORMATTED:
        head = rest[: rest.rfind("\n", 0, MAX_PARSED) + 1]
        closed = parse_tail(head)[1]
        if not closed:
            break  # one block alone is too long
        blocks.extend(_parse(rest[:closed])[0])
        rest = rest[closed:]
    return (*blocks, *(_plain(rest) if len(rest) > MAX_PARSED else _parse(rest)[0]))


def parse_tail(source: str) -> tuple[tuple[Block, ...], int]:
    """The blocks of the end of a growing text, and how many characters later text can no longer change.

    Later text can only change the last top-level block, and the last line, which may yet become part of what
    stands before it.
    """
    if len(source) > MAX_PARSED:
        cut = source.rfind("\n", 0, MAX_PARSED) + 1 or MAX_PARSED
        return (*_plain(source[:cut]), *_plain(source[cut:])), cut
    blocks, starts = _parse(source)
    whole_lines = source.count("\n")
    while starts and starts[-1] >= whole_lines:
        starts.pop()
    return blocks, _offset_of_line(source, starts[-1]) if len(starts) > 1 else 0


def _parse(source: str) -> tuple[tuple[Block, ...], list[int]]:
    """The blocks, and the lines in which top-level blocks start."""
    tokens = _parser().parse(source)
    starts = [token.map[0] for token in tokens if token.level == 0 and token.map and token.nesting >= 0]
    blocks = tuple(_Reader(tokens).blocks())
    if not starts and source.strip():
        return _plain(source), []  # nothing but definitions of links
    return blocks, starts


@cache
def _parser() -> "MarkdownIt":
    from markdown_it import MarkdownIt  # noqa: PLC0415 - must not delay the first paint

    from desktop.ui.conversation.markdown_limits import limit_markdown  # noqa: PLC0415

    return limit_markdown(MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"]))


def _offset_of_line(source: str, line: int) -> int:
    place = 0
    for _ in range(line):
        place = source.index("\n", place) + 1
    return place


def _plain(source: str) -> tuple[Block, ...]:
    lines = source.splitlines()
    pieces = (line[place : place + MAX_LINE] for line in lines for place in range(0, max(1, len(line)), MAX_LINE))
    return tuple(Block(BlockKind.PARAGRAPH, (Span(piece),)) for piece in pieces if piece.strip())


class _Reader:
    """Turns one parse's tokens into blocks."""

    def __init__(self, tokens: "Sequence[Token]") -> None:
        self._tokens = tokens
        self._indent = 0
        self._quote = 0
        self._marker = ""
        self._numbers: list[int | None] = []

    def blocks(self) -> Iterator[Block]:  # noqa: C901 - one case for each kind of token
        """The blocks in order."""
        tokens = iter(self._tokens)
        for token in tokens:
            match token.type:
                case "bullet_list_open" | "ordered_list_open":
                    start = token.attrGet("start")
                    self._numbers.append(
                        None if token.type.startswith("bullet") else int(1 if start is None else start)
                    )
                    self._indent += 1
                case "bullet_list_close" | "ordered_list_close":
                    self._numbers.pop()
                    self._indent -= 1
                case "list_item_open":
                    self._marker = self._next_marker()
                case "list_item_close" if self._marker:
                    yield self._place(Block(BlockKind.PARAGRAPH))
                case "blockquote_open":
                    self._quote += 1
                case "blockquote_close":
                    self._quote -= 1
                case "heading_open":
                    spans = _spans(next(tokens).children or ())
                    yield self._place(Block(BlockKind.HEADING, spans, level=int(token.tag[1])))
                case "inline":
                    yield from map(self._place, _paragraph(_spans(token.children or ())))
                case "fence" | "code_block":
                    yield from map(self._place, _code(token.content, token.info))
                case "hr":
                    yield self._place(Block(BlockKind.RULE))
                case "table_open":
                    yield self._place(_table(tokens))

    def _next_marker(self) -> str:
        number = self._numbers[-1]
        if number is None:
            return "•" if self._indent % 2 else "◦"
        self._numbers[-1] = number + 1
        return f"{number}."

    def _place(self, block: Block) -> Block:
        marker, self._marker = self._marker, ""
        return replace(block, indent=self._indent, quote=self._quote, marker=marker)


def _paragraph(spans: Spans) -> Iterator[Block]:
    """One paragraph, in slices if it is so long that laying it out at once would be felt."""
    run: list[Span] = []
    size = 0
    for span in spans:
        for place in range(0, max(1, len(span.text)), MAX_LINE):
            piece = replace(span, text=span.text[place : place + MAX_LINE])
            if run and size + len(piece.text) > MAX_LINE:
                yield Block(BlockKind.PARAGRAPH, tuple(run))
                run, size = [], 0
            run.append(piece)
            size += len(piece.text)
    yield Block(BlockKind.PARAGRAPH, tuple(run))


def _code(content: str, info: str) -> Iterator[Block]:
    lines = content.removesuffix("\n").split("\n")
    lines = [line[place : place + MAX_LINE] for line in lines for place in range(0, max(1, len(line)), MAX_LINE)]
    parts = max(1, -(-len(lines) // CODE_LINES))
    language = info.split(maxsplit=1)[0] if info.split() else ""
    for part in range(parts):
        text = "\n".join(lines[part * CODE_LINES : (part + 1) * CODE_LINES])
        first, last = part == 0, part == parts - 1
        yield Block(BlockKind.CODE, (Span(text),), language=language, is_first=first, is_last=last)


def _table(tokens: "Iterator[Token]") -> Block:
    rows: list[list[Spans]] = []
    aligns: list[str] = []
    for token in tokens:
        match token.type:
            case "table_close":
                break
            case "tr_open":
                rows.append([])
            case "th_open":
                style = str(token.attrGet("style") or "")
                aligns.append(style.rpartition(":")[2] or "left")
            case "inline":
                rows[-1].append(_spans(token.children or ()))
    return Block(BlockKind.TABLE, rows=tuple(tuple(row) for row in rows), aligns=tuple(aligns))


def _spans(tokens: "Iterable[Token]") -> Spans:  # noqa: C901 - one case for each kind of token
    spans: list[Span] = []
    style = Span("")
    for token in tokens:
        match token.type:
            case "strong_open" | "strong_close":
                style = replace(style, bold=token.nesting == 1)
            case "em_open" | "em_close":
                style = replace(style, italic=token.nesting == 1)
            case "s_open" | "s_close":
                style = replace(style, strike=token.nesting == 1)
            case "link_open":
                style = replace(style, link=str(token.attrGet("href") or ""))
            case "link_close":
                style = replace(style, link="")
            case "softbreak":
                spans.append(replace(style, text=" "))
            case "hardbreak":
                spans.append(replace(style, text="\u2028"))
            case "code_inline":
                spans.append(replace(style, text=token.content, code=True))
            case "image":
                spans.append(replace(style, text=_image_chip(token), code=True))
            case _ if token.content:
                spans.append(replace(style, text=token.content))
    return tuple(spans)


def _image_chip(token: "Token") -> str:
    """What stands in for an image, which is never fetched: its description and where it lies."""
    try:
        host = urlsplit(str(token.attrGet("src") or "")).hostname or "unknown place"
    except ValueError:
        host = "unknown place"
    return f"image: {token.content} ({host})" if token.content else f"image ({host})"
