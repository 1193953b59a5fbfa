import pytest
from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices

from desktop.ui.conversation.links import describe_link, is_openable, open_link

GOOD = (
    "http://x.example",
    "https://x.example:8080/a?b=c#d",
    "HTTPS://X.EXAMPLE/",
    "mailto:a@x.example",
    "http://127.0.0.1:11434",
    "http://[::1]:80/",
    "https://bücher.example/straße?q=ä",
)
BAD = (
    "",
    "x.example",
    "javascript:alert(1)",
    "JavaScript:alert(1)",
    "java\nscript:alert(1)",
    "data:text/html,<script>alert(1)</script>",
    "file:///etc/passwd",
    "file://host/share",
    "smb://host/share",
    "vscode://file/x",
    "ms-msdt:/id",
    "http:///no-host",
    "http://[bad",
    "http://x.example\\@y.example/",
    " https://x.example",
    "https:javascript:alert(1)",
    "//x.example/",
    "#part",
    "http://a b/",
    "http://x.example\x00/",
)


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    urls: list[str] = []

    def take(url: QUrl) -> bool:
        urls.append(url.toString(QUrl.ComponentFormattingOption.FullyEncoded))
        return True

    monkeypatch.setattr(QDesktopServices, "openUrl", take)
    return urls


def test_what_a_browser_or_mail_program_understands_is_opened(opened: list[str]) -> None:
    for target in GOOD:
        assert is_openable(target), target
        open_link(target)
    assert len(opened) == len(GOOD)


def test_all_else_is_left_alone(opened: list[str]) -> None:
    for target in BAD:
        assert not is_openable(target), target
        open_link(target)
    assert opened == []


@pytest.mark.parametrize("target", ["https://x.example/a?b=c", "HTTPS://X.Example:80", "mailto:a@x.example"])
def test_a_plain_link_describes_itself(target: str) -> None:
    assert describe_link(target) == target


@pytest.mark.parametrize(
    ("target", "host"),
    [
        ("https://good.example@evil.example/", "evil.example"),
        ("https://good.example:pw@evil.example/", "evil.example"),
        ("https://evil.example.good@evil.example/", "evil.example"),
        ("https://good.example%2Flogin@evil.example/", "evil.example"),
        ("https://аpple.example/", "xn--pple-43d.example"),  # the first letter is Cyrillic
        ("https://bücher.example/", "xn--bcher-kva.example"),
        ("https://faß.example/", "xn--fa-hia.example"),
    ],
)
def test_where_a_link_really_leads_is_said_first(target: str, host: str) -> None:
    assert describe_link(target) == f"{host} — {target}"
