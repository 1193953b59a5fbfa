from desktop.ui.conversation.markdown import CODE_LINES, Block, BlockKind
from desktop.ui.conversation.markdown_pieces import MAX_PARSED, has_definitions, parse_head, parse_markdown, parse_tail


def _texts(blocks: tuple[Block, ...]) -> list[str]:
    return [block.text for block in blocks]


def test_all_but_the_last_thing_is_closed() -> None:
    piece = parse_tail("one\n\n- two\n\nthree\n")
    assert (_texts(piece.closed), _texts(piece.open)) == (["one", "two"], ["three"])
    assert piece.size == len("one\n\n- two\n\n")


def test_a_line_that_has_not_come_to_its_end_may_still_join_what_stands_before_it() -> None:
    assert parse_tail("one\n-").size == 0
    assert parse_tail("- one\n\ntwo").size == 0
    assert parse_tail("- one\n\ntwo\n").size == len("- one\n\n")


def test_every_kind_of_line_end_counts() -> None:
    for end in ("\n", "\r\n", "\r"):
        piece = parse_tail(f"one{end}{end}two{end}{end}three{end}")
        assert _texts(piece.closed) == ["one", "two"]
        assert piece.size == len(f"one{end}{end}two{end}{end}")


def test_full_slices_of_an_open_code_block_are_closed() -> None:
    first = "```py\n" + "x\n" * CODE_LINES
    assert parse_tail(first).size == 0
    assert parse_tail(f"{first}``").size == 0
    piece = parse_tail(f"{first}y\n")
    assert (piece.size, piece.opener) == (len(first), "```py\n")
    rest = parse_tail("y\n```\n\nafter\n", piece.opener)
    (last,) = rest.closed
    assert (last.text, last.language, last.is_first, last.is_last) == ("y", "py", False, True)
    assert (rest.size, rest.opener) == (len("y\n```\n\n"), "")


def test_a_long_code_block_stays_code() -> None:
    code = "\n".join(f"line {number}  # not a heading" for number in range(5_000))
    assert len(code) > 2 * MAX_PARSED
    blocks = parse_markdown(f"before\n\n```py\n{code}\n```\n\nafter")
    assert (blocks[0].text, blocks[-1].text) == ("before", "after")
    assert {(block.kind, block.language) for block in blocks[1:-1]} == {(BlockKind.CODE, "py")}
    assert "\n".join(_texts(blocks[1:-1])) == code
    assert [block.is_first for block in blocks[1:-1]].count(True) == 1
    assert [block.is_last for block in blocks[1:-1]].count(True) == 1


def test_one_thing_that_is_too_long_is_shown_as_it_is_written_and_what_follows_is_not() -> None:
    words = "- *word*\n" * (MAX_PARSED // 9 + 10)
    blocks = parse_markdown(f"# Before\n\n{words}\n# After\n")
    assert blocks[0].kind is BlockKind.HEADING
    assert blocks[1].text == "- *word*"
    assert blocks[-1].kind is BlockKind.HEADING


def test_some_of_a_head_is_always_closed() -> None:
    for source in ("x" * MAX_PARSED, "```\n" + "x" * (MAX_PARSED - 4), "- x\n" * (MAX_PARSED // 4), "\n" * MAX_PARSED):
        assert 0 < parse_head(source).size <= len(source)
        assert 0 < parse_head(source, "```py\n").size <= len(source)


def test_code_is_not_taken_for_definitions() -> None:
    for source in ("[a]: http://x", "> - [a]: b", "text\n[a\nb]: c", "   [a\\]b]: c", "1. [a]:\nb"):
        assert has_definitions(source)
    for source in ("for x in y[1:]:", "a [b]: c", "[a] (b)", "[]: x", "[" * 100_000, "[\n" * 50_000):
        assert not has_definitions(source)
