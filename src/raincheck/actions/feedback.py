"""Feedback: customers are asked once everything has arrived; people of the house say something at any time."""

from datetime import datetime, timedelta
from typing import Final

from django.db import transaction

from raincheck.actions.cancel_order import known_line, known_order
from raincheck.core.errors import Malformed, NotFound, Refused
from raincheck.store import feedback, lines
from raincheck.store.catalogue import find_products
from raincheck.store.company import read_settings
from raincheck.store.feedback import Said
from raincheck.store.locks import database_now
from raincheck.store.outbox import Outbox
from raincheck.store.timers import Due, clear, due_together

SCORES: Final = (1, 2, 3, 4, 5)
CAUSES: Final = ("late", "damaged", "wrong_item", "missing", "unclear", "other")
ABOUT: Final = ("order", "product", "purchase")
CHANGE_DAYS: Final = 30
"""For so many days a customer may change what they said."""

BAD_SCORE: Final = 2
"""A score of so much or less is a complaint."""

COMPLAINT_WORKING_DAYS: Final = 1
"""Until the end of so many working days somebody looks after a complaint."""

LONGEST_TEXT: Final = 2_000
MOST_TOGETHER: Final = 200


def ask_for_feedback(timer: Due, at: datetime) -> None:
    """Asks the customers of orders whose days after the last delivery are over, once each."""
    with transaction.atomic():
        orders = clear(due_together(timer, MOST_TOGETHER))
        outbox = Outbox(at, "feedback_due", f"feedback:{timer.subject}", detail={"orders": orders})
        for order in feedback.to_be_asked(orders):
            outbox.tell(order, feedback.EVENT, feedback.delivered_lines(order))
        outbox.flush()


def say_as_customer(
    ref: str,
    score: int | None,
    cause: str = "",
    sku: str = "",
    text: str = "",
    *,
    language: str = "",
    at: datetime | None = None,
    actor: str = "",
) -> bool:
    """What the customer of an order says of it; `actor`: who wrote it down for them. Whether anything is new.

    The same words twice count once; other words replace the earlier ones, which stay on record, for 30 days. A bad
    score or a cause opens a task for service. Raises Refused before anything has arrived and after those days,
    Malformed for what cannot be said, NotFound for an order or a line that does not exist.
    """
    _check(f"order {ref!r}", score, cause, text)
    with transaction.atomic():
        order = feedback.lock_order(ref)
        if order is None:
            raise NotFound(f"order {ref!r} does not exist", "order", ref)
        now = at or database_now()
        if not feedback.has_arrived(order):
            raise Refused(f"order {ref!r}: nothing of it has arrived yet")
        said = _of_line(ref, score, cause, sku, text)
        before = feedback.standing(order)
        if before is not None and before.said == said:
            return False
        if before is not None and now > before.first_at + timedelta(days=CHANGE_DAYS):
            raise Refused(f"order {ref!r}: what was said can be changed for {CHANGE_DAYS} days, which are over")
        id_ = feedback.add(
            said,
            now,
            source="customer",
            order=order,
            language=language[:8],
            actor=actor,
            replaces=before.id if before else None,
        )
        _ = Outbox(now, "feedback_given", f"order:{ref}", actor, {"feedback": id_, "score": score, "cause": cause}).fact
        if cause or (score is not None and score <= BAD_SCORE):
            _open_complaint(ref, order, said, now)
        return True


def say_as_staff(
    about: str,
    ref: str,
    text: str,
    cause: str = "",
    score: int | None = None,
    *,
    at: datetime | None = None,
    actor: str,
) -> None:
    """What somebody of the house says about an order, a product or a purchase order, at any time.

    Raises Malformed for nothing said, NotFound for what does not exist.
    """
    if about not in ABOUT:
        raise Malformed(f"feedback is about one of {', '.join(ABOUT)}, not {about!r}")
    _check(f"{about} {ref!r}", score, cause, text)
    with transaction.atomic():
        now = at or database_now()
        order, product, purchase = None, None, None
        if about == "order":
            order = known_order(ref).id
        elif about == "product":
            product = find_products([ref])[ref].id
        else:
            purchase = feedback.find_purchase(ref)
            if purchase is None:
                raise NotFound(f"purchase order {ref!r} does not exist", "purchase order", ref)
        said = Said(score, cause, text.strip(), product=product, purchase=purchase)
        id_ = feedback.add(said, now, source="staff", order=order, actor=actor)
        _ = Outbox(now, "feedback_given", f"{about}:{ref}", actor, {"feedback": id_, "cause": cause}).fact


def do_not_ask(ref: str, at: datetime | None = None) -> bool:
    """The customer of an order is never asked again; False where that was so already, or nobody is named."""
    with transaction.atomic():
        now = at or database_now()
        if not feedback.opt_out(known_order(ref).id, now):
            return False
        _ = Outbox(now, "feedback_declined", f"order:{ref}").fact
        return True


def _check(what: str, score: int | None, cause: str, text: str) -> None:
    if score is not None and score not in SCORES:
        raise Malformed(f"{what}: a score is a whole number from 1 to 5, not {score}")
    if cause and cause not in CAUSES:
        raise Malformed(f"{what}: a cause is one of {', '.join(CAUSES)}, not {cause!r}")
    if len(text) > LONGEST_TEXT:
        raise Malformed(f"{what}: at most {LONGEST_TEXT} characters, not {len(text)}")
    if score is None and not cause and not text.strip():
        raise Malformed(f"{what}: nothing was said")


def _of_line(ref: str, score: int | None, cause: str, sku: str, text: str) -> Said:
    if not sku:
        return Said(score, cause, text.strip())
    order = known_order(ref)
    line = known_line(order, lines.read_lines(order.id), sku)
    return Said(score, cause, text.strip(), line.id, line.product)


def _open_complaint(ref: str, order: int, said: Said, at: datetime) -> None:
    calendar = read_settings().calendar
    due_on = calendar.add_working_days(calendar.day_of(at), COMPLAINT_WORKING_DAYS)
    what = said.cause.replace("_", " ") or f"score {said.score} of 5"
    words = f": “{said.text}”" if said.text else ""
    due_at = calendar.start_of(due_on + timedelta(days=1))
    feedback.open_complaint(order, said.product, f"The customer of {ref} complains ({what}){words}", at, due_at)
