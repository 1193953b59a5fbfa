"""Who was asked what and when: the log of all requests, and what was sent for one reply."""
