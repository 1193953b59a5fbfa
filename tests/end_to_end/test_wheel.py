"""The wheel, installed into a clean environment elsewhere, is all of Parley."""

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from environment import call_uv

from tests.support.desktop_session import DesktopSession


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    assert call_uv(["build", "--quiet", "--wheel", "--out-dir", str(folder)]) == 0
    (built,) = folder.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def parley(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The program, in an environment with the locked distributions that it asks for and no others."""
    elsewhere = tmp_path_factory.mktemp("elsewhere") / "venv"
    own = {"UV_PROJECT_ENVIRONMENT": str(elsewhere)}
    assert call_uv(["venv", "--quiet", "--python", sys.executable, str(elsewhere)]) == 0
    sync = ["sync", "--quiet", "--frozen", "--no-default-groups", "--no-install-project"]
    assert call_uv([*sync, "--python", sys.executable], own) == 0
    assert call_uv(["pip", "install", "--quiet", "--no-deps", "--python", str(elsewhere), str(wheel)]) == 0
    return elsewhere / "bin" / "parley"


def test_it_holds_what_parley_needs_and_nothing_else(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
    assert {name.split("/")[0] for name in names if ".dist-info" not in name} == {"desktop"}
    for part in ("manual/1-start.md", "icons/plus.svg", "licences/lucide.txt"):
        assert f"desktop/resources/{part}" in names
    assert "desktop/services/store/migrations/versions/0001_first_schema.py" in names
    assert any(name.endswith("licenses/LICENSE") for name in names)


def test_the_doctor_runs_there(parley: Path, desktop_session: DesktopSession, data_dir: Path) -> None:
    command = [str(parley), "doctor", "--data-dir", str(data_dir)]
    done = subprocess.run(
        command, env=desktop_session.environment, cwd="/", capture_output=True, text=True, timeout=60, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")
    said = dict(line.split(maxsplit=1) for line in done.stdout.splitlines() if line.startswith(("Resources", "Data ")))
    assert Path(said["Resources"]).is_relative_to(parley.parents[1])
    assert said["Data"] == str(data_dir)


def test_it_takes_the_tour_there(parley: Path, desktop_session: DesktopSession, tmp_path: Path) -> None:
    command = [str(parley), "--tour", str(tmp_path)]
    done = subprocess.run(
        command, env=desktop_session.environment, cwd="/", capture_output=True, text=True, timeout=90, check=False
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    names = {"1-first-run-light.png", "2-writing-light.png", "3-reply-light.png", "4-reply-dark.png", "transcript.md"}
    assert {path.name for path in tmp_path.iterdir()} == names
    assert "ollama pull" in (tmp_path / "transcript.md").read_text("utf-8")
