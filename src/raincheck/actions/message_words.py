"""Put words of messages in force, or the shipped ones again. What may be said is checked by notices.editing."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from raincheck.core.errors import NotFound, Refused
from raincheck.store.locks import database_now
from raincheck.store.outbox import Outbox
from raincheck.store.template_versions import add_version, end_version, lock_template, version_in_force


def put_words_in_force(
    template: str,
    language: str,
    parts: Mapping[str, str],
    *,
    instead_of: int | None = None,
    at: datetime | None = None,
    actor: str = "",
) -> int:
    """Makes these the words of a template in a language; their version. Messages written from then on use them.

    `instead_of` is the version that the writer had before them (0: the shipped words). Raises Refused where somebody
    else has saved another meanwhile.
    """
    with transaction.atomic():
        lock_template(template, language)
        standing = version_in_force(template, language)
        if instead_of is not None and instead_of != standing:
            raise Refused(
                f"somebody saved version {standing or 'as shipped'} meanwhile: look at it and save yours again"
            )
        now = at or database_now()
        version = add_version(template, language, parts, now, actor)
        detail = {"language": language, "version": version}
        _ = Outbox(now, "words_saved", f"words:{template}", actor, detail).fact
    return version


def back_to_shipped_words(template: str, language: str, *, at: datetime | None = None, actor: str = "") -> None:
    """Takes the company's words out of force; the shipped ones are used again. Raises NotFound where none were."""
    with transaction.atomic():
        lock_template(template, language)
        now = at or database_now()
        if not end_version(template, language, now):
            raise NotFound(f"{template} has no words of your own in {language!r}")
        _ = Outbox(now, "words_ended", f"words:{template}", actor, {"language": language}).fact
