"""What this process holds, as the kernel counts it."""

import os
from pathlib import Path


def rss_mb() -> float:
    """Resident memory."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


def open_files() -> int:
    """Open file descriptors."""
    return len(list(Path("/proc/self/fd").iterdir()))
