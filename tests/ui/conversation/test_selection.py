from hypothesis import given
from hypothesis import strategies as st

from desktop.ui.conversation.selection import Selection, Spot

SPOTS = st.builds(Spot, st.integers(0, 3), st.integers(0, 3), st.integers(0, 5))


def test_within_one_tile() -> None:
    chosen = Selection(Spot(1, 2, 3), Spot(1, 2, 7))
    assert chosen.within(1, 2, 10) == (3, 7)
    assert chosen.within(1, 1, 10) is None
    assert chosen.within(0, 2, 10) is None


def test_across_tiles_and_messages() -> None:
    chosen = Selection(Spot(0, 1, 4), Spot(2, 0, 2))
    assert chosen.within(0, 0, 10) is None
    assert chosen.within(0, 1, 10) == (4, 10)
    assert chosen.within(0, 2, 10) == (0, 10)
    assert chosen.within(1, 5, 10) == (0, 10)
    assert chosen.within(2, 0, 10) == (0, 2)
    assert chosen.within(2, 1, 10) is None


def test_an_end_that_only_touches_selects_nothing() -> None:
    chosen = Selection(Spot(0, 0, 10), Spot(0, 1, 0))
    assert not chosen.is_empty
    assert chosen.within(0, 0, 10) is None
    assert chosen.within(0, 1, 10) is None


@given(SPOTS, SPOTS)
def test_it_does_not_matter_where_it_began(one: Spot, other: Spot) -> None:
    there, back = Selection(one, other), Selection(other, one)
    assert (there.start, there.end) == (back.start, back.end)
    assert there.is_empty == (one == other)
    for row in range(4):
        for tile in range(4):
            found = there.within(row, tile, 5)
            assert found == back.within(row, tile, 5)
            assert found is None or 0 <= found[0] < found[1] <= 5
