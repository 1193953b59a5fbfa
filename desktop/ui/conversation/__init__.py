"""The open conversation: what is in it, and how it is shown."""
