"""Whether words keep what a law wants said (16 CFR 435.2; docs/concepts/law.md)."""

from collections.abc import Mapping
from typing import Final

from raincheck.notices.letter import Letter
from raincheck.notices.speech import Speech

_OPTION: Final[Mapping[str, tuple[str, str]]] = {
    "right_to_cancel": (
        "closing",
        "the right to cancel and be refunded, and how (16 CFR 435.2(b)(1); 2011/83 Art. 18)",
    ),
    "how_to_wait": ("closing", "how to agree to wait, with the continuing right to cancel (16 CFR 435.2(b)(1))"),
    "if_silent": ("closing", "what silence means (16 CFR 435.2(b)(1), (2))"),
}
RULES: Final[Mapping[str, Mapping[str, tuple[str, str]]]] = {
    "option_notice": _OPTION,
    "renewed_option_notice": _OPTION,
    "cancelled": {
        "refund_note": ("closing", "what becomes of the money, or that nothing was charged (16 CFR 435.2(c), (d))")
    },
}
"""By event: the ready-made sentence that must be said, the part where one looks for it, and why."""

REVISED: Final = "the revised day, or that there is none and why (16 CFR 435.2(b)(1))"


def missing(event: str, speech: Speech, letter: Letter) -> list[tuple[str, str]]:
    """What a law wants said and the letter does not say, whole and unchanged, as (part, what is wrong)."""
    said = " ".join((*letter.lead, *letter.closing))
    found: list[tuple[str, str]] = []
    for name, (part, why) in RULES.get(event, {}).items():
        wanted = str(speech.told.values[name]).split("\n\n")
        if any(sentence not in said for sentence in wanted):
            found.append((part, f"{{{{ {name} }}}} must stand here, always and unchanged: {why}"))
    if event in ("option_notice", "renewed_option_notice"):
        entries = letter.listings[0].entries if letter.listings else ()
        if any(entry.item.revised not in entry.note for entry in entries):
            found.append(("item", f"{{{{ item.revised }}}} must stand here, always and unchanged: {REVISED}"))
    return found
