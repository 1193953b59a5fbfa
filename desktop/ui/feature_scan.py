"""Keeps PySide from reading the source of every module that is imported after it."""

import sys

SCANNER = "shibokensupport.feature"
QUESTION = "_mod_uses_pyside"


def stop_feature_scan() -> bool:
    """Answer PySide's question for it; returns whether it could be done.

    PySide can switch optional features (snake_case, true properties) per module; to know where, it reads and keeps
    the source of each imported module: 22 MB here, and a tenth of a second. Parley uses no such feature anywhere, so
    the answer is always no. See docs/decisions/0006-feature-scan.md.
    """
    scanner = sys.modules.get(SCANNER)
    if not hasattr(scanner, QUESTION):
        return False
    setattr(scanner, QUESTION, lambda _module: False)
    return True
