"""What happened, what is told of it, what falls due, and what needs a person."""

from django.db import models

from raincheck.store.models.append_only import append_only
from raincheck.store.models.catalogue import Customer, Product, Site
from raincheck.store.models.demand import SalesOrder


class Fact(models.Model):
    """One action that was done: who, what, to which record. The audit trail and the timelines read it."""

    at = models.DateTimeField()
    verb = models.CharField(max_length=24)
    subject = models.CharField(max_length=120)
    actor = models.CharField(max_length=150, blank=True, default="")
    detail = models.JSONField(default=dict)

    class Meta:
        db_table = "fact"
        indexes = [models.Index(fields=["subject", "id"], name="fact_by_subject")]
        triggers = append_only("fact")


class Notice(models.Model):
    """A message that somebody has to get: the outbox, written in the transaction that made it true.

    One row an order, event and fact. `channel` is none for a customer without an address. The worker words `queued`
    rows and sends them: `sent` once a mail server has taken one, `kept` where none is configured (the mailbox shows
    it), `failed` when it was given up. `held_until` ends its customer's quiet hours. `html` is the letter alone;
    notices.layout puts the page around it. `language` and `template_version` (0: the shipped words) say which words
    were used.
    """

    at = models.DateTimeField()
    event = models.CharField(max_length=24)
    order = models.ForeignKey(SalesOrder, on_delete=models.CASCADE, related_name="notices", db_index=False)
    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, null=True, db_index=False)
    fact = models.ForeignKey(Fact, on_delete=models.PROTECT, db_index=False)
    channel = models.CharField(max_length=8)
    detail = models.JSONField(default=dict)
    state = models.CharField(max_length=8, default="queued")
    attempts = models.SmallIntegerField(default=0)
    try_again_at = models.DateTimeField(null=True)
    held_until = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)
    address = models.CharField(max_length=254, blank=True, default="")
    subject = models.CharField(max_length=300, blank=True, default="")
    body = models.TextField(blank=True, default="")
    html = models.TextField(blank=True, default="", db_default="")
    language = models.CharField(max_length=8, blank=True, default="", db_default="")
    template_version = models.IntegerField(default=0, db_default=0)
    failure = models.CharField(max_length=500, blank=True, default="")

    class Meta:
        db_table = "notice"
        constraints = [
            models.UniqueConstraint(fields=["order", "event", "fact"], name="notice_once"),
            models.CheckConstraint(
                condition=models.Q(state__in=["queued", "sent", "kept", "failed"]), name="notice_state_known"
            ),
        ]
        indexes = [
            models.Index(fields=["channel", "id"], condition=models.Q(state="queued"), name="notice_queued"),
            models.Index(fields=["id"], condition=models.Q(state="failed"), name="notice_failed"),
        ]


class Timer(models.Model):
    """Something that falls due. Polled with the injected clock, in the order of due_at, kind, subject.

    What the kinds are and whose id `subject_id` is: store.timers.TimerKind.
    """

    due_at = models.DateTimeField()
    kind = models.SmallIntegerField()
    subject_id = models.BigIntegerField()

    class Meta:
        db_table = "timer"
        constraints = [models.UniqueConstraint(fields=["kind", "subject_id"], name="timer_once")]
        indexes = [models.Index(fields=["due_at", "kind", "subject_id"], name="timer_due")]


class Task(models.Model):
    """Something that only a person can settle, such as a count after a short pick; until `due_at`, if it has a time."""

    kind = models.CharField(max_length=24)
    text = models.CharField(max_length=500)
    order = models.ForeignKey(SalesOrder, on_delete=models.CASCADE, null=True)
    product = models.ForeignKey(Product, on_delete=models.CASCADE, null=True)
    site = models.ForeignKey(Site, on_delete=models.CASCADE, null=True)
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    closed_by = models.CharField(max_length=150, blank=True, default="")
    due_at = models.DateTimeField(null=True)
    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, null=True)
    assignee = models.CharField(max_length=150, blank=True, default="", db_default="")
    team = models.CharField(max_length=20, blank=True, default="", db_default="")

    class Meta:
        db_table = "task"
