"""The cache in which several processes count sign-in attempts together. Unlogged: it may be empty after a crash."""

from django.db import migrations


class Migration(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        migrations.RunSQL(
            sql=[
                """CREATE UNLOGGED TABLE "web_cache" (
                       "cache_key" varchar(255) NOT NULL PRIMARY KEY,
                       "value" text NOT NULL,
                       "expires" timestamp with time zone NOT NULL
                   )""",
                'CREATE INDEX "web_cache_expires" ON "web_cache" ("expires")',
            ],
            reverse_sql='DROP TABLE "web_cache"',
        )
    ]
