"""Short texts: through the service that the deployment names, else nowhere: they stay in the mailbox of the console.

The service is an address of the apprise library, with `{phone}` where its number goes:
`twilio://SID:TOKEN@FROM/{phone}`. The library is loaded with the first text, not when the worker starts.
"""

import logging
import re
from typing import Final, Protocol, Self
from urllib.parse import quote

from django.conf import settings

PLACE: Final = "{phone}"
FEWEST_DIGITS: Final = 6
MOST_DIGITS: Final = 15  # E.164


class TextRefused(Exception):
    """This text will never be taken: the number is none."""


class TextDeferred(Exception):
    """This text was not taken now; it may be later."""


class TextGateway(Protocol):
    """Carries short texts out."""

    leaves: bool
    """Whether texts leave; else they only stay in the mailbox."""

    def send(self, phone: str, text: str) -> str:
        """Sends a text; what there is to say for a proof. Raises TextRefused or TextDeferred."""


class TextsKept:
    """Sends nothing: what a drill uses, and whoever has configured no service."""

    leaves = False

    def send(self, phone: str, text: str) -> str:  # noqa: ARG002 - nothing leaves
        """Nothing: the record itself holds the text."""
        return ""


class Texts:
    """Sends through the service of the settings."""

    leaves = True

    def __init__(self, url: str) -> None:
        self._url = url

    def send(self, phone: str, text: str) -> str:
        """The service's name once it has taken the text."""
        import apprise

        asset = apprise.AppriseAsset(async_mode=False, app_id="Raincheck")
        service = apprise.Apprise(asset=asset)
        if not service.add(self._url.replace(PLACE, quote(dialled(phone), safe="+"))):
            raise TextDeferred("RAINCHECK_SMS_URL names no service that apprise knows, or lacks a part of its address")
        with _Heard() as heard:
            is_taken = service.notify(body=text)
        if not is_taken:
            raise TextDeferred(heard.said or "the service did not take it")
        return f"taken by {self._url.partition(':')[0]}"


def text_gateway() -> TextGateway:
    """The gateway that the settings ask for."""
    return Texts(settings.SMS_URL) if settings.SMS_URL else TextsKept()


def dialled(phone: str) -> str:
    """A number as services take it: digits, a leading plus kept. Raises TextRefused for what is no number."""
    digits = re.sub(r"[\s().\-/]", "", phone)
    if digits.startswith("00"):
        digits = f"+{digits[2:]}"
    if not re.fullmatch(rf"\+?[0-9]{{{FEWEST_DIGITS},{MOST_DIGITS}}}", digits):
        raise TextRefused("this is no number that a text can go to")
    return digits


class _Heard(logging.Handler):
    """What the library logs while it works is all that it says of a failure."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.said = ""

    def emit(self, record: logging.LogRecord) -> None:
        """Keeps the last complaint."""
        self.said = " ".join(record.getMessage().split())[:300]

    def __enter__(self) -> Self:
        logging.getLogger("apprise").addHandler(self)
        return self

    def __exit__(self, *_failure: object) -> None:
        logging.getLogger("apprise").removeHandler(self)
