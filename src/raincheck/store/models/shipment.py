"""What leaves: parcels and their lines."""

from django.db import models
from django.db.models.functions import Lower

from raincheck.store.models.catalogue import Product, Site
from raincheck.store.models.demand import OrderLine, SalesOrder
from raincheck.store.models.stock import StockLevel

SHIPMENT_STATES = ("released", "picked", "packed", "shipped", "delivered", "cancelled")


class Shipment(models.Model):
    """A parcel. Shipped means that the carrier has it; a label is not a shipment.

    `released`: waits out its handling days in an automatic warehouse until `ships_at`. A parcel may carry several
    orders of one customer: its lines say which; `order` is the first of them in rank. `released_by` is the fact that
    released it to the carrier: parcels of one fact count once for `up_to: N`. `carrier` and `tracking_number` are empty
    where nobody said who has it, or under which number.
    """

    site = models.ForeignKey(Site, on_delete=models.PROTECT)
    order = models.ForeignKey(SalesOrder, on_delete=models.CASCADE, related_name="shipments")
    state = models.CharField(max_length=9)
    released_by = models.ForeignKey("store.Fact", on_delete=models.PROTECT, null=True, db_index=False)
    created_at = models.DateTimeField()
    ships_at = models.DateTimeField(null=True)
    shipped_at = models.DateTimeField(null=True)
    delivers_at = models.DateTimeField(null=True)
    delivered_at = models.DateTimeField(null=True)
    carrier = models.CharField(max_length=40, blank=True, default="", db_default="")
    tracking_number = models.CharField(max_length=40, blank=True, default="", db_default="")

    class Meta:
        db_table = "shipment"
        constraints = [
            models.CheckConstraint(condition=models.Q(state__in=SHIPMENT_STATES), name="shipment_state_known")
        ]
        indexes = [
            models.Index(fields=["shipped_at"], name="shipment_by_time"),
            models.Index(
                fields=["tracking_number"], condition=~models.Q(tracking_number=""), name="shipment_by_tracking"
            ),
        ]


class Carrier(models.Model):
    """A carrier of the company's own, or in place of a ready one (`core.tracking`) of that name.

    `link` is the address of its page for a number, `{number}` in its place; empty: it has no such page.
    """

    name = models.CharField(max_length=40)
    link = models.CharField(max_length=500, blank=True, default="")

    class Meta:
        db_table = "carrier"
        constraints = [models.UniqueConstraint(Lower("name"), name="carrier_once")]


class ShipmentLine(models.Model):
    """Units of one order line in a parcel, from one stock level.

    `kits` is null but for the parts of kits: so many kits are counted with this part. A kit counts once, with the part
    whose claim is counted, wherever its other parts lie.
    """

    shipment = models.ForeignKey(Shipment, on_delete=models.CASCADE, related_name="lines")
    line = models.ForeignKey(OrderLine, on_delete=models.CASCADE, related_name="shipment_lines")
    product = models.ForeignKey(Product, on_delete=models.PROTECT, db_index=False)
    stock_level = models.ForeignKey(StockLevel, on_delete=models.PROTECT, db_index=False)
    units = models.BigIntegerField()
    kits = models.BigIntegerField(null=True)

    class Meta:
        db_table = "shipment_line"
        constraints = [models.CheckConstraint(condition=models.Q(units__gte=0), name="shipment_line_not_negative")]
