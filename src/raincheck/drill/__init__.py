"""Drills: a scenario played through the real actions, in a throw-away copy, on a virtual clock."""
