"""The line above a conversation."""
