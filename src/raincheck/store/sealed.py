"""Secrets that the database keeps sealed: a row or a dump says nothing without the installation's key.

Sealed with Fernet (AES-128-CBC and HMAC-SHA256) under a key derived by HKDF-SHA256 from the installation's secret key.
Former keys (`SECRET_KEY_FALLBACKS`) still open what they sealed, until it has been sealed anew.
"""

from base64 import urlsafe_b64encode
from typing import Final

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings as deployment

_PURPOSE: Final = b"raincheck: secrets of webhook endpoints"


class NotOpened(Exception):
    """It was sealed with a key that this installation does not have."""


def sealed(secret: str) -> str:
    """A secret as the database keeps it: another text each time."""
    return _fernet().encrypt(secret.encode()).decode()


def opened(text: str) -> str:
    """The secret again. Raises NotOpened."""
    try:
        return _fernet().decrypt(text.encode()).decode()
    except InvalidToken as error:
        raise NotOpened("sealed with another key") from error


def sealed_anew(text: str) -> str:
    """The same secret sealed with today's key. Raises NotOpened."""
    return sealed(opened(text))


def is_sealed_with_the_key_of_today(text: str) -> bool:
    """Whether no former key is needed to open it."""
    try:
        _of(str(deployment.SECRET_KEY)).decrypt(text.encode())
    except InvalidToken:
        return False
    return True


def _fernet() -> MultiFernet:
    keys = [deployment.SECRET_KEY, *deployment.SECRET_KEY_FALLBACKS]
    return MultiFernet([_of(str(key)) for key in keys])


def _of(key: str) -> Fernet:
    derived = HKDF(algorithm=SHA256(), length=32, salt=None, info=_PURPOSE).derive(key.encode())
    return Fernet(urlsafe_b64encode(derived))
