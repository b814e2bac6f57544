"""From a drill file's bytes to a checked scenario. Every fault is named by file, line and key."""
