import time

import pytest

from desktop.ui.conversation.markdown import CODE_LINES, MAX_LINE, Block, BlockKind, Span
from desktop.ui.conversation.markdown_pieces import parse_markdown

MINUTES_S = 20.0  # hostile texts have taken minutes; how fast is fast is what the benchmarks say


def _only(source: str) -> Block:
    (block,) = parse_markdown(source)
    return block


def _outline(source: str) -> list[tuple[str, str, int, int]]:
    """Marker, text, list level and quote level of each block."""
    return [(block.marker, block.text, block.indent, block.quote) for block in parse_markdown(source)]


def test_nothing_is_no_block() -> None:
    assert parse_markdown("") == ()
    assert parse_markdown(" \n\n\t\n") == ()


def test_a_paragraph_with_every_style() -> None:
    assert _only("a **b** *c* ~~d~~ `e` ***f***").spans == (
        Span("a "),
        Span("b", bold=True),
        Span(" "),
        Span("c", italic=True),
        Span(" "),
        Span("d", strike=True),
        Span(" "),
        Span("e", code=True),
        Span(" "),
        Span("f", bold=True, italic=True),
    )


def test_a_line_end_is_a_space_unless_it_is_meant() -> None:
    assert _only("a\nb").text == "a b"
    assert _only("a  \nb").text == _only("a\\\nb").text == "a\u2028b"


def test_headings() -> None:
    for level in range(1, 7):
        block = _only(f"{'#' * level} Head *line*")
        assert (block.kind, block.level, block.text) == (BlockKind.HEADING, level, "Head line")


def test_a_rule() -> None:
    assert _only("***").kind is BlockKind.RULE


def test_code_keeps_every_character_and_its_language() -> None:
    block = _only("```py title=x\n  <b>*x*</b>\n\n\ty\n```")
    assert (block.kind, block.language, block.text) == (BlockKind.CODE, "py", "  <b>*x*</b>\n\n\ty")
    assert _only("    indented\n      more").text == "indented\n  more"


def test_long_code_comes_in_slices() -> None:
    lines = [f"line {number}" for number in range(2 * CODE_LINES + 1)]
    slices = parse_markdown("```\n" + "\n".join(lines) + "\n```\n")
    assert [(one.is_first, one.is_last) for one in slices] == [(True, False), (False, False), (False, True)]
    assert "\n".join(one.text for one in slices) == "\n".join(lines)


def test_a_long_line_of_code_is_cut_and_says_so() -> None:
    line = "x" * (MAX_LINE + 5)
    slices = parse_markdown(f"```\na\n{line}\nb\n```")
    assert [(one.text, one.is_cut) for one in slices] == [
        ("a", False),
        ("x" * MAX_LINE, True),
        ("xxxxx\nb", False),
    ]


def test_lists_nest_and_count() -> None:
    assert _outline("- a\n  - b\n\n    more\n  - c\n- d\n\n7. e\n8. f\n") == [
        ("•", "a", 1, 0),
        ("◦", "b", 2, 0),
        ("", "more", 2, 0),
        ("◦", "c", 2, 0),
        ("•", "d", 1, 0),
        ("7.", "e", 1, 0),
        ("8.", "f", 1, 0),
    ]


def test_a_list_may_begin_at_nought_and_an_item_may_be_empty() -> None:
    assert _outline("0. a\n1.\n2. b") == [("0.", "a", 1, 0), ("1.", "", 1, 0), ("2.", "b", 1, 0)]


def test_code_in_a_list_has_its_marker_and_place() -> None:
    (block,) = parse_markdown("- ```py\n  x\n  ```")
    assert (block.kind, block.marker, block.indent, block.text) == (BlockKind.CODE, "•", 1, "x")


def test_quotes_nest_and_hold_lists() -> None:
    assert _outline("> a\n>\n> > b\n>\n> - c\n\nd") == [
        ("", "a", 0, 1),
        ("", "b", 0, 2),
        ("•", "c", 1, 1),
        ("", "d", 0, 0),
    ]


