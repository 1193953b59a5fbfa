"""The retry policy."""

import pytest

from desktop.domain.errors import KeyRejected, Offline, ProviderError
from desktop.services.retry import RetryPolicy

pytestmark = pytest.mark.anyio


async def tries(policy: RetryPolicy, error: ProviderError) -> tuple[int, list[float]]:
    """How often something that always fails is tried, and the pauses between."""
    count = 0
    pauses: list[float] = []

    async def sleep(number: int, pause_s: float) -> None:
        assert number == count + 1
        pauses.append(pause_s)

    async def fail() -> None:
        nonlocal count
        async for attempt in policy.attempts(lambda _error: True, sleep):
            with attempt:
                count += 1
                raise error

    with pytest.raises(type(error)):
        await fail()
    return count, pauses


async def test_a_failure_that_may_pass_is_tried_as_often_as_allowed_with_growing_pauses() -> None:
    count, pauses = await tries(RetryPolicy(5, 0.5), Offline("x"))
    assert count == 6
    assert all(0 <= pause <= 0.5 * 2**n for n, pause in enumerate(pauses))
    assert len(set(pauses)) == 5


async def test_no_pause_of_our_own_is_longer_than_30_s() -> None:
    _, pauses = await tries(RetryPolicy(50, 10.0), Offline("x"))
    assert max(pauses) <= 30


async def test_the_server_s_wish_is_the_shortest_pause() -> None:
    assert (await tries(RetryPolicy(1, 0.001), Offline("x", retry_after=20)))[1] == [20]


@pytest.mark.parametrize("error", [KeyRejected("x"), Offline("x", retry_after=31)])
async def test_what_cannot_succeed_soon_is_not_tried_again(error: ProviderError) -> None:
    assert await tries(RetryPolicy(5, 0.001), error) == (1, [])


async def test_who_is_patient_waits_longer() -> None:
    assert (await tries(RetryPolicy(1, 0.001, longest_wait_s=3600), Offline("x", retry_after=31)))[1] == [31]


async def test_what_may_have_been_answered_is_tried_once_more_at_most() -> None:
    count, _ = await tries(RetryPolicy(5, 0.001), Offline("x", ambiguous=True))
    assert count == 2
