"""So many requests at once, and no more."""

import asyncio

import pytest

from desktop.services.slots import Slots

pytestmark = pytest.mark.anyio


async def test_a_service_gets_as_many_requests_as_it_may_and_another_is_not_held_up() -> None:
    slots, waits, inside, most = Slots(), list[str](), 0, 0

    async def ask(service: str) -> None:
        nonlocal inside, most
        async with slots.take(service, 2, lambda: waits.append(service)):
            inside += service == "a"
            most = max(most, inside)
            await asyncio.sleep(0.01)
            inside -= service == "a"

    await asyncio.gather(*(ask("a") for _ in range(6)), ask("b"))
    assert most == 2
    assert waits == ["a"] * 4


async def test_a_slot_is_free_again_whatever_happened() -> None:
    slots = Slots()

    async def hold() -> None:
        async with slots.take("a", 1, lambda: None):
            await asyncio.Event().wait()

    first = asyncio.create_task(hold())
    second = asyncio.create_task(hold())
    await asyncio.sleep(0.01)
    for task in (second, first):
        task.cancel()
    await asyncio.wait({first, second})
    async with asyncio.timeout(1), slots.take("a", 1, lambda: None):
        pass
