"""The retry policy."""

import pytest

from desktop.domain.errors import KeyRejected, Offline, ProviderError
from desktop.services.retry import RetryPolicy

pytestmark = pytest.mark.anyio


async def tries(policy: RetryPolicy, error: ProviderError) -> tuple[int, list[float]]:
    count = 0
    pauses: list[float] = []

    async def on_wait(_number: int, pause_s: float) -> None:
        pauses.append(pause_s)

    async def fail() -> None:
        nonlocal count
        async for attempt in policy.attempts(lambda: True, on_wait):
            with attempt:
                count += 1
                raise error

    with pytest.raises(type(error)):
        await fail()
    return count, pauses


async def test_a_failure_that_may_pass_is_tried_as_often_as_allowed_with_growing_pauses() -> None:
    count, pauses = await tries(RetryPolicy(5, 0.001), Offline("x"))
    assert count == 6
    assert all(0 <= pause <= 0.001 * 2**n for n, pause in enumerate(pauses))


async def test_the_server_s_wish_is_the_shortest_pause() -> None:
    assert (await tries(RetryPolicy(1, 0.001), Offline("x", retry_after=0.05)))[1] == [0.05]


@pytest.mark.parametrize("error", [KeyRejected("x"), Offline("x", retry_after=31)])
async def test_what_cannot_succeed_soon_is_not_tried_again(error: ProviderError) -> None:
    assert await tries(RetryPolicy(5, 0.001), error) == (1, [])
