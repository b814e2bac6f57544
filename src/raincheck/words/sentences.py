"""An error's plain line as a sentence: what a person reads begins with a capital and ends once."""


def as_sentence(said: str) -> str:
    """`no such thing` as `No such thing.`"""
    return ended(f"{said[:1].upper()}{said[1:]}")


def ended(said: str) -> str:
    """With a full stop, unless it is a question or ends already."""
    return said if said.endswith(("?", "!", ".")) else f"{said}."
