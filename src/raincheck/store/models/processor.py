"""The local test processor's books, what processors called back, who enters a card there, and their files."""

from django.db import models

from raincheck.store.models.append_only import append_only
from raincheck.store.models.demand import SalesOrder


class ProcessorEntry(models.Model):
    """What the local test processor did, or declined, under one key. Its own books, apart from the shop's ledger.

    `ends_at` is when an authorisation really ends; `expires_at` is what was said.
    """

    key = models.CharField(max_length=64, unique=True)
    kind = models.CharField(max_length=9)
    order_ref = models.CharField(max_length=100)
    amount = models.DecimalField(max_digits=18, decimal_places=4)
    currency = models.CharField(max_length=3)
    method = models.CharField(max_length=200)
    authorisation = models.CharField(max_length=40, blank=True)
    charge = models.CharField(max_length=40, blank=True)
    is_final = models.BooleanField()
    outcome = models.CharField(max_length=8)
    reference = models.CharField(max_length=40, unique=True)
    scheme = models.CharField(max_length=20, blank=True)
    reason = models.CharField(max_length=100, blank=True)
    fee = models.DecimalField(max_digits=18, decimal_places=4)
    at = models.DateTimeField()
    expires_at = models.DateTimeField(null=True)
    ends_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "test_processor_entry"
        constraints = [
            models.CheckConstraint(condition=models.Q(amount__gt=0, fee__gte=0), name="test_processor_entry_amounts"),
        ]
        indexes = [
            models.Index(fields=["authorisation"], name="test_processor_by_hold"),
            models.Index(fields=["charge"], name="test_processor_by_charge"),
            models.Index(fields=["order_ref", "method"], name="test_processor_by_order"),
            models.Index(fields=["at", "id"], name="test_processor_by_time"),
            models.Index(fields=["ends_at"], condition=models.Q(ends_at__isnull=False), name="test_processor_ends"),
        ]
        triggers = append_only("test_processor_entry")


class ProcessorKnock(models.Model):
    """A request that the local test processor heard of and did not act on: the card is one that is away at first."""

    key = models.CharField(max_length=64, unique=True)

    class Meta:
        db_table = "test_processor_knock"


class ProcessorCallback(models.Model):
    """An event that the local test processor calls back with, so many `times`."""

    event = models.CharField(max_length=64, unique=True)
    body = models.TextField()
    due_at = models.DateTimeField()
    times = models.SmallIntegerField(default=1)
    delivered = models.SmallIntegerField(default=0)

    class Meta:
        db_table = "test_processor_callback"
        indexes = [
            models.Index(
                fields=["due_at", "id"],
                condition=models.Q(delivered__lt=models.F("times")),
                name="test_processor_callback_due",
            ),
        ]


class ProcessorEvent(models.Model):
    """An event that a card processor called back with and that was acted on, once: `event` is its name for it.

    `at` is when it happened by the processor's word. `request_key` is the card request that it is about, if one is
    known; `outcome` says in words what followed here.
    """

    processor = models.CharField(max_length=20)
    event = models.CharField(max_length=100)
    kind = models.CharField(max_length=20)
    reference = models.CharField(max_length=200, blank=True)
    request_key = models.CharField(max_length=64, blank=True)
    amount = models.DecimalField(max_digits=18, decimal_places=4, null=True)
    at = models.DateTimeField()
    received_at = models.DateTimeField()
    outcome = models.CharField(max_length=300)

    class Meta:
        db_table = "processor_event"
        constraints = [models.UniqueConstraint(fields=["processor", "event"], name="processor_event_once")]
        indexes = [models.Index(fields=["-received_at", "-id"], name="processor_event_latest")]
        triggers = append_only("processor_event")


class CardHandover(models.Model):
    """A customer who was handed over to a processor's own page to enter a card there for an order.

    `reference` is the processor's name for that visit. It is asked at `next_try_at` what came of it, until it says so
    or the page has closed at `expires_at`; `taken`: the card that was entered pays from then on. `outcome` says in
    words what followed.
    """

    order = models.ForeignKey(SalesOrder, on_delete=models.CASCADE)
    processor = models.CharField(max_length=20)
    reference = models.CharField(max_length=200)
    state = models.CharField(max_length=8, default="open")
    started_at = models.DateTimeField()
    started_by = models.CharField(max_length=150, blank=True)
    expires_at = models.DateTimeField()
    attempts = models.IntegerField(default=0)
    next_try_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=300, blank=True)

    class Meta:
        db_table = "card_handover"
        constraints = [
            models.UniqueConstraint(fields=["processor", "reference"], name="card_handover_once"),
            models.CheckConstraint(
                condition=models.Q(state__in=["open", "taken", "unused"]), name="card_handover_state_known"
            ),
            models.CheckConstraint(
                condition=models.Q(state="open", next_try_at__isnull=False)
                | models.Q(~models.Q(state="open"), next_try_at__isnull=True),
                name="card_handover_open_is_tried",
            ),
        ]
        indexes = [
            models.Index(fields=["next_try_at"], condition=models.Q(state="open"), name="card_handover_open"),
        ]


class Reconciliation(models.Model):
    """A processor's file as it was compared with the ledger: `rows` of it, so many matched, and its period.

    `left_aside`: how many other rows of each kind, such as payouts, which are no captures or refunds.
    """

    at = models.DateTimeField()
    by = models.CharField(max_length=150, blank=True)
    file_name = models.CharField(max_length=255)
    starts_at = models.DateTimeField(null=True)
    ends_at = models.DateTimeField(null=True)
    rows = models.IntegerField()
    matched = models.IntegerField()
    left_aside = models.JSONField(default=dict, db_default={})

    class Meta:
        db_table = "reconciliation"


class ReconciliationDifference(models.Model):
    """Where a file and the ledger disagree. `line` is the file's, none where the file lacks what the ledger has.

    `currency` is the ledger's, where it has an entry; `their_currency` the file's, where that is another.
    """

    reconciliation = models.ForeignKey(Reconciliation, on_delete=models.CASCADE, related_name="differences")
    difference = models.CharField(max_length=16)
    line = models.IntegerField(null=True)
    key = models.CharField(max_length=64, blank=True)
    reference = models.CharField(max_length=200, blank=True)
    order_ref = models.CharField(max_length=100, blank=True)
    kind = models.CharField(max_length=9)
    currency = models.CharField(max_length=3)
    their_currency = models.CharField(max_length=3, blank=True, db_default="", default="")
    ours = models.DecimalField(max_digits=18, decimal_places=4, null=True)
    theirs = models.DecimalField(max_digits=18, decimal_places=4, null=True)

    class Meta:
        db_table = "reconciliation_difference"
