"""Everything that can go wrong, as one tree; each error can say itself to a person.

    ParleyError
    ├─ BadAddress                 a base URL nobody can dial
    ├─ NotFound                   a conversation, message or service that is gone
    ├─ StoreError                 the data directory or database
    │   ├─ DataDirUnusable        missing rights, read-only, not a directory
    │   ├─ DiskFull
    │   ├─ DatabaseDamaged
    │   └─ DatabaseNewer          written by a later Parley
    └─ ProviderError              a model call
        ├─ KeyMissing  KeyRejected  Forbidden  QuotaExhausted  RateLimited
        ├─ ContextTooLong  ModelNotFound  BadRequest  ContentRefused  UnsupportedInput
        ├─ ProviderDown  Overloaded  Offline  TimedOut
        ├─ StreamInterrupted  BadReply  BreakerOpen
        └─ Unknown

Raised in the services, turned into a `Problem` once, stored beside the message and shown once.
"""

from dataclasses import dataclass
from enum import StrEnum


class NextStep(StrEnum):
    """What a person can do about a problem; the window shows one button for each."""

    RETRY = "retry"
    CONTINUE = "continue"
    ADD_KEY = "add key"
    CHOOSE_MODEL = "choose another model"
    CHECK_SETTINGS = "check settings"


@dataclass(frozen=True, slots=True)
class Problem:
    """An error as it is stored and shown: a sentence for a person, the service's own words, next steps."""

    kind: str
    sentence: str
    detail: str = ""
    steps: tuple[NextStep, ...] = ()
    request_id: str = ""


class ParleyError(Exception):
    """An error that can say itself to a person.

    Args:
        sentence: what happened and what to do next, for a person.
        detail: the other side's own words, as plain text, never with a secret in them.
    """

    steps: tuple[NextStep, ...] = ()
    retryable = False

    def __init__(self, sentence: str, detail: str = "") -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.detail = detail

    @property
    def problem(self) -> Problem:
        """This error as a value to store and show."""
        return Problem(type(self).__name__, self.sentence, self.detail, self.steps)


class BadAddress(ParleyError):
    """A base URL that cannot be dialled."""

    def __init__(self, written: str) -> None:
        shown = written if len(written) <= 80 else f"{written[:79]}…"
        super().__init__(f"“{shown}” is not an address Parley can use. Write it like http://127.0.0.1:11434.")


class NotFound(ParleyError):
    """Something that was asked for is no longer there."""


class StoreError(ParleyError):
    """The data directory or the database cannot be used; nothing was overwritten."""


class DataDirUnusable(StoreError):
    """The data directory cannot be created, read or written."""


class DiskFull(StoreError):
    """No space is left where the data lives."""


class DatabaseDamaged(StoreError):
    """The database file is not a readable Parley database."""


class DatabaseNewer(StoreError):
    """The database was written by a later Parley."""


class ProviderError(ParleyError):
    """A model call that failed.

    Args:
        sentence: what happened, for a person.
        detail: the service's own words.
        status: the HTTP status, where one arrived.
        retry_after: seconds the service asked to wait, where it said so.
        ambiguous: whether the request left and nothing came back, so that it may have been answered and billed.
        request_id: the service's own name for the request, where it gave one.
    """

    steps: tuple[NextStep, ...] = (NextStep.RETRY, NextStep.CHOOSE_MODEL)

    def __init__(
        self,
        sentence: str,
        detail: str = "",
        *,
        status: int | None = None,
        retry_after: float | None = None,
        ambiguous: bool = False,
        request_id: str = "",
    ) -> None:
        super().__init__(sentence, detail)
        self.status = status
        self.retry_after = retry_after
        self.ambiguous = ambiguous
        self.request_id = request_id

    @property
    def problem(self) -> Problem:
        """See ParleyError."""
        return Problem(type(self).__name__, self.sentence, self.detail, self.steps, self.request_id)


class KeyMissing(ProviderError):
    """The service needs a key and none is known."""

    steps = (NextStep.ADD_KEY, NextStep.CHOOSE_MODEL)


class KeyRejected(ProviderError):
    """The service refused the key."""

    steps = (NextStep.ADD_KEY, NextStep.CHOOSE_MODEL)


class Forbidden(ProviderError):
    """The key is known but may not do this."""

    steps = (NextStep.CHOOSE_MODEL, NextStep.ADD_KEY)


class QuotaExhausted(ProviderError):
    """The account has no credit or quota left."""


class RateLimited(ProviderError):
    """Too many requests for now."""

    retryable = True


class ContextTooLong(ProviderError):
    """The conversation does not fit the model's context window."""

    steps = (NextStep.CHOOSE_MODEL,)


class ModelNotFound(ProviderError):
    """The service does not have this model."""

    steps = (NextStep.CHOOSE_MODEL, NextStep.RETRY)


class BadRequest(ProviderError):
    """The service did not understand or accept the request."""


class ContentRefused(ProviderError):
    """The service's filter refused the content."""


class UnsupportedInput(ProviderError):
    """The model cannot take this kind of input."""

    steps = (NextStep.CHOOSE_MODEL,)


class ProviderDown(ProviderError):
    """The service failed on its side."""

    retryable = True


class Overloaded(ProviderError):
    """The service has more work than it can take."""

    retryable = True


class Offline(ProviderError):
    """The service could not be reached."""

    steps = (NextStep.RETRY, NextStep.CHECK_SETTINGS, NextStep.CHOOSE_MODEL)
    retryable = True


class TimedOut(ProviderError):
    """The service did not answer, or fell silent, for too long."""

    retryable = True


class StreamInterrupted(ProviderError):
    """The reply broke off before its end mark."""

    steps = (NextStep.RETRY,)
    retryable = True


class BadReply(ProviderError):
    """The service answered with something that is no valid reply."""


class BreakerOpen(ProviderError):
    """The service failed too often; Parley leaves it alone for a while."""


class Unknown(ProviderError):
    """Something nobody foresaw."""
