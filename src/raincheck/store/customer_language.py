"""The language that a customer is written to in."""

from functools import lru_cache

from babel.languages import get_official_languages

from raincheck.core.settings import LANGUAGES


def language_for(preferred: str, country: str, company_language: str) -> str:
    """What the customer chose, else the language of their country, else the company's; always one of LANGUAGES.

    A country's language is the first of its official ones, or English where that is official too: who has English and
    another tongue of their own is better served by it than by the company's.
    """
    if preferred in LANGUAGES:
        return preferred
    spoken = _spoken_in(country)
    if spoken[:1] and spoken[0] in LANGUAGES:
        return spoken[0]
    return "en" if "en" in spoken else company_language


@lru_cache(maxsize=512)
def _spoken_in(country: str) -> tuple[str, ...]:
    """Official languages by ISO 3166 code, the foremost first; none for a country that nobody knows."""
    return tuple(get_official_languages(country, de_facto=True)) if country else ()
