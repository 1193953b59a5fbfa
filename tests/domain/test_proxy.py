"""Proxies as people write them."""

import pytest

from desktop.domain.errors import BadAddress
from desktop.domain.proxy import parse_proxy


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("", ""),
        ("  ", ""),
        ("proxy.lan:3128", "http://proxy.lan:3128"),
        (" http://proxy.lan:3128/ ", "http://proxy.lan:3128"),
        ("https://proxy.lan", "https://proxy.lan"),
        ("socks5://127.0.0.1:1080", "socks5://127.0.0.1:1080"),
        ("http://[::1]:3128", "http://[::1]:3128"),
    ],
)
def test_what_is_meant(written: str, meant: str) -> None:
    assert parse_proxy(written) == meant


@pytest.mark.parametrize(
    "written",
    ["ftp://h", "socks4://h", "http://a:b@h", "http://a@h", "http://h:x", "http://", "http://h/p", "http://h?q", "a b"],
)
def test_what_is_no_proxy_or_holds_a_secret_is_refused(written: str) -> None:
    with pytest.raises(BadAddress):
        parse_proxy(written)
