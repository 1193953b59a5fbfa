"""What a service's refusal means: a table of status and wording to one error of the tree; the first row holds.

Wordings are those of OpenAI, Azure, Anthropic, Gemini, llama.cpp, Ollama, vLLM, LM Studio, Mistral, xAI, Groq, Cohere,
Cerebras, Fireworks and OpenRouter.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from desktop.domain import errors
from desktop.domain.errors import ProviderError
from desktop.services.providers.error_body import ErrorBody, parse_error
from desktop.services.providers.request_id import LONGEST, request_id
from desktop.services.providers.waits import wished_wait

RETRIED = frozenset({408, 409, 425, 429, 500, 502, 503, 504, 529})
"""The statuses after which the same request can succeed."""

_REFUSED = range(400, 500)
_ANY = range(300, 600)


@dataclass(frozen=True, slots=True)
class Rule:
    """One row: with one of these statuses and a wording like this, an error is of this kind.

    Args:
        words: what the error's codes or text must hold; None for anything.
        inside: whether the row also holds for an error that names no status, inside a 200 answer.
    """

    kind: type[ProviderError]
    sentence: str
    statuses: range | frozenset[int]
    words: re.Pattern[str] | None = None
    inside: bool = True

    def holds(self, status: int | None, text: str) -> bool:
        """Whether this is the row for an error."""
        fits = self.inside if status is None else status in self.statuses
        return fits and (self.words is None or self.words.search(text) is not None)


def _worded(words: str) -> re.Pattern[str]:
    return re.compile(words, re.IGNORECASE | re.DOTALL)


def _status(status: int, kind: type[ProviderError], sentence: str) -> Rule:
    return Rule(kind, sentence, frozenset({status}), inside=False)


_RULES = (
    Rule(
        errors.QuotaExhausted,
        "The account at {name} has no quota left. Check its billing page, or choose another model.",
        _REFUSED,
        _worded(
            r"insufficient[_ ](quota|balance|credit|fund)|credit balance|exceeded your current quota|out of credits"
            r"|billing|(n't have any|no|all available|more) credits|quota (is )?exhausted"
            r"|spending limit|payment required"
        ),
    ),
    Rule(
        errors.KeyRejected,
        "{name} did not accept the key. Check it in Settings.",
        frozenset({400, 401, 403}),
        _worded(
            r"(incorrect|invalid|unknown) (x-)?api[- _]?key|api key (is )?(not |in)valid|(api_key_|key_)invalid"
            r"|invalid_api_key"
        ),
    ),
    Rule(
        errors.UnsupportedInput,
        "This model at {name} cannot take such input. Choose another model, or leave out the picture.",
        frozenset({400, 404, 415, 422, 500}),
        _worded(
            r"(image|vision|multimodal|audio).{0,40}(not supported|unsupported|not enabled|only supported)"
            r"|(not|n't) (support|process|accept|have).{0,40}(image|vision|multimodal)|support image input"
            r"|required for image input"
        ),
    ),
    Rule(
        errors.ContextTooLong,
        "The chat is too long for this model at {name}{counts}. Start a new chat, or choose another model.",
        frozenset({*_REFUSED} - {429} | {500}),
        _worded(
            r"exceed_context|context_length_exceeded|context_window_exceeded|request_too_large"
            r"|exceed.{0,40}context|context.{0,20}overflow|maximum (context|prompt|model) length"
            r"|longer than the maximum model|input token count.{0,40}exceeds|prompt (is )?too long"
            r"|too many (input )?tokens|prompt contains .{0,60}too large|reduce the length of the (messages|prompt)"
            r"|request too large for model|inputs?` tokens \+ `max_new_tokens"
        ),
    ),
    Rule(
        errors.ModelNotFound,
        "{name} does not have this model. Choose another one.",
        frozenset({400, 404, 422}),
        _worded(
            r"model.{0,80}(not found|not exist|no such|not supported for generate|is not available)|model_not_found"
            r"|(unknown|invalid) model|not_found_error.{0,40}model|not a valid model"
        ),
    ),
    Rule(
        errors.ContentRefused,
        "{name} refused the content of this chat.",
        _REFUSED,
        _worded(r"content[_ ](filter|policy|management)|safety|moderation|prohibited_content|flagged"),
    ),
    Rule(
        errors.Overloaded,
        "{name} has more work than it can take at the moment.",
        frozenset({529}),
        _worded(r"overloaded|server busy|over capacity"),
    ),
    Rule(
        errors.RateLimited,
        "{name} asks to slow down: too many requests for now.",
        frozenset(),
        _worded(r"rate_limit|rate limit|too many requests|resource_exhausted"),
    ),
    _status(401, errors.KeyRejected, "{name} did not accept the key. Check it in Settings."),
    _status(
        402, errors.QuotaExhausted, "The account at {name} has no credit left. Top it up, or choose another model."
    ),
    _status(403, errors.Forbidden, "{name} does not allow this with the present key."),
    _status(
        404, errors.ModelNotFound, "{name} does not know this model or address. Check the base URL, or choose a model."
    ),
    _status(408, errors.TimedOut, "{name} gave up waiting for the request."),
    _status(409, errors.Overloaded, "{name} is busy with a conflicting request."),
    _status(413, errors.ContextTooLong, "The chat is too long for this model at {name}{counts}."),
    _status(425, errors.Overloaded, "{name} was not ready for the request."),
    _status(429, errors.RateLimited, "{name} asks to slow down: too many requests for now."),
    _status(529, errors.Overloaded, "{name} has more work than it can take at the moment."),
    Rule(errors.ProviderDown, "{name} failed on its side (status {status}).", range(500, 600), inside=False),
    Rule(
        errors.BadReply,
        "{name} wants to redirect to another address. Enter the final address in Settings.",
        range(300, 400),
        inside=False,
    ),
    Rule(errors.BadRequest, "{name} did not accept the request (status {status}).", _REFUSED, inside=False),
    Rule(errors.ProviderDown, "{name} reported an error.", _ANY),
)
_STRANGE = Rule(errors.BadReply, "{name} answered in a way Parley does not know (status {status}).", _ANY)


def refusal(name: str, status: int, body: bytes, headers: Mapping[str, str]) -> ProviderError:
    """The error for an answer that is not 200.

    Args:
        name: the service's name, for the sentence.
        body: the answer's body, or its beginning.
        headers: the answer's headers, names in lower case.
    """
    read = parse_error(body)
    waits = [one for one in (wished_wait(headers, status), read.wait) if one is not None]
    named = request_id(headers) or read.request_id[:LONGEST]
    return _error(name, status, read, max(waits, default=None), named)


def stated_error(name: str, error: str | bytes) -> ProviderError:
    """The error for one that arrived inside a 200 answer: its JSON as it came, or its words."""
    read = parse_error(error)
    return _error(name, read.status, read, read.wait, read.request_id)


def _error(name: str, status: int | None, read: ErrorBody, wait: float | None, named: str) -> ProviderError:
    rule = next((row for row in _RULES if row.holds(status, read.codes)), _STRANGE)
    if rule.kind is errors.QuotaExhausted and status == 429 and wait is not None and "insufficient" not in read.codes:
        # Gemini says "exceeded your current quota" of each minute's share as well, but then when to come back.
        rule = next(row for row in _RULES if row.kind is errors.RateLimited)
    counts = "" if read.asked is None else f": it has {read.asked} tokens, and {read.limit} fit"
    sentence = rule.sentence.format(name=name, status=status, counts=counts)
    error = rule.kind(sentence, read.words, status=status, retry_after=wait, request_id=named)
    error.retryable = error.retryable and (status is None or status in RETRIED)
    return error
