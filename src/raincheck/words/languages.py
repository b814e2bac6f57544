"""What the languages of messages and customers' pages call themselves."""

from typing import Final

NATIVE_NAMES: Final = {"en": "English", "de": "Deutsch", "es": "Español"}
