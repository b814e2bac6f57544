"""Text messages: at most two segments, in the phone network's own alphabet where that says the same.

A segment holds 160 signs of GSM 03.38, 153 where there are several; a single other sign makes it 70, or 67 (3GPP TS
23.038, 23.040). So dashes and curly quotes are written plainly, and accents that the alphabet lacks are left off; what
cannot be written so, such as a name in Greek, goes as it is.
"""

import re
import unicodedata
from typing import Final

_BASIC: Final = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_EXTENDED: Final = frozenset("^{}\\[~]|€\f")
_PLAIN: Final = str.maketrans(
    {"’": "'", "‘": "'", "“": '"', "”": '"', "„": '"', "–": "-", "—": "-", "…": "...", "×": "x", "\u00a0": " ",
     "\u202f": " ", "«": '"', "»": '"', "ẞ": "SS"}
)  # fmt: skip
# A short day that ends in a full stop at the end of a sentence.
_TWO_STOPS: Final = re.compile(r"(?<!\.)\.\.(?!\.)")
MOST_SEGMENTS: Final = 2


def segments(text: str) -> int:
    """How many segments a text takes."""
    if (length := _gsm_length(text)) is not None:
        return 1 if length <= 160 else -(-length // 153)
    units = len(text.encode("utf-16-be")) // 2
    return 1 if units <= 70 else -(-units // 67)


def text_message(text: str, link: str = "") -> str:
    """The text with its link, cut at the text's end so that both fit into two segments; empty for no text."""
    text = plain(text)
    if not text:
        return ""
    whole = _with_link(text, link)
    while segments(whole) > MOST_SEGMENTS and text:
        text = text[:-1].rstrip()
        whole = _with_link(f"{text}...", link)
    return whole


def plain(text: str) -> str:
    """The text in the network's alphabet, if it can be written in it without its accents; else as it is."""
    text = _TWO_STOPS.sub(".", " ".join(text.translate(_PLAIN).split()))
    simple = "".join(_simple(char) for char in text)
    return simple if _gsm_length(simple) is not None else text


def _simple(char: str) -> str:
    if char in _BASIC or char in _EXTENDED:
        return char
    bare = unicodedata.normalize("NFKD", char)
    return "".join(part for part in bare if not unicodedata.combining(part)) or char


def _with_link(text: str, link: str) -> str:
    return f"{text} {link}" if link else text


def _gsm_length(text: str) -> int | None:
    """Signs in the network's alphabet, of which some count twice; None where it lacks one."""
    if not _BASIC.union(_EXTENDED).issuperset(text):
        return None
    return len(text) + sum(char in _EXTENDED for char in text)
