from django.db import migrations, models


class Migration(migrations.Migration):
    """What a parcel from a site costs."""

    dependencies = [("store", "0009_page_acts")]

    operations = [
        migrations.AddField(
            model_name="site",
            name="parcel_cost",
            field=models.DecimalField(db_default=0, decimal_places=4, default=0, max_digits=12),
        ),
        migrations.AddField(
            model_name="site",
            name="parcel_cost_abroad",
            field=models.DecimalField(db_default=0, decimal_places=4, default=0, max_digits=12),
        ),
        migrations.AddConstraint(
            model_name="site",
            constraint=models.CheckConstraint(
                condition=models.Q(parcel_cost__gte=0, parcel_cost_abroad__gte=0), name="site_costs_not_negative"
            ),
        ),
    ]
