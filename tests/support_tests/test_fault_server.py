"""What a plan says is what a client meets, and what a client does is written down."""

import json
import socket
import time

import httpx
import pytest

from tests.support.fault_server import FaultServer
from tests.support.plan import Close, Drip, Reset, Send, Stall, Wait
from tests.support.wires import framing, ollama, openai

QUESTION = {"model": "m", "messages": [{"role": "user", "content": "one two three"}], "stream": True}


def post(server: FaultServer, path: str, **more: object) -> httpx.Response:
    with httpx.Client(trust_env=False, base_url=server.url, timeout=5) as client:
        return client.post(path, json=QUESTION | more)


def connected(server: FaultServer, path: str = "/x") -> socket.socket:
    """A raw connection on which a request was sent."""
    host, port = server.url.removeprefix("http://").split(":")
    raw = socket.create_connection((host, int(port)), timeout=5)
    raw.sendall(f"GET {path}?a=b HTTP/1.1\r\nHost: x\r\n\r\n".encode())
    return raw


def everything(raw: socket.socket) -> bytes:
    return b"".join(iter(lambda: raw.recv(1 << 16), b""))


def data(events: str) -> list[dict[str, object]]:
    *values, done = [event.removeprefix("data: ") for event in events.strip().split("\n\n")]
    assert done == "[DONE]"
    return [json.loads(value) for value in values]


def test_without_a_plan_openai_s_chat_echoes_with_counts(fault_server: FaultServer) -> None:
    events = data(post(fault_server, openai.CHAT, stream_options={"include_usage": True}).text)
    *chunks, ending, usage = events
    assert "".join(c["choices"][0]["delta"].get("content") or "" for c in chunks) == "You said: one two three"  # type: ignore[index]
    assert ending["choices"] == [{"index": 0, "delta": {}, "finish_reason": "stop"}]
    assert usage["usage"]["prompt_tokens"] == 3  # type: ignore[index]
    assert usage["usage"]["completion_tokens"] == 5  # type: ignore[index]
    assert data(post(fault_server, openai.CHAT).text)[-1] == ending
    assert "usage" in post(fault_server, openai.CHAT, stream=False).json()


def test_without_a_plan_ollama_s_chat_echoes_with_counts(fault_server: FaultServer) -> None:
    *chunks, ending = [json.loads(line) for line in post(fault_server, ollama.CHAT).text.splitlines()]
    assert "".join(chunk["message"]["content"] for chunk in chunks) == "You said: one two three"
    assert (ending["done"], ending["done_reason"]) == (True, "stop")
    assert (ending["prompt_eval_count"], ending["eval_count"]) == (3, 5)
    assert post(fault_server, ollama.CHAT, stream=False).json()["message"]["content"] == "You said: one two three"


def test_the_lists_are_there_and_other_paths_are_not(fault_server: FaultServer) -> None:
    with httpx.Client(trust_env=False, base_url=fault_server.url) as client:
        assert client.get(openai.MODELS).json()["data"][0]["id"] == "echo"
        assert client.get(ollama.TAGS).json()["models"][0]["name"] == "echo"
        assert client.get(ollama.LOADED).json() == {"models": []}
        assert client.post(ollama.SHOW, json={"model": "echo"}).json()["capabilities"] == ["completion"]
        assert client.get(ollama.VERSION).json()["version"]
        assert client.get("/nowhere").status_code == 404
    assert {request.connection for request in fault_server.requests} == {1}


def test_plans_are_played_once_each_and_in_order(fault_server: FaultServer) -> None:
    refusal = openai.error(429, "slow down", headers={"Retry-After": "2"})
    fault_server.queue(openai.CHAT, refusal, openai.reply(["a", "b"], reasoning=["hm"], usage=None, reason="length"))
    refused = post(fault_server, openai.CHAT)
    assert (refused.status_code, refused.headers["retry-after"]) == (429, "2")
    events = data(post(fault_server, openai.CHAT).text)
    deltas = [event["choices"][0]["delta"] for event in events]  # type: ignore[index]
    assert deltas == [
        {"role": "assistant", "content": None},
        {"reasoning_content": "hm"},
        *({"content": c} for c in "ab"),
        {},
    ]
    assert "three" in post(fault_server, openai.CHAT).text
    fault_server.usually("/v1/*", framing.raw(503, b"<html>"))
    assert [post(fault_server, path).status_code for path in (openai.CHAT, openai.MODELS)] == [503, 503]
    assert [request.json()["model"] for request in fault_server.to(openai.CHAT)] == ["m"] * 4


def test_bytes_go_out_as_they_are(fault_server: FaultServer) -> None:
    fault_server.queue("/x", (Send(b"\0nonsense\xff"), Drip(b"drop", 0.01, size=3), Wait(0.05), Close()))
    began = time.monotonic()
    with connected(fault_server) as raw:
        assert everything(raw) == b"\0nonsense\xffdrop"
    assert time.monotonic() - began > 0.06
    (request,) = fault_server.requests
    assert (request.method, request.path, request.query, request.headers["host"]) == ("GET", "/x", "a=b", "x")
    assert (request.bytes_sent, request.answered, request.closed_at) == (14, True, None)


def test_a_cut_a_reset_and_a_stream_without_end_are_met_as_such(fault_server: FaultServer) -> None:
    reset = (*openai.reply(["a"])[:3], Reset())
    unfinished = (*framing.stream(openai.MEDIA_TYPE, [openai.chunk("a")], end=False), Close())
    fault_server.queue(openai.CHAT, (Close(),), reset, unfinished)
    with pytest.raises(httpx.RemoteProtocolError, match="without sending a response"):
        post(fault_server, openai.CHAT)
    with pytest.raises(httpx.ReadError):
        post(fault_server, openai.CHAT)
    with pytest.raises(httpx.RemoteProtocolError, match="incomplete chunked read"):
        post(fault_server, openai.CHAT)
    assert len(fault_server.requests) == 3


def test_when_the_client_closes_is_known(fault_server: FaultServer) -> None:
    fault_server.queue("/x", (Send(b"HTTP/1.1 200 OK\r\n"), Stall()), (Wait(5), Send(b"never")))
    for _ in range(2):
        raw = connected(fault_server)
        fault_server.wait_for(lambda: fault_server.open_connections == 1)
        closing = time.monotonic()
        raw.close()
        fault_server.wait_for(lambda: fault_server.open_connections == 0)
        closed_at = fault_server.requests[-1].closed_at
        assert closed_at is not None
        assert closing <= closed_at < closing + 0.5
        assert not fault_server.requests[-1].answered
    assert fault_server.bytes_sent == 17


def test_an_unplugged_server_closes_its_connections(fault_server: FaultServer) -> None:
    fault_server.queue("/x", (Stall(),))
    with connected(fault_server) as raw:
        fault_server.wait_for(lambda: fault_server.requests)
        fault_server.stop()
        assert everything(raw) == b""
    with pytest.raises(ConnectionRefusedError):
        connected(fault_server)


def test_what_does_not_happen_is_not_waited_for_for_ever(fault_server: FaultServer) -> None:
    with pytest.raises(TimeoutError):
        fault_server.wait_for(lambda: fault_server.requests, limit_s=0.05)
