import json

import pytest

from desktop.domain.attempt import SentRequest
from desktop.ui.connections.sent_text import SHOWN, body_text, render_sent

HEADERS = (("Content-Type", "application/json"),)


def _sent(body: bytes) -> SentRequest:
    return SentRequest("POST", "https://x.example/v1", HEADERS, body)


@pytest.mark.parametrize("body", [b"not JSON", b'{"half": ', b"[" * 5_000, b"\xff\xfe", "日本".encode()])
def test_a_body_that_is_no_json_is_shown_as_it_is(body: bytes) -> None:
    assert render_sent(_sent(body)).endswith("\n\n" + body.decode("utf-8", "replace"))


def test_a_request_without_a_body_ends_with_its_headers() -> None:
    assert render_sent(_sent(b"")) == "POST https://x.example/v1\nContent-Type: application/json"


@pytest.mark.parametrize("size", [200_000, 5_000_000])
def test_the_end_of_a_long_body_is_left_out_and_said_to_be(size: int) -> None:
    body = json.dumps({"text": "x" * size}).encode()
    shown = render_sent(_sent(body))
    assert SHOWN < len(shown) < SHOWN + 300
    assert shown.endswith(f"… {len(body):,} bytes in all. Copy body copies them.")
    assert body_text(_sent(body)) == body.decode()
