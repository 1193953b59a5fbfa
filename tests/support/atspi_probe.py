"""Reads and works one program's windows through AT-SPI, as it is told on stdin in JSON lines; answers on stdout.

Runs under the system's Python, which has the library. `{"do": NAME, "with": {...}}` is answered by `{"result": ...}`
or `{"error": "..."}`. Ends with its stdin.
"""

import json
import os
import sys
from collections.abc import Iterator
from typing import Any

import gi  # type: ignore[import-not-found]

gi.require_version("Atspi", "2.0")
from gi.repository import Atspi, GLib  # type: ignore[import-not-found]  # noqa: E402
from x_screen import XScreen  # type: ignore[import-not-found]  # noqa: E402

Accessible = Any  # the library has no types

# One word may stand for several roles, and what a role is called depends on the library's version.
WORDS = {
    "window": ("FRAME", "WINDOW", "DIALOG"),
    "button": ("PUSH_BUTTON", "BUTTON", "TOGGLE_BUTTON", "PUSH_BUTTON_MENU"),
    "status": ("STATUS_BAR",),
    "text": ("TEXT", "ENTRY", "PASSWORD_TEXT"),
}
PRESSING = {"press", "toggle", "showmenu"}
MODIFIERS = {"ctrl": "Control_L", "shift": "Shift_L", "alt": "Alt_L"}
ANSWER_MS, START_MS = 3000, 10000


class Probe:
    """Every method whose name is sent is a request; (role, name) means the first shown element that has them."""

    def __init__(self, pid: int) -> None:
        self._pid = pid
        self._screen = XScreen()
        self._announced: list[str] = []
        self._listener = Atspi.EventListener.new(lambda event: self._announced.append(event.any_data))
        self._listener.register("object:announcement")

    def find(self, role: str, name: str) -> dict[str, Any] | None:
        """What is known of an element, None if there is no such one."""
        found = self._first(role, name)
        return None if found is None else _described(found)

    def names(self, role: str) -> list[str]:
        """The names of all shown elements with a role."""
        return [found.get_name() for found in self._matches(role)]

    def text(self, role: str, name: str) -> str:
        """What stands in a text."""
        return str(Atspi.Text.get_text(self._one(role, name), 0, -1))

    def set_text(self, role: str, name: str, text: str) -> None:
        """Replace what stands in a text."""
        if not Atspi.EditableText.set_text_contents(self._one(role, name), text):
            raise LookupError(f"{role} {name!r} cannot be edited")

    def press(self, role: str, name: str) -> None:
        """Do the action of a button."""
        button = self._one(role, name)
        for number in range(button.get_n_actions()):
            if Atspi.Action.get_action_name(button, number).lower() in PRESSING:
                button.do_action(number)
                return
        raise LookupError(f"{role} {name!r} cannot be pressed")

    def focus(self, role: str, name: str) -> None:
        """Give the keyboard to an element, and to the window in which it is."""
        element = self._one(role, name)
        top = element
        while top.get_parent().get_role() != Atspi.Role.APPLICATION:
            top = top.get_parent()
        place = Atspi.Component.get_extents(top, Atspi.CoordType.SCREEN)
        self._screen.give_keyboard_to(place.x, place.y, place.width, place.height)
        Atspi.Component.grab_focus(element)

    def type_keys(self, text: str) -> None:
        """Type ASCII text on the keyboard."""
        Atspi.generate_keyboard_event(0, text, Atspi.KeySynthType.STRING)

    def press_key(self, key: str, modifiers: list[str]) -> None:
        """Press and release a key, by its X name, while others are held down."""
        held = [self._screen.keycode(MODIFIERS[one]) for one in modifiers]
        for code in held:
            Atspi.generate_keyboard_event(code, None, Atspi.KeySynthType.PRESS)
        Atspi.generate_keyboard_event(self._screen.keycode(key), None, Atspi.KeySynthType.PRESSRELEASE)
        for code in reversed(held):
            Atspi.generate_keyboard_event(code, None, Atspi.KeySynthType.RELEASE)

    def items(self, name: str) -> list[dict[str, Any]]:
        """The items of a list."""
        return [_described(item) for item in _children(self._one("list", name)) if _is_item(item)]

    def choose(self, name: str, item: str) -> None:
        """Make an item of a list the chosen one."""
        chosen = self._one("list", name)
        for place, child in enumerate(_children(chosen)):
            if _is_item(child) and child.get_name() == item:
                Atspi.Selection.select_child(chosen, place)
                return
        raise LookupError(f"no {item!r} in list {name!r}")

    def announced(self) -> list[str]:
        """What a screen reader was asked to say so far."""
        return self._announced

    def tree(self) -> str:
        """All elements, one a line."""
        application = self._application()
        return "no such program" if application is None else "\n".join(_lines(application))

    def _application(self) -> Accessible:
        for application in _children(Atspi.get_desktop(0)):
            if application.get_process_id() == self._pid:
                application.set_cache_mask(Atspi.Cache.NONE)
                return application
        return None

    def _matches(self, role: str) -> list[Accessible]:
        application = self._application()
        if application is None:
            return []
        every, some = Atspi.CollectionMatchType.ALL, Atspi.CollectionMatchType.ANY
        shown = Atspi.StateSet.new([Atspi.StateType.SHOWING])
        rule = Atspi.MatchRule.new(shown, every, {}, every, _roles(role), some, [], every, False)
        return list(Atspi.Collection.get_matches(application, rule, Atspi.CollectionSortOrder.CANONICAL, 0, True))

    def _first(self, role: str, name: str) -> Accessible:
        return next((found for found in self._matches(role) if found.get_name() == name), None)

    def _one(self, role: str, name: str) -> Accessible:
        found = self._first(role, name)
        if found is None:
            raise LookupError(f"no {role} {name!r}")
        return found


