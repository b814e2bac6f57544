"""Letters to text and HTML, through Django's templates: what others wrote (names, references) is escaped.

The HTML has one style sheet and no other style, picture or script, so it reads in light and dark, in any mail program,
and on a page whose content security policy names the sheet by `style_source`. The sheet is the same for all letters but
for the company's colour, which the letter names.
"""

import base64
import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Final

from django.template import Context, Engine
from django.utils.safestring import mark_safe

from raincheck.core.colour import lightened
from raincheck.core.settings import DEFAULT_BRAND_COLOUR, LANGUAGES
from raincheck.notices.letter import Frame, Letter
from raincheck.notices.voice import one_line

_FOLDER: Final = Path(__file__).parent / "templates"
_STYLE: Final = (_FOLDER / "letter.css").read_text(encoding="utf-8").strip()
_HTML: Final = Engine(dirs=[str(_FOLDER)], autoescape=True)
_TEXT: Final = Engine(dirs=[str(_FOLDER)], autoescape=False)
_NAMED: Final = re.compile(r'^<div class="letter" data-colour="(#[0-9a-fA-F]{6})" lang="([a-z]{2})">')
SUBJECT_LENGTH: Final = 200


@dataclass(frozen=True, slots=True)
class Rendered:
    """A message in full. `html` is the letter alone; `page_of` makes a page of it.

    `sms` is empty for events that deserve no text message. `versions` (event, version) says which words were used,
    0 for the shipped ones of `language`.
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


def subject_of(subject: str) -> str:
    """A subject in one line that mail programs show whole."""
    subject = one_line(subject)
    return subject if len(subject) <= SUBJECT_LENGTH else f"{subject[: SUBJECT_LENGTH - 1]}…"


def laid_out(heading: str, lead: Sequence[str], letters: Sequence[Letter], frame: Frame) -> tuple[str, str]:
    """One letter, or several under a heading and a lead of their own, as text and as HTML."""
    context = {
        "heading": heading,
        "lead": lead,
        "letters": letters,
        "several": len(letters) > 1,
        "frame": frame,
    }
    return (
        _TEXT.get_template("letter.txt").render(Context(context, autoescape=False)).strip() + "\n",
        _HTML.get_template("letter.html").render(Context(context)).strip(),
    )


def page_of(subject: str, html: str) -> str:
    """The whole HTML page of a message: what is sent, and what the mailbox shows."""
    colour, language = _named(html)
    context = {
        "subject": subject,
        "language": language,
        "style": mark_safe(_style(colour)),  # noqa: S308 - ours, with a colour that was matched sign by sign
        "html": mark_safe(html),  # noqa: S308 - ours: what others wrote in it is escaped
    }
    return _HTML.get_template("page.html").render(Context(context))


def style_source(html: str = "") -> str:
    """The hash of a letter's style sheet as a Content-Security-Policy `style-src` names it."""
    digest = hashlib.sha256(_style(_named(html)[0]).encode()).digest()
    return f"'sha256-{base64.b64encode(digest).decode()}'"


def _named(html: str) -> tuple[str, str]:
    """The colour and the language of a letter."""
    found = _NAMED.match(html)
    if found is None or found[2] not in LANGUAGES:
        return DEFAULT_BRAND_COLOUR, LANGUAGES[0]
    return found[1], found[2]


@lru_cache(maxsize=64)
def _style(colour: str) -> str:
    return _STYLE.replace("BRAND", colour).replace("LIGHTER", lightened(colour))
