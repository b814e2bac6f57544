"""A score may be as large as the largest order's value times the largest weight."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("store", "0005_place_by")]

    operations = [
        migrations.AlterField(
            model_name="claim",
            name="minus_score",
            field=models.DecimalField(decimal_places=6, default=0, max_digits=40),
        ),
    ]
