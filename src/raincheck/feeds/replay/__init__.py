"""A company's history out of its files, played through the real actions in virtual time.

`mapping.py` says what a `replay.yaml` may hold, `find.py` which one a directory has, `history.py` turns the files
into what happened when, and `play.py` plays it on the drill's throw-away copy and clock.
"""
