"""Retries: one policy, in one place."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from tenacity import AsyncRetrying, RetryCallState, retry_if_exception, stop_after_attempt, wait_random_exponential

from desktop.domain.errors import ProviderError

LONGEST_WAIT_S = 30.0


@dataclass(frozen=True, slots=True)
class RetryPolicy:
    """Tries again what can succeed, with full jitter; the service's own wish wins, up to 30 s.

    `max_retries` counts the tries after the first; `first_delay_s` bounds the first pause, each next may be
    twice as long.
    """

    max_retries: int
    first_delay_s: float

    def attempts(
        self, may_retry: Callable[[], bool], on_wait: Callable[[int, float], Awaitable[None]]
    ) -> AsyncRetrying:
        """An iteration over attempts.

        Args:
            may_retry: asked after a retryable failure; False where something was already delivered.
            on_wait: told the number of the next attempt (from 2) and the pause before it in seconds.
        """

        def worth_it(error: BaseException) -> bool:
            return (
                isinstance(error, ProviderError)
                and error.retryable
                and (error.retry_after or 0) <= LONGEST_WAIT_S
                and may_retry()
            )

        async def before_sleep(state: RetryCallState) -> None:
            await on_wait(state.attempt_number + 1, state.upcoming_sleep)

        return AsyncRetrying(
            stop=stop_after_attempt(self.max_retries + 1),
            wait=self._pause,
            retry=retry_if_exception(worth_it),
            before_sleep=before_sleep,
            reraise=True,
        )

    def _pause(self, state: RetryCallState) -> float:
        jittered = wait_random_exponential(multiplier=self.first_delay_s, max=LONGEST_WAIT_S)(state)
        error = state.outcome.exception() if state.outcome else None
        wish = error.retry_after if isinstance(error, ProviderError) else None
        return max(jittered, wish or 0.0)
