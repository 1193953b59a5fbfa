"""Addresses as people write them."""

import pytest

from desktop.domain.address import Reach, parse_address, without_version
from desktop.domain.errors import BadAddress


@pytest.mark.parametrize(
    ("written", "port", "read"),
    [
        ("http://127.0.0.1:11434", None, "http://127.0.0.1:11434"),
        ("http://127.0.0.1:11434/", None, "http://127.0.0.1:11434"),
        ("localhost:1234/v1", None, "http://localhost:1234/v1"),
        ("127.0.0.1", 11434, "http://127.0.0.1:11434"),
        ("0.0.0.0:11434", None, "http://127.0.0.1:11434"),
        ("http://localhost", 11434, "http://localhost"),
        ("[::1]:8080", None, "http://[::1]:8080"),
        ("api.example.com/v1/", None, "https://api.example.com/v1"),
        ("  HTTPS://API.Example.com/v1  ", None, "https://api.example.com/v1"),
    ],
)
def test_an_address_is_read_as_it_was_meant(written: str, port: int | None, read: str) -> None:
    assert str(parse_address(written, default_port=port)) == read


@pytest.mark.parametrize(
    "written", ["", "ftp://host", "http://", "http://host:99999", "http://u:p@host", "a b", "http://h?x=1"]
)
def test_what_is_no_address_is_refused_with_a_sentence(written: str) -> None:
    with pytest.raises(BadAddress, match="Write it like"):
        parse_address(written)


@pytest.mark.parametrize("written", ["http://h/v1", "http://h/v1/v1/", "http://h"])
def test_version_segments_are_dropped_however_many(written: str) -> None:
    assert str(without_version(parse_address(written), "v1")) == "http://h"


@pytest.mark.parametrize(
    ("written", "reach"),
    [
        ("http://127.0.0.1:1", Reach.LOCAL),
        ("http://127.9.9.9", Reach.LOCAL),
        ("http://localhost:1", Reach.LOCAL),
        ("http://[::1]:1", Reach.LOCAL),
        ("http://192.168.1.4", Reach.NETWORK),
        ("http://nas.local", Reach.NETWORK),
        ("http://nas", Reach.NETWORK),
        ("https://api.openai.com", Reach.CLOUD),
        ("https://localhost.evil.example", Reach.CLOUD),
        ("https://8.8.8.8", Reach.CLOUD),
    ],
)
def test_only_loopback_is_local(written: str, reach: Reach) -> None:
    assert parse_address(written).reach is reach
