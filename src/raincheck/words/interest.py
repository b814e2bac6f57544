"""What somebody who waits for a product reads on the page behind their links, in the customers' languages.

`{name}` is the product. The mails are worded like all others: notices/texts.
"""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class InterestWords:
    """One language's words."""

    page_heading: str
    page_waiting: str
    page_unconfirmed: str
    page_told: str
    page_ended: str
    page_unknown: str
    confirm_button: str
    end_button: str


_ENGLISH: Final = InterestWords(
    page_heading="Tell me when {name} is back",
    page_waiting="We write to you once, as soon as it is in stock.",
    page_unconfirmed="Please confirm that we may write to you once it is in stock.",
    page_told="We have written to you: it came back.",
    page_ended="We do not write to you about it any more.",
    page_unknown="This link does not lead anywhere. Perhaps it was cut off.",
    confirm_button="Yes, tell me",
    end_button="Do not write to me about it",
)
_GERMAN: Final = InterestWords(
    page_heading="Sagen Sie mir, wenn {name} wieder da ist",
    page_waiting="Wir schreiben Ihnen einmal, sobald es auf Lager ist.",
    page_unconfirmed="Bitte bestätigen Sie, dass wir Ihnen schreiben dürfen, sobald es auf Lager ist.",
    page_told="Wir haben Ihnen geschrieben: Es war wieder da.",
    page_ended="Wir schreiben Ihnen dazu nicht mehr.",
    page_unknown="Dieser Link führt nirgendwohin. Vielleicht wurde er abgeschnitten.",
    confirm_button="Ja, sagen Sie es mir",
    end_button="Schreiben Sie mir dazu nicht mehr",
)
_SPANISH: Final = InterestWords(
    page_heading="Avísenme cuando vuelva {name}",
    page_waiting="Le escribiremos una vez, en cuanto haya existencias.",
    page_unconfirmed="Confirme que podemos escribirle cuando haya existencias.",
    page_told="Ya le hemos escrito: volvió a haber existencias.",
    page_ended="Ya no le escribiremos sobre esto.",
    page_unknown="Este enlace no lleva a ninguna parte. Quizá se cortó.",
    confirm_button="Sí, avísenme",
    end_button="No me escriban más sobre esto",
)
WORDS: Final = {"en": _ENGLISH, "de": _GERMAN, "es": _SPANISH}


def words_in(language: str) -> InterestWords:
    """The words of a language; English for any other."""
    return WORDS.get(language, _ENGLISH)
