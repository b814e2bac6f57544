"""Files in and out: import, export and a company's history for the replay.

A file is read as a stream, checked cell by cell, and handed to the actions; nothing here writes to the
database. `kinds.py` is the one table of what a file may hold: reader, export and reference page follow it.
"""
