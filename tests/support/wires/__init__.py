"""What the servers of each wire send, as plans for the fault server."""
