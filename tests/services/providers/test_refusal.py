"""Status and wording to one kind of error."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.domain.errors import ContextTooLong
from desktop.services.providers.refusal import refusal, stated_error

RETRIED = {408, 409, 425, 429, 500, 502, 503, 504, 529}


def body(message: str = "", **more: object) -> bytes:
    return json.dumps({"error": {"message": message, **more}}).encode()


@pytest.mark.parametrize(
    ("status", "sent", "kind"),
    [
        (400, body("temperature must be positive"), "BadRequest"),
        (422, b'{"detail": "bad"}', "BadRequest"),
        (401, body("Incorrect API key provided"), "KeyRejected"),
        (400, body("API key not valid. Please pass a valid API key.", status="INVALID_ARGUMENT"), "KeyRejected"),
        (400, body("Incorrect API key provided: x***y"), "KeyRejected"),
        (403, b"<html><title>403 Forbidden</title><body>nginx</body></html>", "Forbidden"),
        (404, b'{"error": "model \'qwen3:8b\' not found"}', "ModelNotFound"),
        (404, body("model: claude-x", type="not_found_error"), "ModelNotFound"),
        (400, body("foo is not a valid model ID"), "ModelNotFound"),
        (404, b"", "ModelNotFound"),
        (402, body("Insufficient Balance"), "QuotaExhausted"),
        (429, body("You exceeded your current quota", code="insufficient_quota"), "QuotaExhausted"),
        (400, body("Your credit balance is too low to access the Anthropic API."), "QuotaExhausted"),
        (403, body("Your newly created team doesn't have any credits yet."), "QuotaExhausted"),
        (429, body("Rate limit reached"), "RateLimited"),
        (429, body("", type="rate_limit_error"), "RateLimited"),
        (
            429,
            body("You exceeded your current quota. Please retry in 34.5s.", status="RESOURCE_EXHAUSTED"),
            "RateLimited",
        ),
        (400, body("The response was filtered due to the prompt", code="content_filter"), "ContentRefused"),
        (403, body("Your input was flagged"), "ContentRefused"),
        (400, body("This model does not support image input"), "UnsupportedInput"),
        (500, body("image input is not supported - hint: provide the mmproj"), "UnsupportedInput"),
        (404, body("No endpoints found that support image input"), "UnsupportedInput"),
        (408, b"", "TimedOut"),
        (409, b"", "Overloaded"),
        (413, b"", "ContextTooLong"),
        (425, b"", "Overloaded"),
        (500, b"", "ProviderDown"),
        (502, b"<html><title>502 Bad Gateway</title></html>", "ProviderDown"),
        (503, b'{"error": "model is loading, maximum context"}', "ProviderDown"),
        (503, body("The model is overloaded."), "ProviderDown"),
        (504, b"", "ProviderDown"),
        (520, b"", "ProviderDown"),
        (529, b"{}", "Overloaded"),
        (302, b"", "BadReply"),
        (204, b"", "BadReply"),
        (999, b"", "BadReply"),
    ],
)
def test_a_refusal_has_the_right_kind_and_says_it_to_a_person(status: int, sent: bytes, kind: str) -> None:
    error = refusal("Example", status, sent, {})
    assert type(error).__name__ == kind
    assert error.status == status
    assert error.retryable == (status in RETRIED and kind not in ("QuotaExhausted", "UnsupportedInput"))
    assert "Example" in error.sentence
    assert error.sentence.endswith(".")


@pytest.mark.parametrize(
    ("status", "message", "more"),
    [
        (400, "request (9000 tokens) exceeds the available context size (8192 tokens), try increasing it", {}),
        (400, "too long", {"type": "exceed_context_size_error", "n_prompt_tokens": 9000, "n_ctx": 8192}),
        (
            400,
            "This model's maximum context length is 8192 tokens. However, your messages resulted in 9000 tokens.",
            {"code": "context_length_exceeded"},
        ),
        (400, "prompt is too long: 9000 tokens > 8192 maximum", {"type": "invalid_request_error"}),
        (400, "input length and `max_tokens` exceed context limit: 8000 + 1000 > 8192, decrease input length", {}),
        (400, "The input token count (9000) exceeds the maximum number of tokens allowed (8192).", {}),
        (400, "The decoder prompt (length 9000) is longer than the maximum model length of 8192.", {}),
        (400, "Prompt contains 9000 tokens and 0 draft tokens, too large for model with 8192 maximum context", {}),
        (
            400,
            "Trying to keep the first 9000 tokens when context the overflows. However, it has room for 8192 tokens",
            {},
        ),
        (400, "This model's maximum prompt length is 8192 but the request contains 9000 tokens.", {}),
        (400, "Please reduce the length of the messages or completion. Current length is 9000 while limit is 8192", {}),
        (400, "The prompt is too long: 9,000, model maximum context length: 8,192", {}),
        (413, "Request too large for model `llama-3.1-8b`: Limit 8192, Requested 9000", {}),
        (500, "too long", {"type": "exceed_context_size_error", "n_prompt_tokens": 9000, "n_ctx": 8192}),
    ],
)
def test_too_long_a_history_is_told_with_both_numbers(status: int, message: str, more: dict[str, object]) -> None:
    error = refusal("Example", status, body(message, **more), {})
    assert isinstance(error, ContextTooLong)
    assert "it has 9000 tokens, and 8192 fit" in error.sentence
    assert not error.retryable


@pytest.mark.parametrize(
    "message",
    [
        "Your input exceeds the context window of this model. Please adjust your input and try again.",
        "the input length exceeds the context length",
        "prompt too long; exceeded max context length by 21 tokens",
        "too many tokens: size limit exceeded by 300 tokens",
    ],
)
def test_too_long_a_history_is_told_without_numbers_where_there_are_none(message: str) -> None:
    error = refusal("Example", 400, body(message), {})
    assert isinstance(error, ContextTooLong)
    assert error.sentence.startswith("The chat is too long for this model at Example. ")


def test_the_service_s_own_words_are_kept_without_markup() -> None:
    page = b"<html><head><title>502 Bad\n Gateway</title></head></html>"
    assert refusal("E", 502, page, {}).detail == "502 Bad Gateway"
    assert refusal("E", 502, b"<html><body><b>no</b> title</body></html>", {}).detail == "no title"
    assert refusal("E", 400, body("no such option"), {}).detail == "no such option"
    assert refusal("E", 400, b'[{"error": {"code": 400, "message": "a list"}}]', {}).detail == "a list"
    assert refusal("E", 400, b'{"object": "error", "message": "flat", "type": "x"}', {}).detail == "flat"
    assert stated_error("E", "model 'x' not found").detail == "model 'x' not found"


def test_the_service_s_name_for_the_request_is_kept() -> None:
    assert refusal("E", 500, b"", {"cf-ray": "ray", "x-request-id": "req"}).request_id == "req"
    assert refusal("E", 500, b'{"request_id": "inside", "error": {}}', {}).request_id == "inside"
    assert len(refusal("E", 500, b"", {"request-id": "x" * 5000}).request_id) == 200


def test_the_longest_wish_to_wait_is_kept() -> None:
    assert refusal("E", 429, body("Please try again in 7.5s"), {"retry-after": "3"}).retry_after == 7.5
    info = {"@type": "type.googleapis.com/google.rpc.RetryInfo", "retryDelay": "34s"}
    assert refusal("E", 429, body("slow down", details=[info]), {}).retry_after == 34
    assert refusal("E", 429, b"", {}).retry_after is None


@pytest.mark.parametrize(
    ("error", "kind", "status"),
    [
        ('{"error": {"code": 502, "message": "Upstream failed"}}', "ProviderDown", 502),
        ('{"error": {"code": 429, "message": "Slow down"}}', "RateLimited", 429),
        ('{"type": "error", "error": {"type": "overloaded_error", "message": "Overloaded"}}', "Overloaded", None),
        ('{"error": {"message": "the request exceeds the available context size"}}', "ContextTooLong", None),
        ('{"error": "an error was encountered while running the model"}', "ProviderDown", None),
        ("", "ProviderDown", None),
    ],
)
def test_an_error_inside_a_stream_has_its_kind_too(error: str, kind: str, status: int | None) -> None:
    made = stated_error("E", error)
    assert (type(made).__name__, made.status) == (kind, status)


@given(st.integers(100, 999), st.binary(max_size=200) | st.text().map(body))
def test_whatever_is_refused_has_a_sentence(status: int, sent: bytes) -> None:
    error = refusal("Example", status, sent, {})
    assert "Example" in error.sentence
    assert "{" not in error.sentence
    assert len(error.detail) <= 301
