"""What the law lets a customer decide, until when, and what silence means; and what it ended already."""

from dataclasses import dataclass, replace
from datetime import date

from django.utils.translation import gettext as _

from raincheck.core.consent import Stage, asked_mark
from raincheck.core.reason import Reason
from raincheck.store.reads.law import ClockView
from raincheck.web.customer.visit import Visit

ASKED = frozenset({Stage.SILENCE_CONSENTS.value, Stage.ANSWER_NEEDED.value, Stage.PASSED.value})


@dataclass(frozen=True, slots=True)
class Option:
    """What the customer was asked about lines of these names. `may_wait`: a word of theirs changes something.

    `further` asks to agree to a further delay that nobody foresees; empty: it is not asked.
    """

    names: tuple[str, ...]
    text: str
    silence: str
    may_wait: bool
    further: str = ""


def options(visit: Visit) -> list[Option]:
    """The options that wait for an answer, and the agreements that stand; the same is said once for all its lines."""
    names: dict[Option, list[str]] = {}
    for clock in _running(visit):
        if clock.stage != Stage.RUNNING.value:
            names.setdefault(_option(visit, clock), []).append(visit.order.name_of(clock.sku))
    return [replace(option, names=tuple(found)) for option, found in names.items()]


def is_asked(visit: Visit) -> bool:
    """Whether an answer of the customer has something to answer."""
    return any(clock.stage in ASKED for clock in _running(visit))


def question(visit: Visit) -> str:
    """What is asked now, as its form carries it: a yes to it is none to another day that is told meanwhile."""
    asked = [clock for clock in _running(visit) if clock.stage != Stage.RUNNING.value]
    return asked_mark((clock.sku, clock.offered_on) for clock in asked)


def ended_by_law(visit: Visit) -> list[ClockView]:
    """The lines whose time ran out, the customer's own cancels apart."""
    by_law = {line.sku for line in visit.order.outcome.lines if line.reason == Reason.CANCELLED_BY_LAW.value}
    return [clock for clock in visit.order.clocks if clock.vested_at is not None and clock.sku in by_law]


def ended_text(visit: Visit, clock: ClockView) -> str:
    """What became of a line whose time ran out, and of its money."""
    name = visit.order.name_of(clock.sku)
    said = _("We could not send %(name)s in time and had no yes from you, so it was cancelled as the law wants it.")
    if clock.refund_due_on is None:
        return said % {"name": name}
    back = _("If you have paid for it, we send the money back by %(day)s at the latest.")
    return f"{said % {'name': name}} {back % {'day': visit.voice.day(clock.refund_due_on)}}"


def may_withdraw(visit: Visit) -> bool:
    """Whether a law gives the right, its time is not over, and something is left to withdraw from."""
    right = visit.order.withdrawal
    return right is not None and not right.is_over(visit.at) and bool(right.left)


def withdrawal_text(visit: Visit) -> str:
    """Until when the order can be withdrawn from; empty where it cannot be."""
    right = visit.order.withdrawal
    if right is None or not may_withdraw(visit):
        return ""
    if right.until_on is None:
        return _("You can withdraw from this purchase until 14 days after its last part has reached you.")
    return _("You can withdraw from this purchase until %(day)s.") % {"day": visit.voice.day(right.until_on)}


def _running(visit: Visit) -> list[ClockView]:
    """The clocks of lines of which something is owed that nobody is cancelling already."""
    owed = {line.sku for line in visit.order.outcome.lines if visit.order.cancellable(line)}
    return [
        clock
        for clock in visit.order.clocks
        if clock.sku in owed and clock.vested_at is None and clock.ended_at is None
    ]


def _option(visit: Visit, clock: ClockView) -> Option:
    """Without the line's name."""
    by_on = _day(visit, clock.by_on)
    if clock.stage == Stage.PASSED.value:
        return Option(
            (),
            _("The day that we agreed, %(day)s, has passed. We are sorry.") % {"day": _day(visit, clock.due_on)},
            _(
                "You can end this purchase at once; what you have paid comes back. If we hear nothing, we deliver as"
                " soon as we can."
            ),
            may_wait=True,
        )
    if clock.stage == Stage.CONSENTED.value:
        text = (
            _("You agreed to wait until %(day)s.") % {"day": by_on}
            if by_on
            else _("You agreed to wait until it ships.")
        )
        return Option((), text, _("You can still cancel at any time until it ships."), may_wait=False)
    new_day = (
        _("We now expect to send it %(day)s.") % {"day": _day(visit, clock.offered_on)}
        if clock.offered_on
        else _("We cannot say yet when we can send it.")
    )
    if clock.stage == Stage.SILENCE_CONSENTS.value:
        silence = _("If we hear nothing, we take it that you agree to wait until %(day)s.") % {"day": by_on}
    else:
        silence = _(
            "Please answer by %(day)s. If we hear nothing and have not sent it by then, we cancel it and you get back"
            " what you have paid."
        ) % {"day": by_on}
    further = (
        _("Also agree to a further delay until %(day)s, should one come that we do not foresee today.")
        % {"day": _day(visit, clock.further_on)}
        if clock.further_on
        else ""
    )
    late = _("We cannot send it when we said.")
    return Option((), f"{late} {new_day}", silence, may_wait=True, further=further)


def _day(visit: Visit, day: date | None) -> str:
    return visit.voice.day(day) if day else ""
