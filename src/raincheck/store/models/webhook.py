"""Addresses that are told of events by HTTP, and what each was told."""

from django.db import models

from raincheck.store.models.happening import Fact, Notice


class WebhookEndpoint(models.Model):
    """An address of another program. `events` are names, `*` for all. Deliveries are signed with `secret`,
    which is kept sealed (`store.sealed`).

    `old_secret` signs beside it until `old_secret_until`, so that the receiver can change over. `failing_since` is the
    first failure since the last success; `rests_until` keeps a dead one from being asked all the time. `is_active`
    off with `switched_off_why`: the worker gave up.
    """

    url = models.CharField(max_length=2000)
    note = models.CharField(max_length=200, blank=True, default="")
    secret = models.CharField(max_length=300)
    old_secret = models.CharField(max_length=300, blank=True, default="")
    old_secret_until = models.DateTimeField(null=True)
    events = models.JSONField(default=list)
    is_active = models.BooleanField(default=True)
    made_at = models.DateTimeField()
    made_by = models.CharField(max_length=150, blank=True, default="")
    failing_since = models.DateTimeField(null=True)
    failures = models.IntegerField(default=0)
    rests_until = models.DateTimeField(null=True)
    switched_off_why = models.CharField(max_length=500, blank=True, default="")
    removed_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "webhook_endpoint"


class WebhookDelivery(models.Model):
    """An event for one endpoint, queued in the transaction that made it true.

    Those of one `thread` (an order, a product) reach an endpoint in order. `payload` is null until the worker has put
    the event of a notice together; from then on every attempt sends the same. `webhook_id` names it for the receiver
    for ever.
    """

    endpoint = models.ForeignKey(WebhookEndpoint, on_delete=models.CASCADE, db_index=False)
    webhook_id = models.CharField(max_length=64, unique=True)
    event = models.CharField(max_length=60)
    thread = models.CharField(max_length=140)
    notice = models.ForeignKey(Notice, on_delete=models.CASCADE, null=True, db_index=False)
    fact = models.ForeignKey(Fact, on_delete=models.PROTECT, null=True, db_index=False)
    payload = models.JSONField(null=True)
    at = models.DateTimeField()
    state = models.CharField(max_length=9, default="queued")
    attempts = models.SmallIntegerField(default=0)
    try_again_at = models.DateTimeField(null=True)
    delivered_at = models.DateTimeField(null=True)
    status = models.SmallIntegerField(null=True)
    response = models.CharField(max_length=500, blank=True, default="")
    failure = models.CharField(max_length=500, blank=True, default="")

    class Meta:
        db_table = "webhook_delivery"
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state__in=["queued", "delivered", "failed"]), name="webhook_delivery_state"
            ),
        ]
        indexes = [
            models.Index(
                fields=["endpoint", "thread", "id"],
                condition=models.Q(state="queued"),
                name="webhook_delivery_queued",
            ),
            models.Index(fields=["endpoint", "id"], condition=models.Q(state="queued"), name="webhook_delivery_next"),
            models.Index(fields=["endpoint", "-id"], name="webhook_delivery_latest"),
        ]