def _roles(word: str) -> list[Any]:
    names = WORDS.get(word, (word.upper().replace(" ", "_"),))
    return [getattr(Atspi.Role, name) for name in names if hasattr(Atspi.Role, name)]


def _children(parent: Accessible) -> Iterator[Accessible]:
    """They may become fewer meanwhile."""
    children = (parent.get_child_at_index(index) for index in range(parent.get_child_count()))
    return (child for child in children if child is not None)


def _is_item(element: Accessible) -> bool:
    return bool(element.get_role() == Atspi.Role.LIST_ITEM)


def _described(element: Accessible) -> dict[str, Any]:
    return {
        "role": element.get_role_name(),
        "name": element.get_name(),
        "description": element.get_description(),
        "states": [state.value_nick for state in element.get_state_set().get_states()],
    }


def _lines(element: Accessible, depth: int = 0) -> Iterator[str]:
    has = _described(element)
    actions = [Atspi.Action.get_action_name(element, number) for number in range(element.get_n_actions())]
    said = f"{has['role']} {has['name']!r} {has['description']!r} {actions} {' '.join(has['states'])}"
    yield "  " * depth + said
    for child in _children(element):
        yield from _lines(child, depth + 1)


def answer(probe: Probe, line: bytes) -> str:
    """Do what a line says."""
    asked = json.loads(line)
    try:
        return json.dumps({"result": getattr(probe, asked["do"])(**asked["with"])})
    except (GLib.Error, LookupError, AttributeError) as error:  # an element can vanish at any time
        return json.dumps({"error": f"{type(error).__name__}: {error}"})


def serve(pid: int) -> None:
    """Answer until stdin ends; announcements are heard meanwhile."""
    probe, loop = Probe(pid), GLib.MainLoop()
    pending = b""

    def read(*_arguments: object) -> bool:
        nonlocal pending
        data = os.read(0, 1 << 16)
        *lines, pending = (pending + data).split(b"\n")
        for line in lines:
            print(answer(probe, line), flush=True)  # noqa: T201 - this is the answer
        if not data:
            loop.quit()
        return bool(data)

    GLib.unix_fd_add_full(GLib.PRIORITY_DEFAULT, 0, GLib.IOCondition.IN | GLib.IOCondition.HUP, read)
    loop.run()


if __name__ == "__main__":
    Atspi.set_timeout(ANSWER_MS, START_MS)
    serve(int(sys.argv[1]))
