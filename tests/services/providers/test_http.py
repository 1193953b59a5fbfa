"""HTTP: one address, no detour, nothing taken from the environment, nothing left open."""

import asyncio
import ssl
import subprocess
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from desktop.domain.attempt import Purpose
from desktop.domain.errors import BadReply, Offline, ProviderDown, StreamInterrupted, TimedOut
from desktop.services.providers.exchange import Exchange, Ticket
from desktop.services.providers.http import MAX_BODY, Http
from desktop.services.providers.wire import Call
from tests.support.fault_server import FaultServer
from tests.support.plan import Close, Drip, Reset, Send, Stall
from tests.support.wires import framing

pytestmark = pytest.mark.anyio

LIMIT_S = 5.0
TICKET = Ticket(Purpose.TEST, "it")


@pytest.fixture
async def http() -> AsyncIterator[Http]:
    made = Http()
    yield made
    await made.close()


@pytest.fixture
def other_server() -> Iterator[FaultServer]:
    """A server that nobody asked for."""
    with FaultServer({"*": lambda _request: framing.raw(200, b"other")}) as server:
        yield server


def call(server: FaultServer, path: str = "/x") -> Call:
    return Call("POST", f"{server.url}{path}", {"x-api-key": "sk-canary"}, b"a question")


async def fetch(http: Http, server: FaultServer) -> bytes:
    return await http.fetch("It", call(server), TICKET, timeout_s=LIMIT_S)


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
async def test_no_redirect_is_followed(
    http: Http, fault_server: FaultServer, other_server: FaultServer, status: int
) -> None:
    fault_server.queue("/x", framing.raw(status, b"", {"Location": f"{other_server.url}/x"}))
    with pytest.raises(BadReply, match=r"redirect.* Enter the final address in Settings"):
        await fetch(http, fault_server)
    assert other_server.requests == []


async def test_no_proxy_and_no_key_comes_from_the_environment(
    http: Http, fault_server: FaultServer, other_server: FaultServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
        monkeypatch.setenv(name, other_server.url)
        monkeypatch.setenv(name.lower(), other_server.url)
    (tmp_path / "netrc").write_text("machine 127.0.0.1 login someone password sk-netrc\n")
    monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))
    fault_server.queue("/x", framing.raw(200, b"direct"))
    assert await fetch(http, fault_server) == b"direct"
    assert other_server.requests == []
    assert "authorization" not in fault_server.requests[0].headers


async def test_a_request_says_what_was_given_and_no_more(http: Http, fault_server: FaultServer) -> None:
    fault_server.usually("/x", framing.raw(200, b"{}", {"Set-Cookie": "track=1"}))
    for _ in range(2):
        await fetch(http, fault_server)
    first, second = fault_server.requests
    assert (second.method, second.body, second.headers["x-api-key"]) == ("POST", b"a question", "sk-canary")
    assert second.headers["accept-encoding"] == "identity"
    assert "python" not in second.headers["user-agent"].lower()
    assert "cookie" not in second.headers
    assert first.connection != second.connection  # llama.cpp drops connections that are kept


async def test_a_compressed_answer_is_refused(http: Http, fault_server: FaultServer) -> None:
    fault_server.queue("/x", framing.raw(200, b"\x1f\x8b", {"Content-Encoding": "gzip"}))
    with pytest.raises(BadReply, match="compressed"):
        await fetch(http, fault_server)


async def test_leaving_a_stream_closes_its_socket(http: Http, fault_server: FaultServer) -> None:
    fault_server.queue("/x", (*framing.stream("text/plain", [b"one"], end=False), Stall()))
    connected: list[bool] = []
    exchange = Exchange(TICKET, lambda: connected.append(True))
    async with http.stream("It", call(fault_server), exchange) as pieces:
        assert await anext(pieces) == b"one"
        assert connected == [True]
    fault_server.wait_for(lambda: fault_server.open_connections == 0)
    assert fault_server.requests[0].closed_at is not None


