import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("store", "0008_service_desk")]

    operations = [
        migrations.CreateModel(
            name="PageAct",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("once", models.CharField(max_length=64)),
                ("verb", models.CharField(max_length=24)),
                ("at", models.DateTimeField()),
                (
                    "order",
                    models.ForeignKey(
                        db_index=False, on_delete=django.db.models.deletion.CASCADE, to="store.salesorder"
                    ),
                ),
            ],
            options={"db_table": "page_act"},
        ),
        migrations.CreateModel(
            name="ReplacedAddress",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField()),
                ("ship_to_name", models.CharField(blank=True, default="", max_length=200)),
                ("street", models.CharField(blank=True, default="", max_length=200)),
                ("street_2", models.CharField(blank=True, default="", max_length=200)),
                ("city", models.CharField(blank=True, default="", max_length=100)),
                ("region", models.CharField(blank=True, default="", max_length=100)),
                ("postcode", models.CharField(blank=True, default="", max_length=20)),
                ("country", models.CharField(blank=True, default="", max_length=2)),
                (
                    "fact",
                    models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, to="store.fact"),
                ),
                (
                    "order",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="replaced_addresses",
                        to="store.salesorder",
                    ),
                ),
            ],
            options={"db_table": "replaced_address"},
        ),
        migrations.AddConstraint(
            model_name="pageact",
            constraint=models.UniqueConstraint(fields=("order", "once"), name="page_act_once"),
        ),
    ]
