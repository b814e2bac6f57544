"""Raincheck: every open order line has a date, a reason and a place in the queue."""

__version__ = "0.1.0"
