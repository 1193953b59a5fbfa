"""Parley: a desktop chat application for large language models that never loses a word."""

__version__ = "0.1.0"
