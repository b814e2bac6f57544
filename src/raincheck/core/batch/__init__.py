"""The pass over columns: the array form of `core.allocate`, for books of a hundred thousand claims and more.

The plain form is the reference; `tests/core/laws/test_law_batch.py` holds this one equal to it. To read in this order:

- `columns`: a book as columns
- `whole`: a book taken apart: what arrays do not take goes to the plain form, by closed sets of products
- `run`: the pass over columns
- `kernel`: what the compiled walks are made of
- `walk`: the walks over claims, step by step
- `complete`: how a ship-complete group takes
- `changes`: the pegs that differ from those there are
- `quiet`: what follows where nobody is told anything
- `many`: a decision on many claims: all of this in turn

What is compiled (`walk`, `complete`, `kernel`) is imported where it is run: numba takes half a second to load.
"""
