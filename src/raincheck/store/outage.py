"""What it looks like when the database is away: raised by Django where it connects, by psycopg where we query."""

from typing import Final

import psycopg
from django.db import InterfaceError, OperationalError

# Deadlocks and timeouts are OperationalErrors too: trying again is right for all of them.
DATABASE_AWAY: Final = (InterfaceError, OperationalError, psycopg.InterfaceError, psycopg.OperationalError)
