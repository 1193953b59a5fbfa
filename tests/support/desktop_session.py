"""A screen, a message bus and an accessibility tree that only the tests see."""

import shutil
import subprocess
from pathlib import Path
from types import TracebackType
from typing import Self

from tests.support.private_session import PrivateSession

REGISTRY = "org.a11y.atspi.Registry"
FOLDERS = "/usr/libexec:/usr/lib/at-spi2-core"


class DesktopSession:
    """A private session with a virtual screen on which windows can be read from outside, from `with` to its end.

    `environment` is all that a process needs to show its window there. There is no window manager: a window appears
    at the upper left corner of the screen, and has the keyboard once a ScreenReader has focused something in it.

    Args:
        size: of the screen, width and height in pixels.
    """

    def __init__(self, size: tuple[int, int] = (1600, 1000)) -> None:
        self._size = size
        self.session = PrivateSession()
        self.environment = self.session.environment

    def __enter__(self) -> Self:
        self.session.__enter__()
        try:
            self._start_screen()
            self._start_accessibility()
        except BaseException:
            self.__exit__(None, None, None)
            raise
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        self.session.__exit__(None, None, None)

    def screenshot(self, path: Path) -> None:
        """Save what the screen shows as a picture; the file's ending says in which format."""
        command = ["import", "-window", "root", str(path)]
        subprocess.run(command, env=self.environment, capture_output=True, check=True)

    def _start_screen(self) -> None:
        width, height = self._size
        geometry = ("-screen", "0", f"{width}x{height}x24", "-nolisten", "tcp", "-noreset")
        screen = self.session.start("Xvfb", "-displayfd", "1", *geometry)
        self.environment["DISPLAY"] = f":{self.session.first_line(screen)}"
        self.environment["QT_QPA_PLATFORM"] = "xcb"

    def _start_accessibility(self) -> None:
        # The launcher would start a second bus, which outlives it when it is killed.
        self.environment["AT_SPI_BUS_ADDRESS"] = self.environment["DBUS_SESSION_BUS_ADDRESS"]
        self.environment["QT_LINUX_ACCESSIBILITY_ALWAYS_ON"] = "1"
        # The library of screen readers asks each program for something that Qt does not have, and Qt warns of it.
        self.environment["QT_LOGGING_RULES"] = "qt.accessibility.atspi.warning=false"
        program = shutil.which("at-spi2-registryd", path=FOLDERS)
        assert program is not None, "at-spi2-core is not installed"
        self.session.await_name(REGISTRY, self.session.start(program))
