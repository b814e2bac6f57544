"""What customers and people of the house say about orders, products and purchases; and who must not be asked."""

from django.db import models

from raincheck.store.models.append_only import append_only
from raincheck.store.models.catalogue import Customer, Product, Supplier
from raincheck.store.models.demand import OrderLine, SalesOrder
from raincheck.store.models.supply import Inbound

FEEDBACK_SOURCES = ("customer", "staff")
FEEDBACK_CAUSES = ("", "late", "damaged", "wrong_item", "missing", "unclear", "other")


class Feedback(models.Model):
    """Something that was said. Rows stay: who changes what they said adds a row that `replaces` the one before.

    `score` answers "Did everything arrive as promised?": 1 is not at all, 5 is all of it. `supplier` is who delivered
    the goods that it is about, as far as receipts tell, else the product's. `actor` wrote it down; empty: the customer.
    """

    at = models.DateTimeField()
    source = models.CharField(max_length=8)
    order = models.ForeignKey(SalesOrder, on_delete=models.CASCADE, null=True, related_name="feedback")
    line = models.ForeignKey(OrderLine, on_delete=models.CASCADE, null=True, db_index=False)
    product = models.ForeignKey(Product, on_delete=models.CASCADE, null=True)
    supplier = models.ForeignKey(Supplier, on_delete=models.SET_NULL, null=True, db_index=False)
    purchase = models.ForeignKey(Inbound, on_delete=models.CASCADE, null=True, db_index=False)
    score = models.SmallIntegerField(null=True)
    cause = models.CharField(max_length=12, blank=True, default="", db_default="")
    text = models.TextField(blank=True, default="", db_default="")
    language = models.CharField(max_length=8, blank=True, default="", db_default="")
    actor = models.CharField(max_length=150, blank=True, default="", db_default="")
    replaces = models.OneToOneField("self", on_delete=models.PROTECT, null=True, related_name="replaced_by")

    class Meta:
        db_table = "feedback"
        constraints = [
            models.CheckConstraint(condition=models.Q(source__in=FEEDBACK_SOURCES), name="feedback_source_known"),
            models.CheckConstraint(condition=models.Q(cause__in=FEEDBACK_CAUSES), name="feedback_cause_known"),
            models.CheckConstraint(
                condition=models.Q(score__isnull=True) | models.Q(score__range=(1, 5)), name="feedback_score_1_to_5"
            ),
            models.UniqueConstraint(
                fields=["order"],
                condition=models.Q(source="customer", replaces__isnull=True),
                name="feedback_of_customer_once",
            ),
        ]
        indexes = [models.Index(fields=["at"], name="feedback_by_time")]
        triggers = append_only("feedback")


class FeedbackOptOut(models.Model):
    """A customer who does not want to be asked how it went."""

    customer = models.OneToOneField(Customer, on_delete=models.CASCADE, primary_key=True)
    at = models.DateTimeField()

    class Meta:
        db_table = "feedback_opt_out"
