"""A service that keeps failing is left alone for a while."""

import pytest

from desktop.domain.address import parse_address
from desktop.domain.errors import BadRequest, BreakerOpen, Offline, ProviderDown, ProviderError, RateLimited
from desktop.domain.model import ModelRef
from desktop.domain.service import Service, Wire
from desktop.services.breaker import FAILURES, OPEN_S, Breaker, family_of

CLOUD = Service("acme", "Acme", Wire.CHAT_COMPLETIONS, parse_address("https://api.acme.test/v1"))
HERE = Service("here", "Here", Wire.OLLAMA, parse_address("http://127.0.0.1:11434"))
GPT, OTHER = ModelRef("acme", "gpt-5-mini"), ModelRef("acme", "claude-5")


class Clock:
    """Time that passes when told to."""

    now = 0.0

    def __call__(self) -> float:
        return self.now


def broken(error: ProviderError, times: int = FAILURES, service: Service = CLOUD) -> tuple[Breaker, Clock]:
    clock = Clock()
    breaker = Breaker(clock)
    for _ in range(times):
        breaker.note_failure(service, GPT, error)
    return breaker, clock


def is_open(breaker: Breaker, model: ModelRef = GPT, *, insist: bool = False) -> bool:
    try:
        breaker.check(CLOUD, model, insist=insist)
    except BreakerOpen:
        return True
    return False


def test_five_failures_in_a_row_open_it_for_the_model_s_family_only() -> None:
    assert not is_open(broken(ProviderDown("x"), FAILURES - 1)[0])
    breaker, _ = broken(ProviderDown("x"))
    assert is_open(breaker)
    assert is_open(breaker, ModelRef("acme", "gpt-5"))
    assert not is_open(breaker, OTHER)
    with pytest.raises(BreakerOpen, match=r"Acme failed 5 times in a row.*120 s"):
        breaker.check(CLOUD, GPT, insist=False)


def test_a_success_closes_it() -> None:
    breaker, _ = broken(ProviderDown("x"), FAILURES - 1)
    breaker.note_success(GPT)
    breaker.note_failure(CLOUD, GPT, ProviderDown("x"))
    assert not is_open(breaker)


def test_after_a_while_one_probe_is_let_through() -> None:
    breaker, clock = broken(ProviderDown("x"))
    clock.now = OPEN_S + 1
    assert not is_open(breaker)
    assert is_open(breaker)  # somebody is probing
    breaker.note_failure(CLOUD, GPT, ProviderDown("x"))
    assert is_open(breaker)
    clock.now += OPEN_S + 1
    assert not is_open(breaker)
    breaker.note_success(GPT)
    assert not is_open(breaker)


def test_a_person_may_insist() -> None:
    breaker, _ = broken(ProviderDown("x"))
    assert not is_open(breaker, insist=True)


def test_the_service_s_wish_is_the_shortest_wait() -> None:
    breaker, clock = broken(RateLimited("x", retry_after=600))
    clock.now = 599
    assert is_open(breaker)
    clock.now = 601
    assert not is_open(breaker)


def test_our_own_mistakes_and_a_server_that_is_not_running_here_do_not_count() -> None:
    assert not is_open(broken(BadRequest("x"), 50)[0])
    assert not is_open(broken(Offline("x"), 50, HERE)[0])
    assert is_open(broken(Offline("x"))[0])


@pytest.mark.parametrize(
    ("name", "family"),
    [("gpt-5-mini", "gpt"), ("openai/gpt-5", "gpt"), ("qwen3:8b", "qwen3"), ("Llama-4-Scout", "llama"), ("x", "x")],
)
def test_families(name: str, family: str) -> None:
    assert family_of(name) == family
