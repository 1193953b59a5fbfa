"""Providers: where requests go and how they are worded."""
