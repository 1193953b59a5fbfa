"""The system packages that Parley's window and its tests need on Debian and its relatives, each listed once here."""

from __future__ import annotations

import os
import shutil
import subprocess

from console import BUILD, SetupFailed, say

CERTIFICATES = ("ca-certificates",)
LIBRARIES = (  # what Qt's libraries and its xcb and wayland plugins load
    *(
        "libegl1",
        "libgl1",
        "libfontconfig1",
        "libfreetype6",
        "libdbus-1-3",
        "libglib2.0-0",
        "libgssapi-krb5-2",
        "libbrotli1",
    ),
    *("libx11-6", "libx11-xcb1", "libxkbcommon0", "libxkbcommon-x11-0", "libxcb1", "libxcb-cursor0", "libxcb-glx0"),
    *("libxcb-icccm4", "libxcb-image0", "libxcb-keysyms1", "libxcb-randr0", "libxcb-render0", "libxcb-render-util0"),
    *("libxcb-shape0", "libxcb-shm0", "libxcb-sync1", "libxcb-util1", "libxcb-xfixes0", "libxcb-xkb1"),
    *("libwayland-client0", "libwayland-cursor0", "libwayland-egl1", "libzstd1", "zlib1g"),
)
FONTS = (
    "fontconfig",
    "fonts-inter",
    "fonts-jetbrains-mono",
    "fonts-noto-core",
    "fonts-noto-cjk",
    "fonts-noto-color-emoji",
)
SCREEN = ("xvfb",)
TESTS = (  # a session bus, a real Secret Service, and the accessibility tree as a screen reader sees it
    "dbus",
    "dbus-x11",
    "gnome-keyring",
    "at-spi2-core",
    "python3-gi",
    "gir1.2-atspi-2.0",
    "imagemagick",
    "strace",
    "curl",
)


def provide(required: tuple[str, ...], wished: tuple[str, ...] = ()) -> None:
    """See that packages are installed: with apt where that is allowed, else the person is told the one line to run.

    Does nothing on systems without apt. Raises SetupFailed with that line while a `required` one is missing.
    """
    missing = _missing(required + wished)
    if not missing:
        return
    install = f"apt-get install --yes --no-install-recommends {' '.join(missing)}"
    advice = f"Parley needs {len(missing)} more system packages. Please run:\n  sudo apt-get update && sudo {install}"
    prefix = _privilege()
    if prefix is not None:
        say(f"Installing {len(missing)} system packages with apt (once): {' '.join(missing)}")
        _apt(prefix, "apt-get update")  # where this fails, the next one says whether it matters
        if _apt(prefix, install):
            raise SetupFailed(f"apt could not install them; build/apt.log says why. {advice}")
    elif set(missing) & set(required):
        raise SetupFailed(advice)
    else:
        say(advice)


def _missing(packages: tuple[str, ...]) -> list[str]:
    if not (shutil.which("dpkg-query") and shutil.which("apt-get")):
        return []
    # A package can be provided by one of another name: libglib2.0-0 is libglib2.0-0t64 since Debian 13.
    form = "${db:Status-Abbrev}\t${Package}, ${Provides}\n"
    listing = subprocess.run(
        ["dpkg-query", "--show", f"--showformat={form}"], capture_output=True, text=True, check=True
    ).stdout
    lines = (line.split("\t", 1)[1] for line in listing.splitlines() if line.startswith("ii"))
    present = {name.split()[0] for line in lines for name in line.split(",") if name.strip()}
    return [package for package in packages if package not in present]


def _privilege() -> list[str] | None:
    if os.geteuid() == 0:
        return []
    if (
        shutil.which("sudo")
        and subprocess.run(["sudo", "-n", "true"], capture_output=True, check=False).returncode == 0
    ):
        return ["sudo", "-n"]
    return None


def _apt(prefix: list[str], command: str) -> int:
    BUILD.mkdir(exist_ok=True)
    name, verb, *rest = command.split()
    whole = [*prefix, "env", "DEBIAN_FRONTEND=noninteractive", name, "-o", "DPkg::Lock::Timeout=300", verb, *rest]
    with (BUILD / "apt.log").open("a") as log:
        return subprocess.run(whole, stdin=subprocess.DEVNULL, stdout=log, stderr=log, check=False).returncode
