"""`parley doctor --bundle`: what helps somebody else to help, without keys and without a word of any chat."""

import csv
import io
import json
import sys
import zipfile
from collections.abc import Mapping
from dataclasses import asdict, fields
from importlib.metadata import distributions
from pathlib import Path
from typing import TYPE_CHECKING

from desktop.cli.doctor import Diagnosis
from desktop.domain.attempt import Attempt

if TYPE_CHECKING:
    from desktop.services.redaction import Redactor


def pack(found: Diagnosis, log_files: list[Path], redactor: "Redactor") -> dict[str, str]:
    """The texts of a bundle by their names in it, redacted."""
    members = {
        "doctor.txt": "\n".join(found.lines) + "\n",
        "versions.txt": _versions(),
        "settings.json": json.dumps(asdict(found.settings) if found.settings else None, indent=1) + "\n",
        "attempts.csv": _attempts(found.attempts),
    }
    members |= {f"logs/{path.name}": path.read_text("utf-8", "replace") for path in log_files}
    return {name: _without_home(redactor.redact(text)) for name, text in members.items()}


def offer(members: Mapping[str, str], target: Path, *, agreed: bool) -> int:
    """Print what a bundle would contain, and write it if a person agrees; returns the exit status.

    Args:
        agreed: whether that was said before.
    """
    _show(members, target)
    if not agreed and not sys.stdin.isatty():
        print("Nothing was written: nobody can be asked here. Add --yes to agree beforehand.", file=sys.stderr)
        return 1
    if not agreed and input(f"Write {target}? [y/N] ").strip().lower() not in ("y", "yes"):
        print("Nothing was written.")
        return 0
    try:
        _write(members, target)
    except OSError as error:
        print(f"{target} could not be written: {error.strerror}.", file=sys.stderr)
        return 1
    print(f"{target} was written. Nothing was sent anywhere.")
    return 0


def _show(members: Mapping[str, str], target: Path) -> None:
    print(f"\n{target} would contain exactly this, keys masked:")
    for name, text in members.items():
        print(f"\n--- {name}: {len(text.encode())} bytes, {text.count(chr(10))} lines")
        print(text if name != "doctor.txt" else "(the lines above)")


def _write(members: Mapping[str, str], target: Path) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in members.items():
            archive.writestr(name, text)
    with target.open("xb") as file:
        file.write(packed.getvalue())


def _versions() -> str:
    return "".join(sorted({f"{one.name} {one.version}\n" for one in distributions()}, key=str.lower))


def _attempts(attempts: tuple[Attempt, ...]) -> str:
    """One line for each request; no address, no header, no body."""
    table = io.StringIO()
    writer = csv.DictWriter(table, [one.name for one in fields(Attempt)], lineterminator="\n")
    writer.writeheader()
    for attempt in attempts:
        counts = asdict(attempt.usage).values()
        writer.writerow(asdict(attempt) | {"usage": "/".join("?" if one is None else str(one) for one in counts)})
    return table.getvalue()


def _without_home(text: str) -> str:
    """Paths say a person's name."""
    return text.replace(str(Path.home()), "~")
