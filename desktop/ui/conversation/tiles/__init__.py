"""Tiles: the small pieces a message is painted from, each laid out by itself and only when it is seen."""
