from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("store", "0004_feedback_law")]

    operations = [
        migrations.CreateModel(
            name="MessageTemplate",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("event", models.CharField(max_length=40)),
                ("language", models.CharField(max_length=8)),
                ("version", models.IntegerField()),
                ("parts", models.JSONField()),
                ("made_at", models.DateTimeField()),
                ("made_by", models.CharField(max_length=150)),
                ("ended_at", models.DateTimeField(null=True)),
            ],
            options={
                "db_table": "message_template",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("event", "language", "version"), name="message_template_version_once"
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("ended_at__isnull", True)),
                        fields=("event", "language"),
                        name="message_template_in_force_once",
                    ),
                ],
            },
        ),
        migrations.AddField(
            model_name="notice",
            name="language",
            field=models.CharField(blank=True, db_default="", default="", max_length=8),
        ),
        migrations.AddField(
            model_name="notice",
            name="template_version",
            field=models.IntegerField(db_default=0, default=0),
        ),
        migrations.AddField(
            model_name="inboundline",
            name="confidence",
            field=models.DecimalField(decimal_places=3, max_digits=4, null=True),
        ),
    ]
