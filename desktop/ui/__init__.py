"""The window: Qt only; it talks to the services through the bridge."""
