"""A screen reader's view of one program's windows, and its hands."""

import json
import select
import subprocess
import tempfile
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Self, TypeVar

T = TypeVar("T")

SYSTEM_PYTHON = "/usr/bin/python3"  # the library comes with the system's Python only
PROBE = Path(__file__).with_name("atspi_probe.py")
LIMIT_S, ANSWER_LIMIT_S, PAUSE_S = 5.0, 30.0, 0.02


class NotSeen(AssertionError):
    """Something did not show in time; says what did."""


@dataclass(frozen=True, slots=True)
class Element:
    """A control, or an item of a list, as it is announced."""

    role: str
    name: str
    description: str
    states: frozenset[str]


class ScreenReader:
    """Reads and works the windows of one process by role and accessible name, from `with` to its end.

    Roles are `window`, `button`, `list`, `list item`, `text`, `status`, and AT-SPI's own words for others, such as
    `check box`, `label`, `menu item`. Only what is shown is seen; of several alike, the first. What is looked for may
    take its time to show: at most `limit_s`, then NotSeen is raised.

    Args:
        environment: of the DesktopSession in which the process shows its windows.
        pid: of the process; it need not have a window yet.
    """

    def __init__(self, environment: Mapping[str, str], pid: int) -> None:
        self._environment = environment
        self._command = [SYSTEM_PYTHON, "-W", "ignore", str(PROBE), str(pid)]
        self._log = tempfile.TemporaryFile("w+")  # noqa: SIM115 - closed in __exit__

    def __enter__(self) -> Self:
        pipe = subprocess.PIPE
        self._process = subprocess.Popen(
            self._command, env=self._environment, stdin=pipe, stdout=pipe, stderr=self._log, text=True
        )
        try:
            self._ask("announced")  # from here on nothing is missed
        except BaseException:
            self.__exit__(None, None, None)
            raise
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        self._process.kill()
        self._process.communicate()
        self._log.close()

    def find(self, role: str, name: str) -> Element | None:
        """An element as it is now, None if there is no such one."""
        found = self._ask("find", role=role, name=name)
        return None if found is None else _element(found)

    def names(self, role: str) -> list[str]:
        """The names of all elements with a role, as they are now."""
        return [str(name) for name in self._ask("names", role=role)]

    def wait_for(self, role: str, name: str, limit_s: float = LIMIT_S) -> Element:
        """An element, as soon as it shows."""
        return self.wait_until(lambda: self.find(role, name), f"{role} {name!r}", limit_s)

    def wait_gone(self, role: str, name: str, limit_s: float = LIMIT_S) -> None:
        """Block until there is no such element."""
        self.wait_until(lambda: self.find(role, name) is None, f"no {role} {name!r}", limit_s)

    def states(self, role: str, name: str, limit_s: float = LIMIT_S) -> frozenset[str]:
        """AT-SPI's states of an element: `enabled`, `focused`, `checked` ..."""
        return self.wait_for(role, name, limit_s).states

    def text(self, role: str, name: str, limit_s: float = LIMIT_S) -> str:
        """What stands in a text."""
        return str(self._act(limit_s, "text", role=role, name=name))

    def set_text(self, name: str, text: str, limit_s: float = LIMIT_S) -> None:
        """Replace what stands in a text, as dictation does."""
        self._act(limit_s, "set_text", role="text", name=name, text=text)

    def press(self, name: str, role: str = "button", limit_s: float = LIMIT_S) -> None:
        """Press a button once it is there and enabled."""
        self.wait_until(lambda: self._can_be_pressed(role, name), f"an enabled {role} {name!r}", limit_s)
        self._act(limit_s, "press", role=role, name=name)

    def focus(self, role: str, name: str, limit_s: float = LIMIT_S) -> None:
        """Give the keyboard to an element and its window, and wait until it has it."""
        self._act(limit_s, "focus", role=role, name=name)
        self.wait_until(lambda: "focused" in self.states(role, name), f"focused {role} {name!r}", limit_s)

    def type_keys(self, text: str) -> None:
        """Type on the keyboard; goes to what has the focus. The keyboard is American: ASCII only, else ValueError."""
        text.encode("ascii")
        self._ask("type_keys", text=text)

    def press_key(self, key: str, *modifiers: str) -> None:
        """Press a key by its X name (Return, Escape, Tab, q ...), with `ctrl`, `shift` or `alt` held down."""
        self._ask("press_key", key=key, modifiers=modifiers)

    def list_items(self, name: str, limit_s: float = LIMIT_S) -> list[Element]:
        """The items of a list, first to last, in view or not."""
        return [_element(item) for item in self._act(limit_s, "items", name=name)]

    def choose(self, list_name: str, item: str, limit_s: float = LIMIT_S) -> None:
        """Select an item of a list by its name."""
        self._act(limit_s, "choose", name=list_name, item=item)

    def announcements(self) -> list[str]:
        """What the program asked to be said aloud since this reader began to listen."""
        return [str(said) for said in self._ask("announced")]

    def tree(self) -> str:
        """All that the program offers, one element a line: to look at when a test fails."""
        return str(self._ask("tree"))

    def wait_until(self, holds: Callable[[], T | None], what: str, limit_s: float = LIMIT_S) -> T:
        """Ask again and again until something true is returned, and return it. Raises NotSeen with the whole tree."""
        end = time.monotonic() + limit_s
        while True:
            try:
                if result := holds():
                    return result
                problem = ""
            except _Refused as refused:
                problem = str(refused)
            if time.monotonic() > end:
                raise NotSeen(f"not seen in {limit_s} s: {what} {problem}\n{self.tree()}")
            time.sleep(PAUSE_S)

    def _can_be_pressed(self, role: str, name: str) -> bool:
        found = self.find(role, name)
        return found is not None and "enabled" in found.states

    def _act(self, limit_s: float, do: str, **arguments: object) -> Any:  # noqa: ANN401 - what JSON can hold
        answer = self.wait_until(lambda: [self._ask(do, **arguments)], f"{do} {arguments}", limit_s)
        return answer[0]

    def _ask(self, do: str, **arguments: object) -> Any:  # noqa: ANN401 - what JSON can hold
        """One answer of the probe. Raises _Refused where it cannot be given."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        with suppress(BrokenPipeError):  # why it ended is told below
            self._process.stdin.write(json.dumps({"do": do, "with": arguments}) + "\n")
            self._process.stdin.flush()
        ready = select.select([self._process.stdout], [], [], ANSWER_LIMIT_S)[0]
        line = self._process.stdout.readline() if ready else ""
        if not line:
            self._log.seek(0)
            raise RuntimeError(f"the probe is silent: {self._log.read()[-2000:]}")
        answer = json.loads(line)
        if "error" in answer:
            raise _Refused(answer["error"])
        return answer["result"]


class _Refused(Exception):
    """The probe could not do it, or not yet."""


def _element(found: dict[str, Any]) -> Element:
    return Element(found["role"], found["name"], found["description"], frozenset(found["states"]))
