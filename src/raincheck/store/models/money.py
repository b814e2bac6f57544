"""What was charged and given back. One row a movement, never changed."""

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
