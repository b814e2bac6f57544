"""Letters to text and HTML, through Django's templates: what others wrote (names, references) is escaped.

The HTML has one constant style sheet and no other style, picture or script, so it reads in light and dark, in any mail
program, and on a page whose content security policy names the sheet by `style_source`.
"""

import base64
import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from django.template import Context, Engine
from django.utils.safestring import mark_safe

from raincheck.notices.letter import Letter
from raincheck.notices.voice import Voice, one_line
from raincheck.store.outbox_read import NoticeFacts

_FOLDER: Final = Path(__file__).parent / "templates"
_STYLE: Final = (_FOLDER / "letter.css").read_text(encoding="utf-8").strip()
_HTML: Final = Engine(dirs=[str(_FOLDER)], autoescape=True)
_TEXT: Final = Engine(dirs=[str(_FOLDER)], autoescape=False)
SUBJECT_LENGTH: Final = 200


@dataclass(frozen=True, slots=True)
class Rendered:
    """A message in full. `html` is the letter alone; `page_of` makes a page of it.

    `sms` is empty for events that deserve no text message. `versions` (event, version) says which words were used, 0 for
    the shipped ones of `language`.
    """

    subject: str
    text: str
    html: str
    sms: str = ""
    language: str = "en"
    versions: tuple[tuple[str, int], ...] = ()

    def version_of(self, event: str) -> int:
        """The version of an event's words in this message."""
        return dict(self.versions).get(event, 0)


def laid_out(letter: Letter, facts: NoticeFacts, voice: Voice) -> Rendered:
    """The letter to its customer, signed by the company."""
    subject = one_line(letter.subject)
    if len(subject) > SUBJECT_LENGTH:
        subject = f"{subject[: SUBJECT_LENGTH - 1]}…"
    context = {
        "letter": letter,
        "customer": one_line(facts.customer_name),
        "company": one_line(facts.company_name),
        "order_ref": one_line(facts.order_ref),
        "ordered_on": voice.day(facts.ordered_on),
    }
    return Rendered(
        subject,
        _TEXT.get_template("letter.txt").render(Context(context, autoescape=False)).strip() + "\n",
        _HTML.get_template("letter.html").render(Context(context)).strip(),
    )


def page_of(subject: str, html: str) -> str:
    """The whole HTML page of a message: what is sent, and what the mailbox shows."""
    context = {"subject": subject, "style": mark_safe(_STYLE), "html": mark_safe(html)}  # noqa: S308 - both are ours
    return _HTML.get_template("page.html").render(Context(context))


def style_source() -> str:
    """The style sheet's hash as a Content-Security-Policy `style-src` names it."""
    digest = hashlib.sha256(_STYLE.encode()).digest()
    return f"'sha256-{base64.b64encode(digest).decode()}'"
