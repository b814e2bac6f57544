"""`raincheck worker`: timers that fall due, messages that leave."""

from datetime import UTC, datetime

import click

from raincheck.core.errors import RaincheckError
from raincheck.gateways.mail import MailServerAway
from raincheck.jobs.worker import work, work_once
from raincheck.store import live


@click.command("worker")
@click.option("--once", is_flag=True, help="Do what is due and send what is queued, then end.")
def command(*, once: bool) -> int:
    """Run timers as they fall due and send messages, until stopped. Several may run side by side.

    Messages go to the mail server of RAINCHECK_SMTP_URL; without one they stay in the mailbox.
    """
    if not once:
        live.turn_on()
        return work(datetime.now(UTC))
    try:
        timers, messages = work_once()
    except MailServerAway as failure:
        raise RaincheckError(f"Messages wait, the mail server is away: {failure}") from failure
    click.echo(f"{timers:,} timers run, {messages:,} messages carried out.")
    return 0
