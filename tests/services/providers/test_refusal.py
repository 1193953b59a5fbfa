"""Status and wording to one kind of error."""

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from desktop.services.providers.refusal import refusal, retry_after, stated_error


@pytest.mark.parametrize(
    ("status", "body", "kind"),
    [
        (
            400,
            b'{"error": {"message": "request (9000 tokens) exceeds the available context size (8192 tokens)"}}',
            "ContextTooLong",
        ),
        (400, b'{"error": {"message": "temperature must be positive"}}', "BadRequest"),
        (401, b'{"error": {"message": "Incorrect API key provided"}}', "KeyRejected"),
        (403, b"<html><title>403 Forbidden</title><body>nginx</body></html>", "Forbidden"),
        (404, b'{"error": "model \'qwen3:8b\' not found"}', "ModelNotFound"),
        (429, b'{"error": {"message": "Rate limit reached"}}', "RateLimited"),
        (
            429,
            b'{"error": {"code": "insufficient_quota", "message": "You exceeded your current quota"}}',
            "QuotaExhausted",
        ),
        (400, b'{"error": {"message": "Your credit balance is too low"}}', "QuotaExhausted"),
        (302, b"", "BadReply"),
        (500, b"", "ProviderDown"),
        (503, b'{"error": "model is loading, maximum context"}', "ProviderDown"),
        (529, b"{}", "Overloaded"),
    ],
)
def test_a_refusal_has_the_right_kind_and_says_it_to_a_person(status: int, body: bytes, kind: str) -> None:
    error = refusal("Example", status, body, {})
    assert type(error).__name__ == kind
    assert error.status == status
    assert "Example" in error.sentence
    assert error.sentence.endswith(".")


def test_the_service_s_own_words_are_kept_without_markup() -> None:
    assert (
        refusal("E", 502, b"<html><head><title>502 Bad\n Gateway</title></head></html>", {}).detail == "502 Bad Gateway"
    )
    assert refusal("E", 400, b'{"error": {"message": "no such option"}}', {}).detail == "no such option"
    assert stated_error("E", "model 'x' not found").detail == "model 'x' not found"


def test_the_wish_to_wait_is_understood_in_all_its_forms() -> None:
    assert retry_after({"retry-after-ms": "250", "retry-after": "9"}) == 0.25
    assert retry_after({"retry-after": "20"}) == 20
    later = retry_after({"retry-after": format_datetime(datetime.now(UTC) + timedelta(seconds=60), usegmt=True)})
    assert later is not None
    assert 57 < later <= 60
    assert retry_after({"retry-after": "soon"}) is None
    assert retry_after({}) is None
