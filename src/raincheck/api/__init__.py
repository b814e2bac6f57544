"""The HTTP API (contract, section 5): JSON under /api/v1 for programs that hold a key. One noun a file.

A call is checked (`keys`, `bodies`, `shapes`), done once (`once`), and answered in JSON; what goes wrong is a problem
document (`problems`, `failures`). `middleware` is the door; the pages' middleware never runs here.
"""
