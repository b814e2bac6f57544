from django.db import migrations, models

AGREED_SO_FAR = """
UPDATE law_clock SET is_agreed = true
WHERE stage IN ('silence_consents', 'consented') OR (stage = 'answer_needed' AND by_on <> due_on + 30)"""


class Migration(migrations.Migration):
    dependencies = [
        ("store", "0007_shipment_by_tracking"),
    ]

    operations = [
        migrations.AddField(
            model_name="lawclock",
            name="is_agreed",
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.RunSQL(AGREED_SO_FAR, migrations.RunSQL.noop),
    ]
