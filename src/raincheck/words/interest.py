"""What somebody who waits for a product reads: the mails, and the page behind their links. In the customers' languages.

`{name}` is the product, `{shop}` the company.
"""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class InterestWords:
    """One language's words."""

    back_subject: str
    back_lead: str
    back_first_come: str
    back_link: str
    confirm_subject: str
    confirm_lead: str
    confirm_link: str
    reason: str
    greeting: str
    end_link: str
    page_heading: str
    page_waiting: str
    page_unconfirmed: str
    page_told: str
    page_ended: str
    page_unknown: str
    confirm_button: str
    end_button: str


_ENGLISH: Final = InterestWords(
    back_subject="{name} is back",
    back_lead="{name} is in stock again. You asked us to tell you.",
    back_first_come="We told as many people as there are units, in the order in which they asked. Nothing is set aside.",
    back_link="See it",
    confirm_subject="Shall we tell you when {name} is back?",
    confirm_lead="Somebody asked us to write to this address once {name} is in stock again. If it was you, confirm it.",
    confirm_link="Yes, tell me",
    reason="You get this message because this address was given at {shop} for {name}.",
    greeting="Hello,",
    end_link="Do not write to me about it",
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
    back_subject="{name} ist wieder da",
    back_lead="{name} ist wieder auf Lager. Sie wollten es wissen.",
    back_first_come="Wir haben so viele benachrichtigt, wie es Stück gibt, in der Reihenfolge der Anfragen. "
    "Zurückgelegt ist nichts.",
    back_link="Ansehen",
    confirm_subject="Sollen wir Ihnen sagen, wenn {name} wieder da ist?",
    confirm_lead="Jemand hat uns gebeten, an diese Adresse zu schreiben, sobald {name} wieder auf Lager ist. "
    "Waren Sie das, dann bestätigen Sie es.",
    confirm_link="Ja, sagen Sie es mir",
    reason="Sie erhalten diese Nachricht, weil diese Adresse bei {shop} für {name} angegeben wurde.",
    greeting="Guten Tag,",
    end_link="Schreiben Sie mir dazu nicht mehr",
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
    back_subject="{name} vuelve a estar disponible",
    back_lead="{name} vuelve a estar en existencias. Nos pidió que le avisáramos.",
    back_first_come="Hemos avisado a tantas personas como unidades hay, por orden de solicitud. No hay nada reservado.",
    back_link="Verlo",
    confirm_subject="¿Le avisamos cuando vuelva {name}?",
    confirm_lead="Alguien nos pidió escribir a esta dirección cuando {name} vuelva a estar en existencias. "
    "Si fue usted, confírmelo.",
    confirm_link="Sí, avísenme",
    reason="Recibe este mensaje porque esta dirección se indicó en {shop} para {name}.",
    greeting="Buenos días:",
    end_link="No me escriban más sobre esto",
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
