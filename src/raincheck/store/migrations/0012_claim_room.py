from django.db import migrations


class Migration(migrations.Migration):
    """Room in the pages of claims: a pass changes their rows in place, and its many indexes stay."""

    dependencies = [("store", "0011_processor")]

    operations = [
        migrations.RunSQL("ALTER TABLE claim SET (fillfactor = 50)", "ALTER TABLE claim RESET (fillfactor)"),
    ]
