"""The outside world behind small interfaces, each with a default that works on this machine alone."""
