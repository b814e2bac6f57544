"""The Lab's rehearsals: what somebody asked for, how far it is, and what came of it."""

from django.db import models

LAB_KINDS = ("compare", "optimum")
LAB_STATES = ("queued", "running", "done", "failed")


class LabRun(models.Model):
    """One question to the Lab. A comparison carries a drill and its variants as text, an optimum a product's SKU.

    The worker that runs it says how far it is (`steps_done` of `steps`) and that it is alive (`seen_at`).
    """

    kind = models.CharField(max_length=8)
    title = models.CharField(max_length=200)
    drill = models.TextField(blank=True, default="")
    variants = models.TextField(blank=True, default="")
    from_live = models.BooleanField(default=False)
    sku = models.CharField(max_length=100, blank=True, default="")
    asked_at = models.DateTimeField()
    asked_by = models.CharField(max_length=150, blank=True, default="")
    state = models.CharField(max_length=8, default="queued")
    attempts = models.SmallIntegerField(default=0)
    steps_done = models.IntegerField(default=0)
    steps = models.IntegerField(default=0)
    seen_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    error = models.TextField(blank=True, default="")
    result = models.JSONField(null=True)

    class Meta:
        db_table = "lab_run"
        constraints = [
            models.CheckConstraint(condition=models.Q(kind__in=LAB_KINDS), name="lab_run_kind_known"),
            models.CheckConstraint(condition=models.Q(state__in=LAB_STATES), name="lab_run_state_known"),
        ]
        indexes = [
            models.Index(fields=["id"], condition=models.Q(state__in=("queued", "running")), name="lab_run_under_way")
        ]
