"""The decisions of Raincheck: pure functions of plain values.

Nothing in here reads a clock, a database, a file or a random number, and nothing logs. Live operation, batch
and drill call the same functions, so a drill tests what the company runs.
"""
