"""A real completion comes from a real server, and the server goes when it shall."""

from collections.abc import Iterator

import httpx
import pytest

from tests.support.llama_server import LlamaServer
from tests.support.tiny_model import tiny_model

QUESTION = {"messages": [{"role": "user", "content": "Say something"}], "max_tokens": 12}


@pytest.fixture(scope="module")
def guarded() -> Iterator[LlamaServer]:
    with LlamaServer(tiny_model(think=True, endless=True), ctx=512, parallel=3, api_key="sk-test") as server:
        yield server


def ask(server: LlamaServer, key: str = "none") -> httpx.Response:
    with httpx.Client(trust_env=False, headers={"Authorization": f"Bearer {key}"}) as client:
        return client.post(f"{server.base_url}/chat/completions", json=QUESTION)


def test_a_question_is_answered_and_counted(llama_server: LlamaServer) -> None:
    completion = ask(llama_server).json()
    assert completion["choices"][0]["message"]["content"]
    assert completion["usage"]["prompt_tokens"]
    assert 0 < completion["usage"]["completion_tokens"] <= 12


def test_the_options_hold(guarded: LlamaServer) -> None:
    assert ask(guarded).status_code == 401
    message = ask(guarded, "sk-test").json()["choices"][0]["message"]
    assert message["reasoning_content"]
    with httpx.Client(trust_env=False, headers={"Authorization": "Bearer sk-test"}) as client:
        slots = client.get(guarded.base_url.removesuffix("/v1") + "/slots").json()
    assert [slot["n_ctx"] for slot in slots] == [512] * 3


def test_a_stopped_server_is_gone() -> None:
    with LlamaServer(tiny_model()) as server:
        assert ask(server).is_success
        server.stop()
        with pytest.raises(httpx.ConnectError):
            ask(server)


def test_the_same_model_is_made_once() -> None:
    assert tiny_model() == tiny_model()
    assert len({tiny_model(), tiny_model(think=True), tiny_model(endless=True)}) == 3
