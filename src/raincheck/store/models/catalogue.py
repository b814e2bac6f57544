"""What is sold, where it lies, who supplies it, who buys it."""

from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models import F, Func, Value
from django.db.models.functions import Lower, Reverse


class Supplier(models.Model):
    """Who delivers. `lead_time_days` are calendar days from order to arrival."""

    code = models.CharField(max_length=100, unique=True)
    name = models.CharField(max_length=200, blank=True, default="")
    country = models.CharField(max_length=2, blank=True, default="")
    email = models.CharField(max_length=254, blank=True, default="")
    lead_time_days = models.IntegerField(null=True)
    min_order_value = models.DecimalField(max_digits=18, decimal_places=4, null=True)

    class Meta:
        db_table = "supplier"
        constraints = [
            models.CheckConstraint(
                condition=models.Q(lead_time_days__isnull=True) | models.Q(lead_time_days__gte=0),
                name="supplier_lead_time_not_negative",
            ),
        ]


class SupplierLateness(models.Model):
    """One delivery's lateness in calendar days (early is negative): the record behind dates with a confidence."""

    supplier = models.ForeignKey(Supplier, on_delete=models.CASCADE)
    lateness_days = models.IntegerField()
    recorded_on = models.DateField()
    inbound_line = models.ForeignKey("store.InboundLine", on_delete=models.SET_NULL, null=True)

    class Meta:
        db_table = "supplier_lateness"


class Product(models.Model):
    """A product. Its row is the lock of its book: whoever changes its supply or claims holds it (store.locks)."""

    sku = models.CharField(max_length=100, unique=True)
    name = models.CharField(max_length=300, blank=True, default="")
    price = models.DecimalField(max_digits=18, decimal_places=4, null=True)
    currency = models.CharField(max_length=3, blank=True, default="")
    supplier = models.ForeignKey(Supplier, on_delete=models.PROTECT, null=True)
    cost = models.DecimalField(max_digits=18, decimal_places=4, null=True)
    moq = models.IntegerField(null=True)
    pack = models.IntegerField(null=True)
    available_from = models.DateField(null=True)
    category = models.CharField(max_length=100, blank=True, default="")
    style = models.CharField(max_length=100, blank=True, default="")
    size = models.CharField(max_length=100, blank=True, default="")
    colour = models.CharField(max_length=100, blank=True, default="")
    gtin = models.CharField(max_length=14, blank=True, default="")
    backorder = models.CharField(max_length=5, blank=True, default="")
    backorder_limit = models.IntegerField(null=True)
    criticality = models.CharField(max_length=1, blank=True, default="")
    weight_g = models.IntegerField(null=True)
    alternative_supplier = models.ForeignKey(
        Supplier, on_delete=models.PROTECT, null=True, related_name="alternative_products"
    )
    alternative_cost = models.DecimalField(max_digits=18, decimal_places=4, null=True)

    class Meta:
        db_table = "product"
        constraints = [
            models.CheckConstraint(
                condition=models.Q(backorder__in=["", "allow", "deny"]), name="product_backorder_known"
            ),
            models.CheckConstraint(
                condition=models.Q(criticality__in=["", "A", "B", "C"]), name="product_criticality_known"
            ),
        ]
        indexes = [
            models.Index(fields=["style"], condition=~models.Q(style=""), name="product_by_style"),
            GinIndex(
                OpClass(Lower("sku"), name="gin_trgm_ops"),
                OpClass(Lower("name"), name="gin_trgm_ops"),
                name="product_by_letters",
            ),
        ]


class KitPart(models.Model):
    """A kit holds so many units of a part."""

    kit = models.ForeignKey(Product, on_delete=models.CASCADE, related_name="parts")
    part = models.ForeignKey(Product, on_delete=models.PROTECT, related_name="part_of")
    units = models.IntegerField()

    class Meta:
        db_table = "kit_part"
        constraints = [
            models.UniqueConstraint(fields=["kit", "part"], name="kit_part_once"),
            models.CheckConstraint(condition=models.Q(units__gt=0), name="kit_part_units_positive"),
        ]


class Site(models.Model):
    """A place where stock lies. Empty zone or working days: the company's. A parcel from it costs `parcel_cost`."""

    code = models.CharField(max_length=100, unique=True)
    name = models.CharField(max_length=200, blank=True, default="")
    country = models.CharField(max_length=2, blank=True, default="")
    postcode = models.CharField(max_length=20, blank=True, default="")
    latitude = models.FloatField(null=True)
    longitude = models.FloatField(null=True)
    timezone = models.CharField(max_length=64, blank=True, default="")
    cutoff = models.TimeField(null=True)
    working_days = models.CharField(max_length=40, blank=True, default="")
    parcel_cost = models.DecimalField(max_digits=12, decimal_places=4, db_default=0, default=0)
    parcel_cost_abroad = models.DecimalField(max_digits=12, decimal_places=4, db_default=0, default=0)

    class Meta:
        db_table = "site"
        constraints = [
            models.CheckConstraint(
                condition=models.Q(parcel_cost__gte=0, parcel_cost_abroad__gte=0), name="site_costs_not_negative"
            )
        ]


class Customer(models.Model):
    """Who buys. Without an e-mail address messages are kept but not sent."""

    code = models.CharField(max_length=100, unique=True)
    name = models.CharField(max_length=200, blank=True, default="")
    email = models.CharField(max_length=254, blank=True, default="")
    phone = models.CharField(max_length=40, blank=True, default="")
    tier = models.CharField(max_length=8, blank=True, default="")
    country = models.CharField(max_length=2, blank=True, default="")
    postcode = models.CharField(max_length=20, blank=True, default="")

    class Meta:
        db_table = "customer"
        constraints = [
            models.CheckConstraint(
                condition=models.Q(tier__in=["", "standard", "silver", "gold"]), name="customer_tier_known"
            ),
        ]
        indexes = [
            # By any part of code, name or address, and by names that are like what was typed.
            GinIndex(
                OpClass(Lower("code"), name="gin_trgm_ops"),
                OpClass(Lower("name"), name="gin_trgm_ops"),
                OpClass(Lower("email"), name="gin_trgm_ops"),
                name="customer_by_letters",
            ),
            # By how the digits of the number end, whatever is written before and between them.
            models.Index(
                OpClass(
                    Reverse(Func(F("phone"), Value("[^0-9]"), Value(""), Value("g"), function="regexp_replace")),
                    name="text_pattern_ops",
                ),
                condition=~models.Q(phone=""),
                name="customer_by_phone",
            ),
            models.Index(fields=["postcode"], condition=~models.Q(postcode=""), name="customer_by_postcode"),
        ]
