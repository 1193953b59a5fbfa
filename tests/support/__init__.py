"""Real peers for the tests."""
