"""A million random cuts of each wire's streams: `cuts` made, and `differences` in what was read."""

import random

from benchmarks.report import Figures, report
from tests.support.dialects import DIALECTS
from tests.support.rechunks import cut, read, stream

CUTS, AT_ONCE = 1_000_000, 1000


def run_once() -> Figures:
    """All wires."""
    chance, cuts, differences = random.Random(), 0, 0
    for dialect in DIALECTS:
        body = stream(dialect)
        whole = read(dialect, [body])
        for _ in range(CUTS // AT_ONCE):
            differences += read(dialect, cut(body, chance.randbytes(AT_ONCE))) != whole
            cuts += AT_ONCE
    return {"cuts": cuts, "differences": differences}


if __name__ == "__main__":
    report(__doc__, run_once, runs=1)
