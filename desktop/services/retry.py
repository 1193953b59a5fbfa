"""Retries: one policy, in one place."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from tenacity import AsyncRetrying, RetryCallState, stop_after_attempt, wait_random_exponential

from desktop.domain.errors import ProviderError

LONGEST_JITTER_S = 30.0
LONGEST_WAIT_S = 30.0


@dataclass(frozen=True, slots=True)
class RetryPolicy:
    """Tries again what can succeed, with full jitter (0.5 s, doubled, at most 30 s); the service's own wish wins.

    `max_retries` counts the tries after the first; `first_delay_s` bounds the first pause, each next may be
    twice as long. A wish longer than `longest_wait_s` ends the tries. A failure after which nobody knows whether the
    request was answered is followed by one more try at most.
    """

    max_retries: int
    first_delay_s: float
    longest_wait_s: float = LONGEST_WAIT_S

    def attempts(
        self, may_retry: Callable[[ProviderError], bool], sleep: Callable[[int, float], Awaitable[None]]
    ) -> AsyncRetrying:
        """An iteration over attempts.

        Args:
            may_retry: asked after a failure that could pass; False where something was already delivered.
            sleep: waits before the next attempt, whose number (from 2) and pause in seconds it is given.
        """
        ambiguous = 0

        def worth_it(state: RetryCallState) -> bool:
            nonlocal ambiguous
            error = state.outcome.exception() if state.outcome else None
            if not isinstance(error, ProviderError):
                return False
            ambiguous += error.ambiguous
            passes = error.retryable and (error.retry_after or 0) <= self.longest_wait_s
            return passes and ambiguous <= 1 and may_retry(error)

        next_number = 1

        async def before_sleep(state: RetryCallState) -> None:
            nonlocal next_number
            next_number = state.attempt_number + 1

        async def pause(seconds: float) -> None:
            await sleep(next_number, seconds)

        return AsyncRetrying(
            stop=stop_after_attempt(self.max_retries + 1),
            wait=self._pause,
            retry=worth_it,
            before_sleep=before_sleep,
            sleep=pause,
            reraise=True,
        )

    def _pause(self, state: RetryCallState) -> float:
        error = state.outcome.exception() if state.outcome else None
        wish = error.retry_after if isinstance(error, ProviderError) else None
        jittered = wait_random_exponential(multiplier=self.first_delay_s, max=LONGEST_JITTER_S)(state)
        return max(jittered, wish or 0.0)
