"""Events that Parley does not know: ignored, and noted once so that they can be looked into."""

import logging

log = logging.getLogger(__name__)


class UnknownEvents:
    """Notes each type of event that one reply's parser could make nothing of, once."""

    def __init__(self, wire: str) -> None:
        self._wire = wire
        self._seen: set[str] = set()

    def note(self, kind: str) -> None:
        """An event of this type was skipped."""
        if kind not in self._seen and len(self._seen) < 100:
            self._seen.add(kind)
            log.debug("%s: events of type %.60r are ignored", self._wire, kind)
