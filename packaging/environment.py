"""The Python environment of this checkout: .venv, filled from uv.lock and left alone while nothing changed."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from pathlib import Path

from child import call
from console import BUILD, ROOT, SetupFailed, say
from uv_wheel import uv

VENV = ROOT / os.environ.get("UV_PROJECT_ENVIRONMENT", ".venv")


def program(name: str) -> Path:
    """The path of a program of the environment."""
    return VENV / "Scripts" / f"{name}.exe" if sys.platform == "win32" else VENV / "bin" / name


def prepare(*, development: bool) -> None:
    """Make the environment match uv.lock; `development` adds the gates and tests. Needs no network if it matches.

    Raises SetupFailed with a sentence.
    """
    digest = _digest()
    stamps = {kind: VENV / f".parley-{kind}" for kind in ("run", "development")}
    wanted = stamps["development" if development else "run"]
    if wanted.is_file() and wanted.read_text() == digest:
        return
    uv()
    say("Installing the locked Python packages into .venv" + (", with gates and tests" if development else ""))
    for stamp in stamps.values():
        stamp.unlink(missing_ok=True)
    groups = [] if development else ["--no-default-groups", "--inexact"]
    quiet = [] if sys.stderr.isatty() else ["--quiet"]
    interpreter, downloads = _interpreter()
    command = ["sync", "--locked", "--python", interpreter, *groups, *quiet]
    if call_uv(command, {"UV_PYTHON_DOWNLOADS": downloads}):
        raise SetupFailed("The locked Python packages could not be installed; uv says why above.")
    for stamp in stamps.values() if development else [wanted]:
        stamp.write_text(digest)


def call_uv(arguments: list[str], own: dict[str, str] | None = None) -> int:
    """Run uv on this checkout and return its exit code; `own` are variables for this call.

    What the cache has needs no network: a changed pyproject.toml or a removed .venv is put right offline too.
    """
    command, environment = [str(uv()), *arguments], _environment() | (own or {})
    cached = subprocess.run([*command, "--offline"], cwd=ROOT, env=environment, stderr=subprocess.DEVNULL, check=False)
    return call(command, environment) if cached.returncode else 0


def _digest() -> str:
    content = hashlib.sha256(f"{sys.version_info[:2]} {VENV}".encode())
    for name in ("uv.lock", "pyproject.toml"):
        content.update((ROOT / name).read_bytes())
    return content.hexdigest()


def _interpreter() -> tuple[str, str]:
    """What uv shall build the environment on, and whether it may download a Python."""
    if sys.implementation.name != "cpython" or not (3, 11) <= sys.version_info[:2] < (3, 14):
        return ">=3.11,<3.14", "automatic"
    version = f"{sys.version_info[0]}.{sys.version_info[1]}"
    config = VENV / "pyvenv.cfg"
    stays = config.is_file() and f"version_info = {version}." in config.read_text()
    # By its path uv would throw away an environment on another 3.11, or build an activated one on itself.
    return version if stays or sys.prefix != sys.base_prefix else sys.executable, "never"


def _environment() -> dict[str, str]:
    # The cache is a folder of this checkout: set-up then writes nowhere else, works with a read-only home, and goes
    # with `make clean`. It costs no room, as .venv holds hard links into it. Whoever shares a cache sets UV_CACHE_DIR.
    own = {
        "UV_CACHE_DIR": str(BUILD / "uv-cache"),
        "UV_PYTHON_INSTALL_DIR": str(BUILD / "python"),
        "UV_SYSTEM_CERTS": "true",
        "UV_PYTHON_DOWNLOADS": "never",
        "UV_PYTHON_PREFERENCE": "system",
    }
    return {**own, **{name: value for name, value in os.environ.items() if name != "VIRTUAL_ENV"}}
