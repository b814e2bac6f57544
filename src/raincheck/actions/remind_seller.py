"""A customer who does not answer in time becomes a task for whoever sold to them."""

from datetime import datetime, timedelta

from django.db import transaction

from raincheck.actions.permissions import Role
from raincheck.core.settings import Settings
from raincheck.store import tasks
from raincheck.store.reads.people import is_person
from raincheck.store.tasks import NewTask
from raincheck.store.unanswered import NO_ANSWER, Unanswered, close_answered, unanswered
from raincheck.words.moments import day_text


def remind_sellers(settings: Settings, at: datetime) -> int:
    """Opens a task for each question whose time runs out within the company's `reminder_days`; how many.

    It is for whoever sold the order, if they can still sign in, else for anybody of the service team, and due when the
    time runs out. Tasks of customers who have answered meanwhile are closed.
    """
    with transaction.atomic():
        close_answered(at)
        # Looked at once a day: what runs out before the next look but one has to be seen now.
        found = unanswered(at, at + timedelta(days=settings.reminder_days + 1))
        for question in found:
            seller = question.sold_by if question.sold_by and is_person(question.sold_by) else ""
            text = _text(settings, question)
            team = Role.SERVICE.value
            tasks.open_task(NewTask(NO_ANSWER, text, question.order, None, seller, team, question.until), at)
    return len(found)


def _text(settings: Settings, question: Unanswered) -> str:
    who = question.customer or "The customer"
    today = settings.calendar.day_of(question.until)
    until = day_text(today, today)
    if question.question == "law":
        return f"{who} has not said whether to wait for {question.ref}: without an answer it is cancelled on {until}"
    return f"{who} has not answered the offer of a substitute for {question.ref}: it ends on {until}"