async def test_cancelling_a_call_that_waits_closes_its_socket(http: Http, fault_server: FaultServer) -> None:
    fault_server.queue("/x", (Stall(),))
    waiting = asyncio.create_task(fetch(http, fault_server))
    await asyncio.to_thread(fault_server.wait_for, lambda: fault_server.requests)
    waiting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting
    fault_server.wait_for(lambda: fault_server.requests[0].closed_at is not None)


async def test_a_server_that_is_not_there_is_said_with_its_address(http: Http, fault_server: FaultServer) -> None:
    fault_server.stop()
    with pytest.raises(Offline, match=r"could not be reached at 127\.0\.0\.1:.* Is it running") as caught:
        await fetch(http, fault_server)
    assert caught.value.retryable
    with pytest.raises(Offline, match="Settings"):
        await http.fetch("It", Call("GET", "http://h\0st/"), TICKET, timeout_s=LIMIT_S)


async def test_nothing_is_sent_where_the_certificate_is_not_trusted(
    http: Http, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSLKEYLOGFILE", str(tmp_path / "keys.log"))
    read: list[bytes] = []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        read.append(await reader.read())
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0, ssl=own_certificate(tmp_path))
    address = f"https://127.0.0.1:{server.sockets[0].getsockname()[1]}/x"
    with pytest.raises(Offline, match=r"certificate of 127\.0\.0\.1:.* nothing was sent"):
        await http.fetch(
            "It", Call("POST", address, {"x-api-key": "sk-canary"}, b"a question"), TICKET, timeout_s=LIMIT_S
        )
    server.close()
    await server.wait_closed()
    assert b"".join(read) == b""
    assert not (tmp_path / "keys.log").exists()


def own_certificate(folder: Path) -> ssl.SSLContext:
    """A certificate that its holder signed."""
    key, certificate = folder / "key.pem", folder / "certificate.pem"
    request = (
        "openssl req -x509 -newkey rsa:2048 -nodes -days 1 -subj /CN=127.0.0.1 -addext subjectAltName=IP:127.0.0.1"
    )
    subprocess.run([*request.split(), "-keyout", key, "-out", certificate], check=True, capture_output=True)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    return context


async def test_an_answer_is_read_up_to_a_limit(http: Http, fault_server: FaultServer) -> None:
    fault_server.queue("/x", framing.raw(200, b"x" * (MAX_BODY + 1)), framing.raw(200, b"x" * MAX_BODY))
    with pytest.raises(BadReply, match="more than 16 MB"):
        await fetch(http, fault_server)
    assert len(await fetch(http, fault_server)) == MAX_BODY


async def test_of_a_refusal_only_the_beginning_is_read(http: Http, fault_server: FaultServer) -> None:
    endless = Drip(b"x" * 100_000_000, size=100_000)
    fault_server.queue("/x", (framing.head(500, {"Connection": "close"}), endless))
    with pytest.raises(ProviderDown) as caught:
        await fetch(http, fault_server)
    assert len(caught.value.detail) < 1000
    fault_server.wait_for(lambda: fault_server.open_connections == 0)
    assert fault_server.bytes_sent < 50_000_000


@pytest.mark.parametrize("end", [Close(), Reset()])
async def test_an_answer_that_breaks_off_is_told_from_none_at_all(
    http: Http, fault_server: FaultServer, end: Close | Reset
) -> None:
    fault_server.queue("/x", (framing.head(200, {"Content-Length": "100"}), Send(b"half"), end), (end,))
    with pytest.raises(StreamInterrupted, match="broke off"):
        await fetch(http, fault_server)
    with pytest.raises(ProviderDown, match="without an answer"):
        await fetch(http, fault_server)


async def test_the_time_limit_covers_a_dripping_answer(http: Http, fault_server: FaultServer) -> None:
    fault_server.queue("/x", (framing.head(200, {"Content-Length": "1000"}), Drip(b"x" * 1000, 0.05)))
    with pytest.raises(TimedOut, match=r"within 0\.3 s"):
        await http.fetch("It", call(fault_server), TICKET, timeout_s=0.3)
    fault_server.wait_for(lambda: fault_server.requests[0].closed_at is not None)
