"""What Parley talks about: frozen values and pure functions, the standard library only."""
