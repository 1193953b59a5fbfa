"""The X server, as far as a window manager and a keyboard would use it. Runs under the system's Python."""

import ctypes
from ctypes import POINTER, Structure, byref, c_char_p, c_int, c_long, c_uint, c_ulong, c_void_p

VIEWABLE, REVERT_TO_PARENT, CURRENT_TIME = 2, 2, 0


class Attributes(Structure):
    """XWindowAttributes."""

    _fields_ = (
        *((name, c_int) for name in ("x", "y", "width", "height", "border_width", "depth")),
        ("visual", c_void_p),
        ("root", c_ulong),
        *((name, c_int) for name in ("window_class", "bit_gravity", "win_gravity", "backing_store")),
        *((name, c_ulong) for name in ("backing_planes", "backing_pixel")),
        ("save_under", c_int),
        ("colormap", c_ulong),
        *((name, c_int) for name in ("map_installed", "map_state")),
        *((name, c_long) for name in ("all_event_masks", "your_event_mask", "do_not_propagate_mask")),
        ("override_redirect", c_int),
        ("screen", c_void_p),
    )


class XScreen:
    """The screen that DISPLAY names."""

    def __init__(self) -> None:
        self._x = ctypes.CDLL("libX11.so.6")
        self._declare()
        self._display = self._x.XOpenDisplay(None)
        if not self._display:
            raise RuntimeError("no display")

    def give_keyboard_to(self, x: int, y: int, width: int, height: int) -> None:
        """Let the uppermost window at exactly this place have the keyboard. Raises LookupError without one."""
        for window in reversed(self._windows()):
            has = Attributes()
            self._x.XGetWindowAttributes(self._display, window, byref(has))
            shown = has.map_state == VIEWABLE and not has.override_redirect
            if shown and (has.x, has.y, has.width, has.height) == (x, y, width, height):
                self._x.XSetInputFocus(self._display, window, REVERT_TO_PARENT, CURRENT_TIME)
                self._x.XSync(self._display, False)
                return
        raise LookupError(f"no window at {x}, {y} of {width} x {height}")

    def keycode(self, name: str) -> int:
        """The number of a key, by its X name: Return, Escape, Control_L, a. Raises LookupError for others."""
        code = int(self._x.XKeysymToKeycode(self._display, self._x.XStringToKeysym(name.encode())))
        if not code:
            raise LookupError(f"no key is called {name}")
        return code

    def _windows(self) -> list[int]:
        """Those of the root, lowest first."""
        root, parent, children, count = c_ulong(), c_ulong(), POINTER(c_ulong)(), c_uint()
        of_root = self._x.XDefaultRootWindow(self._display)
        self._x.XQueryTree(self._display, of_root, byref(root), byref(parent), byref(children), byref(count))
        windows = list(children[: count.value])
        self._x.XFree(children)
        return windows

    def _declare(self) -> None:
        declared = {
            "XOpenDisplay": (c_void_p, [c_char_p]),
            "XDefaultRootWindow": (c_ulong, [c_void_p]),
            "XQueryTree": (c_int, [c_void_p, c_ulong, *[c_void_p] * 4]),
            "XGetWindowAttributes": (c_int, [c_void_p, c_ulong, c_void_p]),
            "XSetInputFocus": (c_int, [c_void_p, c_ulong, c_int, c_ulong]),
            "XSync": (c_int, [c_void_p, c_int]),
            "XStringToKeysym": (c_ulong, [c_char_p]),
            "XKeysymToKeycode": (ctypes.c_ubyte, [c_void_p, c_ulong]),
            "XFree": (c_int, [c_void_p]),
        }
        for name, (result, arguments) in declared.items():
            function = getattr(self._x, name)
            function.restype, function.argtypes = result, arguments
