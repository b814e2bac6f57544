"""What the people of the house write down about a customer or an order."""

from django.db import models

from raincheck.store.models.append_only import append_only
from raincheck.store.models.catalogue import Customer
from raincheck.store.models.demand import SalesOrder


class Note(models.Model):
    """Words for colleagues, never shown to the customer; never changed, never deleted.

    About an order, or about a customer whatever they order. `actor` wrote it.
    """

    at = models.DateTimeField()
    order = models.ForeignKey(SalesOrder, on_delete=models.CASCADE, null=True, related_name="notes")
    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, null=True, related_name="notes")
    actor = models.CharField(max_length=150, blank=True, default="")
    text = models.CharField(max_length=2000)

    class Meta:
        db_table = "note"
        constraints = [
            models.CheckConstraint(
                condition=models.Q(order__isnull=False, customer__isnull=True)
                | models.Q(order__isnull=True, customer__isnull=False),
                name="note_of_one",
            )
        ]
        triggers = append_only("note")
