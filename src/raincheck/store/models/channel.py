"""How messages reach a customer: what they want, each attempt by each channel, what came back as undeliverable."""

from django.db import models

from raincheck.store.models.catalogue import Customer
from raincheck.store.models.happening import Notice


class CustomerPreference(models.Model):
    """What a customer wants to be sent, and when. A customer without a row has said nothing: every default holds.

    `language` empty: the company's. `email` off: only what has to be said is mailed. `sms` and `digest` null: never
    said. Quiet hours are times of day where the customer is; null: the company's.
    """

    customer = models.OneToOneField(Customer, on_delete=models.CASCADE, related_name="preference")
    language = models.CharField(max_length=8, blank=True, default="", db_default="")
    email = models.BooleanField(default=True, db_default=True)
    sms = models.BooleanField(null=True)
    quiet_from = models.TimeField(null=True)
    quiet_until = models.TimeField(null=True)
    digest = models.BooleanField(null=True)
    stopped_why = models.CharField(max_length=200, blank=True, default="", db_default="")
    changed_at = models.DateTimeField()
    changed_by = models.CharField(max_length=150, blank=True, default="", db_default="")

    class Meta:
        db_table = "customer_preference"
        constraints = [
            models.CheckConstraint(
                condition=models.Q(quiet_from__isnull=True, quiet_until__isnull=True)
                | models.Q(quiet_from__isnull=False, quiet_until__isnull=False),
                name="preference_quiet_hours_have_both_ends",
            ),
        ]


class NoticeDelivery(models.Model):
    """A notice by one channel to one address. Notices that left together share a `message_id`.

    `queued`: waits for its turn (texts alone: a mail's queue is the notice itself). `sent`: the server or the service
    took it, `proof` is its answer. `kept`: nothing is configured that sends. `failed`: given up. `bounced`: taken
    first, then returned. `unwanted`: the customer wants no such messages.
    """

    notice = models.ForeignKey(Notice, on_delete=models.CASCADE, related_name="deliveries", db_index=False)
    channel = models.CharField(max_length=8)
    address = models.CharField(max_length=254)
    state = models.CharField(max_length=8)
    attempts = models.SmallIntegerField(default=0)
    queued_at = models.DateTimeField()
    try_again_at = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)
    message_id = models.CharField(max_length=200, blank=True, default="")
    text = models.TextField(blank=True, default="")
    proof = models.CharField(max_length=500, blank=True, default="")
    failure = models.CharField(max_length=500, blank=True, default="")

    class Meta:
        db_table = "notice_delivery"
        constraints = [
            models.UniqueConstraint(fields=["notice", "channel", "address"], name="notice_delivery_once"),
            models.CheckConstraint(condition=models.Q(channel__in=["email", "sms"]), name="notice_delivery_channel"),
            models.CheckConstraint(
                condition=models.Q(state__in=["queued", "sent", "kept", "failed", "bounced", "unwanted"]),
                name="notice_delivery_state_known",
            ),
        ]
        indexes = [
            models.Index(fields=["id"], condition=models.Q(state="queued"), name="notice_delivery_queued"),
            models.Index(fields=["message_id"], name="notice_delivery_message"),
            models.Index(fields=["address"], name="notice_delivery_address"),
        ]


class Bounce(models.Model):
    """A report that a message did not arrive, or was called spam. The same report twice has one effect: `digest`."""

    at = models.DateTimeField()
    source = models.CharField(max_length=150)
    kind = models.CharField(max_length=12)
    message_id = models.CharField(max_length=200, blank=True, default="")
    address = models.CharField(max_length=254, blank=True, default="")
    reason = models.CharField(max_length=500, blank=True, default="")
    result = models.CharField(max_length=12)
    digest = models.CharField(max_length=64, unique=True)

    class Meta:
        db_table = "bounce"
        constraints = [
            models.CheckConstraint(condition=models.Q(kind__in=["hard", "soft", "complaint"]), name="bounce_kind"),
            models.CheckConstraint(condition=models.Q(result__in=["matched", "unknown"]), name="bounce_result"),
        ]
        indexes = [models.Index(fields=["at"], name="bounce_by_time")]


class BadAddress(models.Model):
    """An address that mail does not reach, as a bounce said, in lower case. It stays until the customer's changes."""

    address = models.CharField(max_length=254, unique=True)
    reason = models.CharField(max_length=500, blank=True, default="")
    marked_at = models.DateTimeField()

    class Meta:
        db_table = "bad_address"
