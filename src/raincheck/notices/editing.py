"""Words of the company's own: checked and saved, and tried on a real order before that."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from raincheck.actions.message_words import put_words_in_force
from raincheck.core.errors import Malformed, NotFound
from raincheck.notices.checking import PartFault, faults_of
from raincheck.notices.digest import render_digest
from raincheck.notices.layout import Rendered
from raincheck.notices.render import render
from raincheck.notices.samples import samples
from raincheck.notices.wording import EVENTS, parts_of
from raincheck.store.message_templates import OwnWords, words_in_force
from raincheck.store.outbox_read import SHARED_WORDS, NoticeFacts, notice_facts
from raincheck.store.reads.message_templates import last_notices, order_exists

_IN_A_DIGEST = 3


class WordsRefused(Malformed):
    """Words that cannot be saved, with what is wrong in which part."""

    def __init__(self, faults: Sequence[PartFault]) -> None:
        super().__init__("; ".join(f"{found.part}: {found.fault}" for found in faults))
        self.faults = tuple(faults)


@dataclass(frozen=True, slots=True)
class Preview:
    """A message as it would be, and what it was tried on: a reference, empty for an invented order.

    `is_as_if`: the order had no such message, so another of its messages lent its facts.
    """

    message: Rendered
    order_ref: str
    is_as_if: bool = False


def save_words(
    template: str,
    language: str,
    words: Mapping[str, str],
    *,
    instead_of: int | None = None,
    at: datetime | None = None,
    actor: str = "",
) -> int:
    """Checks words and puts them in force; their version.

    Raises WordsRefused with every fault, Refused where somebody else saved meanwhile, KeyError for a template or a
    language that does not exist.
    """
    tidy = {part.name: words.get(part.name, "").replace("\r\n", "\n").strip() for part in parts_of(template)}
    if faults := faults_of(template, language, tidy):
        raise WordsRefused(faults)
    return put_words_in_force(template, language, tidy, instead_of=instead_of, at=at, actor=actor)


def preview(template: str, language: str, words: Mapping[str, str], order_ref: str = "") -> Preview:
    """The message in these words, for an order or for the last one that had such a message.

    Raises WordsRefused, NotFound for an order that does not exist, KeyError as `save_words`.
    """
    if faults := faults_of(template, language, words):
        raise WordsRefused(faults)
    if order_ref and not order_exists(order_ref):
        raise NotFound(f"order {order_ref!r} does not exist", "order", order_ref)
    if template == "digest":
        return _digest(language, words, order_ref)
    event = template if template in EVENTS else ""
    found = last_notices(event, order_ref)
    as_if = not found and event in EVENTS and not event.endswith("option_notice")
    if as_if and order_ref:
        found = last_notices("", order_ref)
    facts = notice_facts(found[0]) if found else None
    if facts is None:
        facts = next(samples(event or "delayed", language))
        return Preview(render(_worded(facts, template, language, words)), "")
    if event:
        as_if = facts.event != event
        facts = replace(facts, event=event)
    return Preview(render(_worded(facts, template, language, words)), facts.order_ref, as_if)


def _digest(language: str, words: Mapping[str, str], order_ref: str) -> Preview:
    """Several of the last messages of one order in one."""
    if not order_ref and (newest := last_notices("", "")):
        first = notice_facts(newest[0])
        order_ref = first.order_ref if first else ""
    found = [notice_facts(notice) for notice in last_notices("", order_ref, _IN_A_DIGEST)] if order_ref else []
    notices = [facts for facts in found if facts is not None and facts.event in EVENTS]
    is_invented = len(notices) < 2
    if is_invented:
        notices = [next(samples("delayed", language)), replace(next(samples("charged", language)), id=2)]
    worded = [_worded(facts, "digest", language, words) for facts in notices]
    return Preview(render_digest(worded), "" if is_invented else order_ref)


def _worded(facts: NoticeFacts, template: str, language: str, words: Mapping[str, str]) -> NoticeFacts:
    """The facts in a language, with these words and what else is in force."""
    others = words_in_force({facts.event, *SHARED_WORDS} - {template}, language)
    return replace(facts, language=language, words=(OwnWords(template, 0, words), *others))
