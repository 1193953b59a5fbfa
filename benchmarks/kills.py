"""`kill -9` of sessions at random moments, over all wires: `kills`, and what was `lost` or `corrupt` afterwards.

A kill that comes after the session's end is not counted and made up for. `lost` counts sessions in which a promise was
broken: a message that was taken is gone, or text that was older than 250 ms and more than 4 kB; a turn was sent twice
or ended in a wrong state. `worst_lag_ms`: for how long at most text that had left the server was not stored. `--runs`
says how many kills.
"""

import argparse
import asyncio
import json
import random
import sys
import tempfile
from collections.abc import Iterator
from itertools import cycle
from pathlib import Path

from benchmarks.report import Figures
from tests.support.autopsy import Death, Script
from tests.support.dialects import DIALECTS, OLLAMA, Dialect
from tests.support.slain import Slaughterhouse, slaughterhouse

KILLS, AT_ONCE = 1000, 2


async def measure(kills: int) -> Figures:
    """Kill that many sessions, a few at once."""
    deaths: list[Death] = []
    with tempfile.TemporaryDirectory() as folder, slaughterhouse(Path(folder)) as house:
        await house.prepare()
        lasts_s = await house.duration_s(OLLAMA, Script())
        wires = cycle(DIALECTS)
        await asyncio.gather(*(_row(house, wires, lasts_s, deaths, kills) for _ in range(AT_ONCE)))
    found = deaths[:kills]
    for fault in [fault for death in found for fault in (*death.faults, *death.late)]:
        sys.stderr.write(f"{fault}\n")
    return {
        "kills": len(found),
        "lost": sum(death.lost for death in found),
        "corrupt": sum(death.corrupt for death in found),
        "worst_lag_ms": round(max(death.lag_s for death in found) * 1000, 1),
    }


async def _row(
    house: Slaughterhouse, wires: Iterator[Dialect], lasts_s: float, deaths: list[Death], kills: int
) -> None:
    """Kill one after the other until there are enough."""
    while len(deaths) < kills:
        death = await house.kill_after(next(wires), Script(), random.uniform(0, lasts_s))
        if death.lost or death.corrupt or not death.ended:
            deaths.append(death)


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true", help="print nothing but the figures")
    parser.add_argument("--runs", type=int, default=KILLS, help="how many kills")
    options = parser.parse_args()
    if not options.json:
        print(f"{options.runs} kills, {AT_ONCE} at once")
    print(json.dumps(asyncio.run(measure(options.runs))))


if __name__ == "__main__":
    main()
