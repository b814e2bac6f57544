"""The Lab's rehearsals."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("store", "0007_law")]

    operations = [
        migrations.CreateModel(
            name="LabRun",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.CharField(max_length=8)),
                ("title", models.CharField(max_length=200)),
                ("drill", models.TextField(blank=True, default="")),
                ("variants", models.TextField(blank=True, default="")),
                ("from_live", models.BooleanField(default=False)),
                ("sku", models.CharField(blank=True, default="", max_length=100)),
                ("asked_at", models.DateTimeField()),
                ("asked_by", models.CharField(blank=True, default="", max_length=150)),
                ("state", models.CharField(default="queued", max_length=8)),
                ("attempts", models.SmallIntegerField(default=0)),
                ("steps_done", models.IntegerField(default=0)),
                ("steps", models.IntegerField(default=0)),
                ("seen_at", models.DateTimeField(null=True)),
                ("ended_at", models.DateTimeField(null=True)),
                ("error", models.TextField(blank=True, default="")),
                ("result", models.JSONField(null=True)),
            ],
            options={
                "db_table": "lab_run",
                "indexes": [
                    models.Index(
                        condition=models.Q(("state__in", ("queued", "running"))),
                        fields=["id"],
                        name="lab_run_under_way",
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ("compare", "optimum"))), name="lab_run_kind_known"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ("queued", "running", "done", "failed"))),
                        name="lab_run_state_known",
                    ),
                ],
            },
        ),
    ]
