"""The asyncio services: use-case objects that know neither Qt nor the window."""
