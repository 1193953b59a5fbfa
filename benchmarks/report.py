"""How a benchmark is called and how it prints its figures."""

import argparse
import json
import statistics
from collections.abc import Callable, Iterable

Figures = dict[str, object]


def report(description: str, run_once: Callable[[], Figures], runs: int = 3) -> None:
    """Run a benchmark several times and print the median of each number; lists are joined.

    Args:
        run_once: one run in fresh processes.
        runs: how many runs count.
    """
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--json", action="store_true", help="print nothing but the figures")
    parser.add_argument("--runs", type=int, default=runs)
    options = parser.parse_args()
    results = []
    for number in range(options.runs):
        results.append(run_once())
        if not options.json:
            print(f"run {number + 1}: {json.dumps(results[-1])}")
    print(json.dumps({name: _median(result[name] for result in results) for name in results[0]}))


def _median(values: Iterable[object]) -> object:
    found = list(values)
    if all(isinstance(value, int | float) for value in found):
        return round(statistics.median(float(str(value)) for value in found), 3)
    return sorted({item for value in found if isinstance(value, list) for item in value})
