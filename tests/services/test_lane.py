"""One after the other, in an order that can be changed."""

import asyncio

import pytest

from desktop.services.lane import Lane

pytestmark = pytest.mark.anyio


async def enter(lane: Lane, *names: int) -> tuple[list[int], dict[int, "asyncio.Task[None]"]]:
    """Let some enter and stay; what they do is told in the order in which they do it."""
    entered: list[int] = []

    async def come(name: int) -> None:
        await lane.enter(name)
        entered.append(name)

    tasks = {name: asyncio.create_task(come(name)) for name in names}
    await asyncio.sleep(0.01)
    return entered, tasks


async def leave(lane: Lane) -> None:
    lane.leave()
    await asyncio.sleep(0.01)


async def test_one_is_in_and_the_others_wait_in_order() -> None:
    lane = Lane()
    entered, _ = await enter(lane, 1, 2, 3)
    assert (entered, lane.waiting) == ([1], (2, 3))
    await leave(lane)
    await leave(lane)
    assert (entered, lane.waiting) == ([1, 2, 3], ())


async def test_the_order_can_be_changed() -> None:
    lane = Lane()
    entered, _ = await enter(lane, 1, 2, 3)
    lane.swap(2, 3)
    lane.swap(1, 2)  # 1 does not wait any more
    assert lane.waiting == (3, 2)
    await leave(lane)
    assert entered == [1, 3]


async def test_who_is_cancelled_holds_nobody_up() -> None:
    lane = Lane()
    entered, tasks = await enter(lane, 1, 2, 3)
    tasks[2].cancel()
    await asyncio.sleep(0.01)
    assert lane.waiting == (3,)
    lane.leave()
    tasks[3].cancel()  # it was let in, and does not know yet
    await asyncio.sleep(0.01)
    later, _ = await enter(lane, 4)
    assert (entered, later) == ([1], [4])
