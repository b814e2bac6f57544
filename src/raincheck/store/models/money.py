"""What was charged and given back, one row a movement, never changed; what is asked of the card processor; declines."""

from django.db import models

from raincheck.store.models.append_only import append_only
from raincheck.store.models.demand import SalesOrder
from raincheck.store.models.shipment import Shipment


class OrderPayment(models.Model):
    """What an order is charged besides its goods, and the card that pays for it.

    Only such orders have a row, and those whose prices are no whole coins: it is the lock of what is rounded over them.
    `shipping_fee` is charged with the first capture and given back once nothing of the order is kept; `tax` is what is
    owed on goods of `taxed_value` and follows them in proportion. `card` is the processor's token of the card that
    pays (never its number); empty: the shop charges elsewhere. Another card that is given later takes its place.
    """

    order = models.OneToOneField(SalesOrder, on_delete=models.CASCADE, primary_key=True, related_name="paid_by")
    shipping_fee = models.DecimalField(max_digits=18, decimal_places=4, db_default=0, default=0)
    tax = models.DecimalField(max_digits=18, decimal_places=4, db_default=0, default=0)
    taxed_value = models.DecimalField(max_digits=18, decimal_places=4, db_default=0, default=0)
    card = models.CharField(max_length=200, db_default="", default="")

    class Meta:
        db_table = "order_payment"
        constraints = [
            models.CheckConstraint(
                condition=models.Q(shipping_fee__gte=0, tax__gte=0, taxed_value__gte=0),
                name="order_payment_not_negative",
            )
        ]


class CardRequest(models.Model):
    """What the card processor is asked to do, written in the transaction that wants the money to move.

    It is sent under `key`, again and again under the same one, until the processor has answered: so it is neither lost
    nor done twice. Of one order requests go in the order of their ids. An authorisation that was approved holds
    `amount` until `expires_at`; `ended_at`: it expired, was given back, or had its final capture. Whatever our own days
    are, the bank has let it go by `let_go_by` (none: not known). A capture or void names the authorisation that it
    draws on (a capture without one charges the card at once), a refund the capture that it gives back. With a capture
    all that is drawn on its authorisation may have come to its amount and `allowed_above`, as settings were then.
    `lapsed` requests were overtaken (the capture they were to give back was declined) and never sent. `reference` is
    the processor's own name for what it did, `fee` what it took for it.
    """

    key = models.CharField(max_length=64, unique=True)
    order = models.ForeignKey(SalesOrder, on_delete=models.PROTECT, related_name="card_requests")
    shipment = models.ForeignKey(Shipment, on_delete=models.PROTECT, null=True, db_index=False)
    kind = models.CharField(max_length=9)
    amount = models.DecimalField(max_digits=18, decimal_places=4)
    currency = models.CharField(max_length=3)
    card = models.CharField(max_length=200)
    use = models.CharField(max_length=8, db_default="", default="")
    authorisation = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="draws", db_index=False)
    charge = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="refunds", db_index=False)
    is_final = models.BooleanField(default=False)
    state = models.CharField(max_length=8)
    attempts = models.IntegerField(db_default=0, default=0)
    created_at = models.DateTimeField()
    next_try_at = models.DateTimeField(null=True)
    answered_at = models.DateTimeField(null=True)
    reference = models.CharField(max_length=200, db_default="", default="")
    scheme = models.CharField(max_length=20, db_default="", default="")
    reason = models.CharField(max_length=300, db_default="", default="")
    fee = models.DecimalField(max_digits=18, decimal_places=4, null=True)
    expires_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    let_go_by = models.DateTimeField(null=True)
    allowed_above = models.DecimalField(max_digits=18, decimal_places=4, db_default=0, default=0)

    class Meta:
        db_table = "card_request"
        constraints = [
            models.CheckConstraint(condition=models.Q(amount__gt=0), name="card_request_amount_positive"),
            models.CheckConstraint(
                condition=models.Q(kind__in=["authorise", "capture", "void", "refund"]), name="card_request_kind_known"
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=["pending", "approved", "declined", "lapsed"]),
                name="card_request_state_known",
            ),
            models.CheckConstraint(
                condition=models.Q(state="pending", next_try_at__isnull=False)
                | models.Q(~models.Q(state="pending"), next_try_at__isnull=True),
                name="card_request_pending_is_tried",
            ),
        ]
        indexes = [
            models.Index(fields=["next_try_at"], condition=models.Q(state="pending"), name="card_request_pending"),
            models.Index(fields=["reference"], condition=~models.Q(reference=""), name="card_request_reference"),
        ]


class Payment(models.Model):
    """A movement of money for one order, entered once it has happened. `request` is the card request that made it."""

    order = models.ForeignKey(SalesOrder, on_delete=models.PROTECT, related_name="payments")
    shipment = models.ForeignKey(Shipment, on_delete=models.PROTECT, null=True)
    request = models.OneToOneField(CardRequest, on_delete=models.PROTECT, null=True, related_name="payment")
    kind = models.CharField(max_length=9)
    amount = models.DecimalField(max_digits=18, decimal_places=4)
    currency = models.CharField(max_length=3)
    at = models.DateTimeField()

    class Meta:
        db_table = "payment"
        constraints = [
            models.CheckConstraint(condition=models.Q(amount__gt=0), name="payment_amount_positive"),
            models.CheckConstraint(
                condition=models.Q(kind__in=["authorise", "capture", "void", "refund"]), name="payment_kind_known"
            ),
        ]
        # "The 40 dollars on my card": by amount, then by time.
        indexes = [models.Index(fields=["amount", "at"], name="payment_by_amount")]
        triggers = append_only("payment")


class PaymentDecline(models.Model):
    """An order of which a charge was declined or the next one will be.

    `declines_left` further charges are going to be declined; `next_try_at` is when the declined one is tried again.
    `amount_due` was declined and is owed, besides what its parcels will cost: units that were added to an order charged
    at placing, or a parcel that is gone.
    """

    order = models.OneToOneField(SalesOrder, on_delete=models.CASCADE, primary_key=True)
    declines_left = models.IntegerField(default=0)
    amount_due = models.DecimalField(max_digits=18, decimal_places=4, default=0)
    next_try_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "payment_decline"
        constraints = [
            models.CheckConstraint(
                condition=models.Q(declines_left__gte=0, amount_due__gte=0), name="payment_decline_not_negative"
            )
        ]
