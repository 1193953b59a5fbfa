"""What the window remembers from one day to the next."""

import json
from dataclasses import asdict, dataclass, fields

from desktop.domain.settings import Theme
from desktop.ui.tokens import SIZES


@dataclass(frozen=True, slots=True)
class WindowState:
    """Place and size of the window and its sidebar, in device-independent pixels, and what was open."""

    x: int | None = None
    y: int | None = None
    width: int = SIZES.window_width
    height: int = SIZES.window_height
    maximized: bool = False
    sidebar_width: int = SIZES.sidebar
    sidebar_shown: bool = True
    conversation_id: int | None = None
    theme: Theme = Theme.SYSTEM


def render_state(state: WindowState) -> str:
    """The state as text for a small file."""
    return json.dumps(asdict(state))


def parse_state(text: str) -> WindowState | None:
    """Read what `render_state` wrote; None when the text is anything else."""
    try:
        found = json.loads(text)
        values = {one.name: found.get(one.name, one.default) for one in fields(WindowState)}
        values["theme"] = Theme(values["theme"])
    except (ValueError, AttributeError):
        return None
    numbers = [value for name, value in values.items() if name != "theme"]
    return WindowState(**values) if all(one is None or isinstance(one, int) for one in numbers) else None
