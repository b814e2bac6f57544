"""Hearth & Trail, a shop for home and outdoors that does not exist: what the demo shows.

Everything is played through the real actions on a virtual clock, from six weeks ago until now, so that histories,
dates and messages are true to how Raincheck works. The same instant gives the same company.
"""
