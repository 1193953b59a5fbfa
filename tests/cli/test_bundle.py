"""`parley doctor --bundle`: shown before it is written, and without a key or a word of any chat."""

import asyncio
import io
import sys
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest

from desktop.cli.arguments import parse_arguments
from desktop.cli.bundle import offer, pack
from desktop.cli.doctor import Diagnosis
from desktop.domain.settings import LogLevel, Settings
from desktop.services.redaction import Redactor
from desktop.services.suite import open_services
from tests.cli.conftest import CommandLine
from tests.support.fault_server import FaultServer
from tests.support.wires import framing, openai

CANARY = "Xq7+canary/in=a.mine"
NAMES = ["doctor.txt", "versions.txt", "settings.json", "attempts.csv", "logs/parley.log"]


def members(path: Path) -> dict[str, str]:
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name).decode() for name in archive.namelist()}


async def log_everything(data_dir: Path) -> None:
    services = await open_services(data_dir, {})
    await services.settings.save(replace(Settings(), log_level=LogLevel.DEBUG, proxy="http://me:pass-word@127.0.0.1:1"))
    await services.close()


def test_it_holds_what_helps_and_neither_key_nor_text(
    parley: CommandLine, fault_server: FaultServer, tmp_path: Path
) -> None:
    asyncio.run(log_everything(parley.data_dir))
    fault_server.queue(openai.CHAT, framing.raw(401, f'{{"error": "no such key: {CANARY}"}}'.encode()))
    base = ("--wire", "openai", "--base-url", f"{fault_server.url}/v1", "--model", "echo", "--key-env", "MINE")
    asked = parley.run("ask", "my secret question", *base, MINE=CANARY)
    assert asked.status == 1
    log_file = parley.data_dir / "logs" / "parley.log"
    assert CANARY not in asked.output + asked.notes + log_file.read_text("utf-8")
    log_file.write_text(f"{log_file.read_text('utf-8')}an old line with {CANARY}\n")
    target = tmp_path / "report.zip"
    ended = parley.run("doctor", "--bundle", str(target), "--yes", OPENAI_API_KEY=CANARY)
    assert (ended.status, ended.notes) == (0, "")
    held = members(target)
    assert list(held) == NAMES
    for name, text in held.items():
        assert f"--- {name}: {len(text.encode())} bytes, {text.count(chr(10))} lines" in ended.output
        assert text in ended.output
    everything = "".join(held.values()) + ended.output
    assert CANARY not in everything
    assert "secret question" not in everything
    assert "pass-word" not in everything
    assert "httpx 0.28" in held["versions.txt"]
    assert '"log_level": "debug"' in held["settings.json"]
    assert ",reply,openai@" in held["attempts.csv"]
    assert ",failed," in held["attempts.csv"]
    assert "was answered with 401" in held["logs/parley.log"]
    assert f"Parley{' ' * 15}" in held["doctor.txt"]


def test_with_nobody_to_ask_and_no_yes_nothing_is_written(parley: CommandLine, tmp_path: Path) -> None:
    ended = parley.run("doctor", "--bundle", str(tmp_path / "report.zip"))
    assert ended.status == 1
    assert "--yes" in ended.notes
    assert "settings.json" in ended.output
    assert not (tmp_path / "report.zip").exists()


def test_data_that_cannot_be_read_can_still_be_reported(parley: CommandLine, tmp_path: Path) -> None:
    parley.data_dir.mkdir()
    (parley.data_dir / "parley.db").write_bytes(b"no database " * 1000)
    target = tmp_path / "report.zip"
    assert parley.run("doctor", "--bundle", str(target), "--yes").status == 0
    assert "is damaged" in members(target)["doctor.txt"]


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(("answer", "writes"), [("y", True), ("Yes ", True), ("", False), ("n", False)])
def test_a_person_is_asked(
    answer: str, writes: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "stdin", Terminal(f"{answer}\n"))
    target = tmp_path / "report.zip"
    assert offer({"a.txt": "all of it\n"}, target, agreed=False) == 0
    said = capsys.readouterr().out
    assert said.index("all of it") < said.index("[y/N]")
    assert target.exists() == writes
    assert ("Nothing was written" in said) == (not writes)


def test_what_is_there_is_not_overwritten(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    target = tmp_path / "report.zip"
    target.write_text("mine")
    assert offer({"a.txt": "x"}, target, agreed=True) == 1
    assert target.read_text() == "mine"
    assert "File exists" in capsys.readouterr().err


def test_paths_do_not_name_the_person(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", "/home/ada")
    held = pack(Diagnosis(["Data                 /home/ada/.local/share/parley"]), [], Redactor())
    assert held["doctor.txt"] == "Data                 ~/.local/share/parley\n"


def test_the_arguments() -> None:
    options = parse_arguments(["doctor", "--bundle", "x.zip"])
    assert (options.bundle, options.yes) == ("x.zip", False)
    assert parse_arguments(["doctor"]).bundle is None
