"""The loop of the service thread, made by hand: a policy may belong to Qt."""

import asyncio
import sys


def new_loop() -> asyncio.AbstractEventLoop:
    """A plain loop that can open sockets, on every platform."""
    if sys.platform == "win32":
        return asyncio.ProactorEventLoop()
    return asyncio.SelectorEventLoop()
