"""Cells of files that people open in a spreadsheet."""


def plain_cell(value: object) -> object:
    """A value as it is written. A text that a spreadsheet would take for a formula gets an apostrophe in front."""
    if isinstance(value, str) and value[:1] in ("=", "+", "-", "@", "\t", "\r"):
        return f"'{value}"
    return value
