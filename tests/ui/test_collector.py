import asyncio
import gc
import threading
from typing import ClassVar

import pytest

from desktop.ui.collector import PAUSE_MS, Collector

pytestmark = pytest.mark.anyio


class _Knot:
    """Part of a cycle; remembers the thread on which it died."""

    died_on: ClassVar[set[int]] = set()

    def __init__(self) -> None:
        self.me = self

    def __del__(self) -> None:
        self.died_on.add(threading.get_ident())


async def test_cycles_made_on_another_thread_die_on_this_one() -> None:
    collector = Collector()
    maker = threading.Thread(target=lambda: [_Knot() for _ in range(50_000)])
    maker.start()
    maker.join()
    assert _Knot.died_on == set()
    await asyncio.sleep(3 * PAUSE_MS / 1000)
    collector.stop()
    assert _Knot.died_on == {threading.get_ident()}
    assert gc.isenabled()
