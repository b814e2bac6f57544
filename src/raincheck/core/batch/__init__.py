"""The pass over columns: the array form of `core.allocate`, for books of a hundred thousand claims and more.

The plain form is the reference; `tests/core/laws/test_law_batch.py` holds this one equal to it. `core.batch.whole`
takes a book apart: what the array form does not take goes to the plain form, by closed sets of products.

What is compiled (`walk`, `complete`, `kernel`) is imported where it is run: numba takes half a second to load.
"""
