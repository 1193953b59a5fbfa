import re
from unittest.mock import patch

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from desktop.ui.conversation import growing_markdown, markdown_pieces
from desktop.ui.conversation.growing_markdown import GrowingMarkdown
from desktop.ui.conversation.markdown import Block
from desktop.ui.conversation.markdown_pieces import MAX_PARSED, parse_markdown

LINES = (
    "W",
    "W *W* **W** `W` ~~W~~",
    "  W",
    "    W",
    "     W",
    "\tW",
    "W  ",
    "- W",
    "* W",
    "+ W",
    "-",
    "  - W",
    "    - W",
    "1. W",
    "2) W",
    "10. W",
    "1.",
    "   W",
    "> W",
    "> > W",
    ">",
    "> - W",
    "```py",
    "```",
    "~~~",
    "- ```",
    "  ```",
    "# W",
    "#W",
    "===",
    "---",
    "***",
    "| W | W |",
    "|---|:-:|",
    "W | W",
    "<div>W",
    "<!-- W",
    "![W](http://x.example/y)",
    "[W](http://x.example)",
    "[W W",
    "W\rW",
    "W\\",
    "\\",
    "&amp; W",
    "*W",
    "W**",
    "``W",
    "",
    "",
    "",
    "x\n" * 30 + "W",
)
WORD = re.compile(r"w\d+e")


@st.composite
def _texts(draw: st.DrawFn, lines: tuple[str, ...] = LINES) -> str:
    """Markdown of lines that mean something beside each other, with a word of its own in each place."""
    text = draw(st.sampled_from(["\n", "\r\n"])).join(draw(st.lists(st.sampled_from(lines), max_size=14)))
    pieces = text.split("W")
    numbered = "".join(f"{piece}w{number}e" for number, piece in enumerate(pieces[:-1])) + pieces[-1]
    return numbered + draw(st.sampled_from(["", "\n"]))


def _prefixes(text: str, data: st.DataObject) -> list[str]:
    ends = data.draw(st.lists(st.integers(1, max(1, len(text))), max_size=40), label="where chunks end")
    return [text[:end] for end in sorted({*ends, len(text)})]


def _words(blocks: list[Block]) -> list[str]:
    return WORD.findall("\n".join(block.text for block in blocks))


@settings(max_examples=200, deadline=None)
@given(_texts(), st.data())
def test_however_it_arrives_it_reads_the_same(text: str, data: st.DataObject) -> None:
    growing = GrowingMarkdown()
    for prefix in _prefixes(text, data):
        growing.grow(prefix)
    assert growing.blocks == list(parse_markdown(text))
    shown = list(growing.blocks)
    changed = growing.finish(text)
    assert growing.blocks == list(parse_markdown(text))
    assert growing.blocks[:changed] == shown[:changed]


@settings(max_examples=150, deadline=None)
@given(_texts(), st.data())
def test_while_it_grows_no_word_is_missing_and_what_is_closed_stays(text: str, data: st.DataObject) -> None:
    growing = GrowingMarkdown()
    for prefix in _prefixes(text, data):
        before = list(growing.blocks)
        changed = growing.grow(prefix)
        assert growing.blocks[:changed] == before[:changed]
        assert sorted(_words(growing.blocks)) == sorted(WORD.findall(prefix))


@settings(max_examples=100, deadline=None)
@given(
    _texts((*LINES, "[W]: http://x.example/a", "> [W]:", "- [W]: b", "1) [a\\]", "b]: c", "[w0e] [w1e]", "[a\\] b]")),
    st.data(),
)
def test_links_find_their_targets_at_the_end(text: str, data: st.DataObject) -> None:
    growing = GrowingMarkdown()
    for prefix in _prefixes(text, data):
        growing.grow(prefix)
    shown = list(growing.blocks)
    changed = growing.finish(text)
    assert growing.blocks == list(parse_markdown(text))
    assert growing.blocks[:changed] == shown[:changed]


@settings(max_examples=200, deadline=None)
@given(_texts(), st.data())
def test_what_is_too_long_to_be_parsed_at_once_reads_the_same_too(text: str, data: st.DataObject) -> None:
    growing = GrowingMarkdown()
    with patch.object(growing_markdown, "MAX_PARSED", 60), patch.object(markdown_pieces, "MAX_PARSED", 60):
        for prefix in _prefixes(text, data):
            growing.grow(prefix)
        assert growing.blocks == list(parse_markdown(text))


@pytest.mark.parametrize(
    "text",
    [
        "before\n\n```py\n" + "some = code()\n" * 8_000 + "```\n\nafter *all*\n",
        "x" * (3 * MAX_PARSED),
        "```\n" + "x" * (2 * MAX_PARSED) + "\n```\nafter\n",
    ],
    ids=["code", "line", "line of code"],
)
def test_what_is_very_long_indeed_reads_the_same_too(text: str) -> None:
    growing = GrowingMarkdown()
    for end in range(0, len(text), len(text) // 60):
        growing.grow(text[:end])
    growing.finish(text)
    assert growing.blocks == list(parse_markdown(text))


def test_all_at_once_is_one_way_of_arriving() -> None:
    text = "# Head\n\n" + "- item\n\ntext\n\n" * 6_000
    growing = GrowingMarkdown()
    growing.grow(text)
    assert growing.blocks == list(parse_markdown(text))
