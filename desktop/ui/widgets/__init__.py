"""Widgets that know nothing of Parley."""
