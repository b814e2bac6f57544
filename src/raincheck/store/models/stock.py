"""Stock: an append-only ledger, and the level that is its sum."""

from django.db import models

from raincheck.store.models.append_only import append_only
from raincheck.store.models.catalogue import Product, Site


class StockLevel(models.Model):
    """Units of one product at one site: the sums of its ledger, and what is reserved of them.

    `on_hand` can be sold and excludes `unsellable`; `reserved` is tied to order lines and not yet with the carrier.
    """

    site = models.ForeignKey(Site, on_delete=models.PROTECT)
    product = models.ForeignKey(Product, on_delete=models.PROTECT, db_index=False)
    on_hand = models.BigIntegerField(default=0)
    reserved = models.BigIntegerField(default=0)
    unsellable = models.BigIntegerField(default=0)

    class Meta:
        db_table = "stock_level"
        constraints = [
            models.UniqueConstraint(fields=["product", "site"], name="stock_level_once"),
            models.CheckConstraint(condition=models.Q(on_hand__gte=0), name="stock_on_hand_not_negative"),
            models.CheckConstraint(condition=models.Q(unsellable__gte=0), name="stock_unsellable_not_negative"),
            models.CheckConstraint(
                condition=models.Q(reserved__gte=0, reserved__lte=models.F("on_hand")),
                name="stock_never_oversold",
            ),
        ]


class StockEntry(models.Model):
    """One movement of stock. Never changed, never deleted: a mistake is corrected with a new entry."""

    at = models.DateTimeField()
    stock_level = models.ForeignKey(StockLevel, on_delete=models.PROTECT)
    on_hand_units = models.BigIntegerField()
    unsellable_units = models.BigIntegerField(default=0)
    kind = models.CharField(max_length=20)
    reference = models.CharField(max_length=200, blank=True, default="")
    fact = models.ForeignKey("store.Fact", on_delete=models.PROTECT, null=True, db_index=False)

    class Meta:
        db_table = "stock_entry"
        triggers = append_only("stock_entry")
