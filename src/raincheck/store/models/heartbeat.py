"""That workers are alive: who reads it sees whether timers run and messages leave."""

from django.db import models


class Heartbeat(models.Model):
    """One worker process, by host and process id. It says every few seconds that it is there, and what it has done."""

    worker = models.CharField(max_length=120, unique=True)
    started_at = models.DateTimeField()
    seen_at = models.DateTimeField()
    timers_run = models.BigIntegerField(default=0)
    notices_carried = models.BigIntegerField(default=0)

    class Meta:
        db_table = "heartbeat"
