"""`raincheck drill` as it is called from a shell: what it printed, where, and its exit status."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Called:
    """What came of a call."""

    status: int
    out: str
    err: str

    @property
    def document(self) -> dict[str, Any]:
        """The JSON document that was printed."""
        document: dict[str, Any] = json.loads(self.out)
        return document


Call = Callable[..., Called]
