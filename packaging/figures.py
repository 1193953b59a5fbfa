"""The benchmarks, one after the other, and their figures."""

from __future__ import annotations

import subprocess

from console import BUILD, ROOT, SetupFailed, say
from environment import program


def measure(environment: dict[str, str]) -> None:
    """Run every benchmark, show its figures, leave them in build/bench/. Raises SetupFailed naming the failed."""
    modules = sorted(path.stem for path in (ROOT / "benchmarks").glob("*.py") if "__main__" in path.read_text("utf-8"))
    (BUILD / "bench").mkdir(parents=True, exist_ok=True)
    failed = []
    for module in modules:
        command = [str(program("python")), "-m", f"benchmarks.{module}", "--json"]
        run = subprocess.run(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True, check=False)
        figures = run.stdout.strip().rpartition("\n")[2]
        say(f"{module}: {figures}")
        (BUILD / "bench" / f"{module}.json").write_text(figures + "\n")
        if run.returncode:
            failed.append(module)
    if failed:
        raise SetupFailed(f"These benchmarks failed: {', '.join(failed)}")
