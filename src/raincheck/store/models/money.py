"""What was charged and given back, one row a movement, never changed; and orders whose charges are declined."""

from django.db import models

from raincheck.store.models.append_only import append_only
from raincheck.store.models.demand import SalesOrder
from raincheck.store.models.shipment import Shipment


class Payment(models.Model):
    """A movement of money for one order: capture or refund (authorise and void come with card gateways)."""

    order = models.ForeignKey(SalesOrder, on_delete=models.PROTECT, related_name="payments")
    shipment = models.ForeignKey(Shipment, on_delete=models.PROTECT, null=True)
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
        triggers = append_only("payment")


class PaymentDecline(models.Model):
    """An order of which a charge was declined or the next one will be.

    `declines_left` further charges are going to be declined; `next_try_at` is when the declined one is tried again.
    `amount_due` is owed besides what its parcels will cost: units that were added to an order charged at placing.
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
