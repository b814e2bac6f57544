"""The worker process: timers, messages, card payments and the Lab in a thread each, a heartbeat, and a clean stop.

A slow mail server or a long rehearsal must not hold up promises, so no two share a thread. Several workers may run
side by side, on several machines: each timer, message and rehearsal is taken by one of them (docs/adr/0005-worker.md).
"""

import logging
import os
import select
import signal
import socket
import threading
from datetime import datetime
from types import FrameType
from typing import Final

from django.db import connection

from raincheck.actions.keep_time import keep_days, run_due_now
from raincheck.actions.report_work import beat, leave
from raincheck.gateways.card_entry import ask_after_all, card_pages
from raincheck.gateways.card_work import carry_out_all
from raincheck.gateways.cards import card_gateway
from raincheck.gateways.mail import mail_gateway
from raincheck.gateways.sms import text_gateway
from raincheck.jobs.callbacks import Callbacks, call_back_all
from raincheck.jobs.laboratory import Laboratory
from raincheck.jobs.payments import Payments
from raincheck.jobs.repeat import start
from raincheck.jobs.sending import Sending, Texting
from raincheck.jobs.shopkeeping import Shopkeeping, keep_shop_once
from raincheck.jobs.timekeeping import Timekeeping
from raincheck.jobs.webhooks import Webhooks, tell_all
from raincheck.notices.outbox import drain, drain_texts
from raincheck.store.outage import DATABASE_AWAY

HEARTBEAT_SECONDS: Final = 10.0
STOP_SECONDS: Final = 10.0

log = logging.getLogger(__name__)


def work(started_at: datetime) -> int:
    """Works until SIGTERM or SIGINT; the exit status. What is under way gets `STOP_SECONDS` to end."""
    stop_asked = _stop_signals()
    stopping = threading.Event()
    timekeeping = Timekeeping(stopping.is_set)
    sending = Sending(mail_gateway(), stopping.is_set)
    texting = Texting(text_gateway(), stopping.is_set)
    laboratory = Laboratory(stopping.is_set)
    shopkeeping = Shopkeeping(mail_gateway(), stopping.is_set)
    webhooks = Webhooks(stopping.is_set)
    payments = Payments(card_gateway(), card_pages(), stopping.is_set)
    callbacks = Callbacks(stopping.is_set)
    threads = [
        start("timers", timekeeping.step, stopping),
        start("messages", sending.step, stopping),
        start("texts", texting.step, stopping),
        start("lab", laboratory.step, stopping),
        start("shop", shopkeeping.step, stopping),
        start("webhooks", webhooks.step, stopping),
        start("payments", payments.step, stopping),
        start("callbacks", callbacks.step, stopping),
    ]
    name = f"{socket.gethostname()}:{os.getpid()}"[:120]
    log.info("worker %s is at work", name)
    while not stopping.is_set():
        _beat(name, started_at, timekeeping.timers_run, sending.carried + texting.carried)
        if select.select([stop_asked], [], [], HEARTBEAT_SECONDS)[0]:
            stopping.set()
    for thread in threads:
        thread.join(STOP_SECONDS)
    _leave(name)
    log.info("worker %s has stopped", name)
    return 0


def work_once() -> tuple[int, int]:
    """Runs what is due, asks the card processor, sends what is queued; how many timers and messages. For cron, tests.

    Raises gateways.mail.MailServerAway when messages cannot leave.
    """
    keep_days()
    timers_run = run_due_now(lambda: False)
    ask_after_all(card_pages())
    carry_out_all(card_gateway())
    call_back_all(lambda: False)
    keep_shop_once(mail_gateway())
    tell_all()
    return timers_run, drain(mail_gateway()).total() + drain_texts(text_gateway()).total()


def _stop_signals() -> int:
    """A pipe's end that can be read once SIGTERM or SIGINT has come.

    A handler may run between any two steps of this thread, so it must not touch a lock: an Event's included.
    """
    asked, ask = os.pipe()

    def stop(_signal: int, _frame: FrameType | None) -> None:
        os.write(ask, b".")

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    return asked


def _beat(name: str, started_at: datetime, timers_run: int, notices_carried: int) -> None:
    try:
        beat(name, started_at, timers_run, notices_carried)
    except DATABASE_AWAY:
        connection.close()  # The threads say so; the next beat tries again.


def _leave(name: str) -> None:
    try:
        leave(name)
    except DATABASE_AWAY:
        log.info("the database is away: this worker's last heartbeat stays")
    connection.close()
