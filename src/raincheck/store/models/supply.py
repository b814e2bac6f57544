"""What is on its way: purchase orders and transfers, and their lines."""

from django.db import models

from raincheck.store.models.catalogue import Product, Site, Supplier

PURCHASE_STATES = ("draft", "sent", "confirmed", "part_received", "received", "closed_short", "cancelled")


class Inbound(models.Model):
    """A purchase order (`kind` purchase) or a transfer between two sites (`kind` transfer)."""

    kind = models.CharField(max_length=8)
    ref = models.CharField(max_length=100)
    supplier = models.ForeignKey(Supplier, on_delete=models.PROTECT, null=True)
    from_site = models.ForeignKey(Site, on_delete=models.PROTECT, null=True, related_name="transfers_out")
    site = models.ForeignKey(Site, on_delete=models.PROTECT)
    state = models.CharField(max_length=13)
    ordered_on = models.DateField(null=True)
    created_at = models.DateTimeField()

    class Meta:
        db_table = "inbound"
        constraints = [
            models.UniqueConstraint(fields=["kind", "ref"], name="inbound_ref_once"),
            models.CheckConstraint(condition=models.Q(kind__in=["purchase", "transfer"]), name="inbound_kind_known"),
            models.CheckConstraint(condition=models.Q(state__in=PURCHASE_STATES), name="inbound_state_known"),
        ]


class InboundLine(models.Model):
    """Units of one product on an inbound.

    `owed` is what is confirmed and still to come (0 unless the inbound is live); `pegged` is what claims hold of it.
    `due_on` is the supplier's date, `dated_on` the day that was made of it (later by the supplier's lateness where the
    company promises with a confidence): past it, the line is overdue. `expected_on` is today's estimate, None once
    overdue without a record. `lateness_days` was fixed when the date was set, and `confidence` with it: how often a
    date made so is kept, None where the date is the supplier's own or the supplier has no record.
    """

    inbound = models.ForeignKey(Inbound, on_delete=models.CASCADE, related_name="lines")
    product = models.ForeignKey(Product, on_delete=models.PROTECT)
    site = models.ForeignKey(Site, on_delete=models.PROTECT)
    ordered = models.BigIntegerField()
    confirmed = models.BigIntegerField(default=0)
    received = models.BigIntegerField(default=0)
    damaged = models.BigIntegerField(default=0)
    owed = models.BigIntegerField(default=0)
    pegged = models.BigIntegerField(default=0)
    unit_cost = models.DecimalField(max_digits=18, decimal_places=4, null=True)
    due_on = models.DateField(null=True)
    dated_on = models.DateField(null=True)
    expected_on = models.DateField(null=True)
    lateness_days = models.IntegerField(null=True)
    confidence = models.DecimalField(max_digits=4, decimal_places=3, null=True)

    class Meta:
        db_table = "inbound_line"
        constraints = [
            models.UniqueConstraint(fields=["inbound", "product"], name="inbound_line_once"),
            models.CheckConstraint(
                condition=models.Q(pegged__gte=0, pegged__lte=models.F("owed")), name="inbound_never_overpegged"
            ),
            models.CheckConstraint(
                condition=models.Q(ordered__gte=0, confirmed__gte=0, received__gte=0, damaged__gte=0),
                name="inbound_line_not_negative",
            ),
        ]
        indexes = [models.Index(fields=["product"], condition=models.Q(owed__gt=0), name="inbound_line_owed")]
