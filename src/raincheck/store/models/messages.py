"""The company's own words of messages, in versions."""

from django.db import models


class MessageTemplate(models.Model):
    """Words of an event in a language. The one without an end is in force; where none is, the shipped words are.

    `parts` {part: source} as notices.wording names them. Versions count from 1 within an event and language; ended
    ones stay on record, for messages that name them.
    """

    event = models.CharField(max_length=40)
    language = models.CharField(max_length=8)
    version = models.IntegerField()
    parts = models.JSONField()
    made_at = models.DateTimeField()
    made_by = models.CharField(max_length=150)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "message_template"
        constraints = [
            models.UniqueConstraint(fields=["event", "language", "version"], name="message_template_version_once"),
            models.UniqueConstraint(
                fields=["event", "language"],
                condition=models.Q(ended_at__isnull=True),
                name="message_template_in_force_once",
            ),
        ]
