from django.db import migrations, models

ALLOWED_SO_FAR = """
UPDATE card_request d SET allowed_above = trunc(a.amount * v.variance, 4)
FROM card_request a, (SELECT (settings->>'capture_variance')::numeric AS variance FROM company WHERE id = 1) v
WHERE a.id = d.authorisation_id AND d.kind = 'capture' AND v.variance > 0"""


class Migration(migrations.Migration):
    dependencies = [
        ("store", "0008_agreed_days"),
    ]

    operations = [
        migrations.AddField(
            model_name="cardrequest",
            name="let_go_by",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="cardrequest",
            name="allowed_above",
            field=models.DecimalField(db_default=0, decimal_places=4, default=0, max_digits=18),
        ),
        migrations.RunSQL(ALLOWED_SO_FAR, migrations.RunSQL.noop),
        migrations.AddField(
            model_name="reconciliation",
            name="left_aside",
            field=models.JSONField(db_default={}, default=dict),
        ),
    ]
