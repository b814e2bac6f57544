"""What was said, in words."""

from typing import Final

CAUSES: Final = {
    "late": "late",
    "damaged": "damaged",
    "wrong_item": "wrong item",
    "missing": "missing",
    "unclear": "message unclear",
    "other": "something else",
}
SCORES: Final = {5: "Yes, all of it", 4: "Almost", 3: "In part", 2: "Hardly", 1: "No, not at all"}