def test_a_table_has_alignments_and_styled_cells() -> None:
    block = _only("| a | **b** | c | d |\n|---|:-:|--:|:--|\n| 1 | 2 | | 4 |")
    assert block.kind is BlockKind.TABLE
    assert block.aligns == ("left", "center", "right", "left")
    assert block.rows[0][1] == (Span("b", bold=True),)
    assert block.text == "a\tb\tc\td\n1\t2\t\t4"


def test_links_keep_their_target() -> None:
    assert _only("[a *b*](https://x.example/?q=1)").spans == (
        Span("a ", link="https://x.example/?q=1"),
        Span("b", italic=True, link="https://x.example/?q=1"),
    )
    assert _only("<mailto:a@x.example>").spans[0].link == "mailto:a@x.example"


@pytest.mark.parametrize("target", ["javascript:alert(1)", "JavaScript:alert(1)", "file:///etc/passwd", "vbscript:x"])
def test_what_must_not_be_opened_is_no_link_but_what_is_written(target: str) -> None:
    block = _only(f"[click]({target})")
    assert block.text == f"[click]({target})"
    assert not any(span.link for span in block.spans)


@pytest.mark.parametrize(
    ("source", "chip"),
    [
        ("![a cat](https://spy.example/pixel.png?who=me)", "image: a cat (spy.example)"),
        ("![](https://spy.example/x)", "image (spy.example)"),
        ("![a](local.png)", "image: a (unknown place)"),
        ("![a](data:image/png;base64,AAAA)", "image: a (unknown place)"),
    ],
)
def test_an_image_is_a_chip_that_says_where_it_lies(source: str, chip: str) -> None:
    assert _only(source).spans == (Span(chip, code=True),)


def test_an_image_may_be_a_link() -> None:
    (span,) = _only("[![a](https://x.example/i.png)](https://y.example/)").spans
    assert (span.text, span.link) == ("image: a (x.example)", "https://y.example/")


@pytest.mark.parametrize("html", ["<img src=file:///etc/passwd>", "<script>alert(1)</script>", "<!-- note -->", "<b>"])
def test_html_is_text(html: str) -> None:
    assert _only(html).text == html
    assert _only(f"x {html} y").text == f"x {html} y"


WORDS, RULES = "|".join(["word"] * 400), "|".join(["-"] * 400)
HOSTILE = {
    "an unclosed fence of 1 MB": "```py\n" + "let word = 1\n" * 80_000,
    "a line of 1 MB": "word" * 250_000,
    "a line of 1 MB in a fence": "```\n" + "word" * 250_000,
    "words of 1 MB on one line": "word " * 200_000,
    "a table of 400 by 400": f"{WORDS}\n{RULES}" + f"\n{WORDS}" * 400,
    "a table of 400 by 400 that is only implied": f"{WORDS}\n{RULES}" + "\nword" * 400,
    "brackets": "[" * 20_000 + "word",
    "images": "![" * 20_000 + "word",
    "nested quotes": "> " * 500 + "word",
    "nested lists": "- " * 500 + "word",
    "a staircase of lists": "\n".join("  " * depth + "- word" for depth in range(300)),
    "emphasis that never ends": "*a" * 50_000 + "word",
    "emphasis that may begin or end": "a**b" * 20_000 + "word",
    "definitions only": "\n".join(f"[word{number}]: https://x.example/{number}" for number in range(1_000)),
    "code spans of every length": " ".join("`" * length + "word" for length in range(1, 300)),
    "entities and tags": "&<" * 25_000 + "word",
    "control characters": "word\x00\x0b\x0c\x85\u2028\u202e\ud800word",
}  # fmt: skip


@pytest.mark.parametrize("source", HOSTILE.values(), ids=HOSTILE.keys())
def test_hostile_text_is_shown_whole_and_soon(source: str) -> None:
    before = time.monotonic()
    blocks = parse_markdown(source)
    assert time.monotonic() - before < MINUTES_S
    assert sum(block.text.count("word") for block in blocks) == source.count("word")


def test_no_tile_gets_more_text_than_it_can_lay_out_at_once() -> None:
    for source in ("word" * 250_000, "```\n" + "word" * 250_000, "word " * 200_000, "*a" * 50_000):
        assert all(len(block.text) <= MAX_LINE for block in parse_markdown(source))
