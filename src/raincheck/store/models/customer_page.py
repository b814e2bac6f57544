"""What customers do on their own page: each form once, and the addresses that they replaced."""

from django.db import models

from raincheck.store.models.demand import SalesOrder
from raincheck.store.models.happening import Fact


class PageAct(models.Model):
    """A form of a customer's page that was sent: a second click finds it and changes nothing."""

    order = models.ForeignKey(SalesOrder, on_delete=models.CASCADE, db_index=False)
    once = models.CharField(max_length=64)
    verb = models.CharField(max_length=24)
    at = models.DateTimeField()

    class Meta:
        db_table = "page_act"
        constraints = [models.UniqueConstraint(fields=["order", "once"], name="page_act_once")]


class ReplacedAddress(models.Model):
    """Where an order was to go until fact `fact` changed it. Not append-only: personal data must be erasable."""

    order = models.ForeignKey(SalesOrder, on_delete=models.CASCADE, related_name="replaced_addresses")
    fact = models.ForeignKey(Fact, on_delete=models.PROTECT, db_index=False)
    at = models.DateTimeField()
    ship_to_name = models.CharField(max_length=200, blank=True, default="")
    street = models.CharField(max_length=200, blank=True, default="")
    street_2 = models.CharField(max_length=200, blank=True, default="")
    city = models.CharField(max_length=100, blank=True, default="")
    region = models.CharField(max_length=100, blank=True, default="")
    postcode = models.CharField(max_length=20, blank=True, default="")
    country = models.CharField(max_length=2, blank=True, default="")

    class Meta:
        db_table = "replaced_address"
