"""Which models there are, and choosing one."""
