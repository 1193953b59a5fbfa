"""Proxies and authorities that a person set: used for others, never for this computer, from the next call on."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from desktop.domain.attempt import Purpose
from desktop.domain.errors import Offline, ProviderDown, ProviderError, StreamInterrupted
from desktop.domain.settings import Settings
from desktop.services.providers.exchange import Exchange, Ticket
from desktop.services.providers.http import Http
from desktop.services.providers.wire import Call
from tests.support.authority import Authority, make_authority
from tests.support.fault_server import FaultServer
from tests.support.plan import Close, Send, Stall
from tests.support.proxy import Proxy
from tests.support.wires import framing

pytestmark = pytest.mark.anyio

TICKET = Ticket(Purpose.TEST, "it")
LIMIT_S = 5.0
CLOUD = "http://cloud.test/x"


class Set:
    """Settings that a test changes."""

    def __init__(self) -> None:
        self.now = Settings()

    async def load(self) -> Settings:
        return self.now


@pytest.fixture
def chosen() -> Set:
    return Set()


@pytest.fixture
async def http(chosen: Set) -> AsyncIterator[Http]:
    made = Http(settings=chosen.load)
    yield made
    await made.close()


@pytest.fixture(params=["http", "socks5"])
def proxy(request: pytest.FixtureRequest, fault_server: FaultServer) -> Iterator[Proxy]:
    with Proxy(request.param, int(fault_server.url.rpartition(":")[2])) as made:
        yield made


async def fetch(http: Http, url: str = CLOUD) -> bytes:
    return await http.fetch("It", Call("POST", url, {"x-api-key": "sk-canary"}, b"hi"), TICKET, timeout_s=LIMIT_S)


async def test_what_goes_out_goes_through_the_proxy_and_names_are_resolved_there(
    http: Http, chosen: Set, proxy: Proxy, fault_server: FaultServer
) -> None:
    chosen.now = replace(chosen.now, proxy=proxy.url)
    fault_server.queue("/x", framing.raw(200, b"far"))
    assert await fetch(http) == b"far"
    assert proxy.asked == [f"POST {CLOUD}" if proxy.url.startswith("http") else "cloud.test:80"]
    assert fault_server.requests[0].headers["x-api-key"] == "sk-canary"


async def test_this_computer_is_never_asked_through_the_proxy(
    http: Http, chosen: Set, proxy: Proxy, fault_server: FaultServer
) -> None:
    chosen.now = replace(chosen.now, proxy=proxy.url)
    fault_server.usually("/x", framing.raw(200, b"near"))
    assert await fetch(http, f"{fault_server.url}/x") == b"near"
    with contextlib.suppress(Offline):  # a bare system has no such name
        await fetch(http, f"{fault_server.url.replace('127.0.0.1', 'localhost')}/x")
    assert proxy.connections == 0


async def test_a_changed_proxy_holds_from_the_next_call_on_and_what_runs_runs_on(
    http: Http, chosen: Set, proxy: Proxy, fault_server: FaultServer
) -> None:
    chosen.now = replace(chosen.now, proxy=proxy.url)
    fault_server.queue("/stream", (*framing.stream("text/plain", [b"one", b"two"], interval_s=0.2),))
    fault_server.usually("/x", framing.raw(200, b"x"))
    exchange = Exchange(TICKET)
    async with http.stream("It", Call("GET", "http://cloud.test/stream"), exchange) as pieces:
        assert await anext(pieces) == b"one"
        with Proxy("http", int(fault_server.url.rpartition(":")[2])) as other:
            chosen.now = replace(chosen.now, proxy=other.url)
            assert await fetch(http) == b"x"
            assert len(other.asked) == 1
            assert [piece async for piece in pieces] == [b"two"]
    assert len(http._connections._pools) == 1
    assert len(proxy.asked) == 1


async def test_a_proxy_that_refuses_or_is_not_there_is_said(
    http: Http, chosen: Set, proxy: Proxy, fault_server: FaultServer
) -> None:
    chosen.now = replace(chosen.now, proxy=proxy.url)
    proxy.refuses = True
    with pytest.raises(Offline, match=r"The proxy .* did not connect to cloud\.test:8443\. Check it in Settings"):
        await fetch(http, "https://cloud.test:8443/x")
    proxy.stop()
    with pytest.raises(Offline, match=r"could not be reached through the proxy .*://127\.0\.0\.1"):
        await fetch(http)
    assert fault_server.requests == []


async def test_stopping_while_a_proxy_says_nothing_closes_the_socket(
    http: Http, chosen: Set, fault_server: FaultServer
) -> None:
    fault_server.usually("*", (Stall(),))
    for scheme, url in (("socks5", CLOUD), ("http", "https://cloud.test/x")):
        chosen.now = replace(chosen.now, proxy=fault_server.url.replace("http", scheme))
        asking = asyncio.create_task(fetch(http, url))
        await asyncio.to_thread(fault_server.wait_for, lambda: fault_server.open_connections == 1)
        asking.cancel()
        with pytest.raises(asyncio.CancelledError):
            await asking
        await asyncio.to_thread(fault_server.wait_for, lambda: fault_server.open_connections == 0, 0.2)


@pytest.mark.parametrize("written", ["ftp://h", "http://a:b@h:1", "http://h:port", "http://", "socks5://h/path", "a b"])
async def test_with_a_proxy_that_is_none_nothing_leaves_this_computer(
    http: Http, chosen: Set, fault_server: FaultServer, written: str
) -> None:
    chosen.now = replace(chosen.now, proxy=written)
    with pytest.raises(Offline, match="proxy in Settings"):
        await fetch(http)
    fault_server.queue("/x", framing.raw(200, b"near"))
    assert await fetch(http, f"{fault_server.url}/x") == b"near"


@pytest.fixture
def authority(tmp_path: Path) -> Authority:
    return make_authority(tmp_path, "DNS:cloud.test", "IP:127.0.0.1")


async def test_an_authority_of_one_s_own_is_trusted_once_it_is_set_and_through_a_tunnel_too(
    http: Http, chosen: Set, authority: Authority, tmp_path: Path
) -> None:
    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\nhi")
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\nConnection: close\r\n\r\nsafe")
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0, ssl=authority.server)
    port = server.sockets[0].getsockname()[1]
    with pytest.raises(Offline, match="could not be verified, so nothing was sent"):
        await fetch(http, f"https://127.0.0.1:{port}/x")
    chosen.now = replace(chosen.now, ca_file=str(authority.ca_file))
    assert await fetch(http, f"https://127.0.0.1:{port}/x") == b"safe"
    for scheme in ("http", "socks5"):
        with Proxy(scheme, port) as proxy:
            chosen.now = replace(chosen.now, proxy=proxy.url)
            exchange = Exchange(TICKET)
            call = Call("POST", "https://cloud.test/x", {}, b"hi")
            async with http.stream("It", call, exchange) as pieces:
                assert [piece async for piece in pieces] == [b"safe"]
            assert proxy.asked == ["CONNECT cloud.test:443" if scheme == "http" else "cloud.test:443"]
    assert exchange.first_byte_at is not None
    assert exchange.connected_at is not None
    assert exchange.connected_at <= exchange.first_byte_at
    chosen.now = replace(chosen.now, ca_file="")
    with pytest.raises(Offline, match="could not be verified"):
        await fetch(http, f"https://127.0.0.1:{port}/x")
    chosen.now = replace(chosen.now, ca_file=str(tmp_path / "missing.pem"))
    with pytest.raises(Offline, match=r"extra certificates, .*missing\.pem, cannot be read"):
        await fetch(http, f"https://127.0.0.1:{port}/x")
    server.close()
    await server.wait_closed()


@pytest.mark.parametrize("proxy", ["socks5"], indirect=True)  # the other one reads the first request only
async def test_a_kept_connection_that_was_closed_meanwhile_is_replaced_once_and_silently(
    http: Http, chosen: Set, proxy: Proxy, fault_server: FaultServer
) -> None:
    chosen.now = replace(chosen.now, proxy=proxy.url)
    whole = framing.raw(200, b"x")
    # The second request on the first connection gets nothing.
    fault_server.queue("/x", whole, (Close(),), whole)
    assert [await fetch(http) for _ in range(2)] == [b"x", b"x"]
    assert [one.connection for one in fault_server.requests] == [1, 1, 2]
    fault_server.queue("/x", (Close(),), (Close(),))
    with pytest.raises(ProviderDown) as caught:  # the kept one, then a new one: never a third
        await fetch(http)
    assert caught.value.ambiguous
    assert len(fault_server.requests) == 5


@pytest.mark.parametrize("proxy", ["socks5"], indirect=True)  # the other one reads the first request only
async def test_after_a_byte_nothing_is_sent_again(
    http: Http, chosen: Set, proxy: Proxy, fault_server: FaultServer
) -> None:
    chosen.now = replace(chosen.now, proxy=proxy.url)
    fault_server.queue("/x", framing.raw(200, b"x"), (framing.head(200, {"Content-Length": "9"}), Send(b"x"), Close()))
    await fetch(http)
    with pytest.raises(StreamInterrupted, match="broke off"):
        await fetch(http)
    assert len(fault_server.requests) == 2


async def test_only_what_was_sent_and_not_answered_is_ambiguous(http: Http, fault_server: FaultServer) -> None:
    local = f"{fault_server.url}/x"
    fault_server.queue("/x", (Close(),), (Stall(),), framing.raw(500, b""), (Stall(),))
    told: list[bool] = []
    for _ in range(3):
        with pytest.raises(ProviderError, match="It ") as caught:
            await http.fetch("It", Call("POST", local, {}, b"hi"), TICKET, timeout_s=0.3)
        told.append(caught.value.ambiguous)
    assert told == [True, True, False]
    fault_server.stop()
    with pytest.raises(Offline) as refused:
        await fetch(http, local)
    assert not refused.value.ambiguous
