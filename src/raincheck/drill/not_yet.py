"""What the contract names and this version cannot play yet: the one table of it.

Each line is a place in the drill file (``*`` stands for any name or number) and the one value that is accepted
there, because it says what happens anyway. Anything else is refused by name, so that no drill passes by leaving
out what it asks for. A version that learns one of these deletes its line.
"""

from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Final

import yaml

_Plain = str | int | None | Mapping[str, "str | int"]

#: Accepted where nothing at all is: the key itself is refused.
NOTHING: Final = None

NOT_YET: Final[Mapping[str, _Plain]] = {
    "events.*.replenish": NOTHING,
}


def refusal(place: str, node: yaml.Node) -> str | None:
    """Why the value at ``place`` cannot be played yet, or None if it can."""
    if place not in NOT_YET:
        return None
    accepted = NOT_YET[place]
    if accepted is NOTHING:
        return "not there yet"
    if _says(node, accepted):
        return None
    return f"not there yet; this version takes only {_written(accepted)}"


def _says(node: yaml.Node, accepted: _Plain) -> bool:
    """Whether a YAML value says the same as the accepted one; a mapping may name a part of it."""
    if isinstance(accepted, Mapping):
        return isinstance(node, yaml.MappingNode) and all(
            key.value in accepted and _says(value, accepted[key.value]) for key, value in node.value
        )
    if not isinstance(node, yaml.ScalarNode):
        return False
    if isinstance(accepted, str):
        return bool(node.value == accepted)
    try:
        return accepted == Decimal(node.value)
    except InvalidOperation:
        return False


def _written(accepted: _Plain) -> str:
    if isinstance(accepted, Mapping):
        return "{" + ", ".join(f"{key}: {value}" for key, value in accepted.items()) + "}"
    return str(accepted)
