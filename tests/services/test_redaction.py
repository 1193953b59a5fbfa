"""Redaction: keys go, words stay."""

import pytest

from desktop.domain.secrets import MASK
from desktop.services.redaction import Redactor


def test_what_was_handed_out_is_masked_wherever_it_stands() -> None:
    redactor = Redactor()
    redactor.remember(" my$own/key-1 \n")
    redactor.remember("my$own/key-1-longer")
    said = "my$own/key-1, (my$own/key-1-longer) and my%24own%2Fkey-1"
    assert redactor.mask(said) == f"{MASK}, ({MASK}) and {MASK}"
    assert "my$own" not in repr(redactor)


def test_what_was_cut_off_in_the_middle_of_a_key_is_masked_too() -> None:
    redactor = Redactor()
    redactor.remember("my$own/key-1")
    assert redactor.mask("no such key: my$own/ke…") == f"no such key: {MASK}…"
    assert redactor.mask("no such key: my…") == "no such key: my…"


def test_words_that_local_servers_take_for_keys_are_left_alone() -> None:
    redactor = Redactor()
    redactor.remember("ollama")
    redactor.remember("")
    assert redactor.redact("ollama is running") == "ollama is running"


@pytest.mark.parametrize(
    "line",
    [
        "Authorization: Bearer CANARY",
        "{'authorization': 'Bearer CANARY'}",
        'headers={"x-api-key": "CANARY"}',
        "GET https://h/v1beta/models?key=CANARY&alt=sse",
        "api_key=CANARY, model=x",
        "https://someone:CANARY@proxy.lan:3128",
        "bearer CANARYCANARYCANARY",
        "it said sk-CANARY12345",
        "AIzaCANARYCANARYCANARYCANARYCANARY",
        "gsk_CANARYCANARYCANARY",
        "eyJCANARYCANARY.CANARYCANARY.sig",
        "token = 'CANARY'",
        "password: CANARY",
    ],
)
def test_what_looks_like_a_key_is_masked(line: str) -> None:
    assert "CANARY" not in Redactor().redact(line)


@pytest.mark.parametrize(
    "line",
    [
        "8192 tokens are too many, max_tokens: 4096000",
        "the keyboard has keys",
        "a basic understanding of tokens",
        "POST http://127.0.0.1:11434/api/chat was answered with 200",
        "risk-averse task-oriented desk-bound",
        'File "/home/a/desktop/services/secrets.py", line 3, in find',
    ],
)
def test_ordinary_words_stay(line: str) -> None:
    assert Redactor().redact(line) == line


def test_headers_lose_their_secrets_and_the_secrets_are_known_then() -> None:
    redactor = Redactor()
    headers = (("Authorization", "Bearer strange.secret"), ("X-Goog-Api-Key", "another.one"), ("Accept", "*/*"))
    masked = (("Authorization", f"Bearer {MASK}"), ("X-Goog-Api-Key", MASK), ("Accept", "*/*"))
    assert redactor.mask_headers(headers) == masked
    assert redactor.mask("strange.secret another.one") == f"{MASK} {MASK}"
