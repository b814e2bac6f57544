"""The worker: timers that fall due, and messages that leave."""
