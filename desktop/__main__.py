"""`parley`, and `python -m desktop`."""

import sys

from desktop import app


def main() -> int:
    """Run Parley with the arguments of this process; returns its exit status."""
    try:
        return app.main(sys.argv[1:])
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main())
