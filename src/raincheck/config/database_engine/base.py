"""The engine named in `DATABASES`. All but the address of the server and the health check is Django's own."""

import select
from typing import Any

import psycopg
from django.db import OperationalError
from django.db.backends.postgresql import base

from raincheck.config.database_engine.client import DatabaseClient


class DatabaseWrapper(base.DatabaseWrapper):
    """A connection to the server in `DATABASES`; to the embedded one where they say EMBEDDED."""

    client_class = DatabaseClient

    def get_connection_params(self) -> dict[str, Any]:
        """psycopg's arguments. Starts the embedded server if it is not running."""
        if self.settings_dict.get("EMBEDDED"):
            self._find_server(after_failure=False)
        return super().get_connection_params()

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        """A session. After the embedded server was killed: on the next one, once that has recovered."""
        try:
            return super().get_new_connection(conn_params)
        except psycopg.OperationalError:
            if not self.settings_dict.get("EMBEDDED"):
                raise
            self._find_server(after_failure=True)
            return super().get_new_connection(conn_params)

    def is_usable(self) -> bool:
        """Whether a connection kept from an earlier request still stands: Django asks at the start of each.

        Asks the kernel first, which saves each request a round trip: a server that ended or threw the session out has
        closed the socket, and then there is something to read. What that misses fails as a query.
        """
        if self.connection is None or self.connection.closed:
            return False
        poll = select.poll()
        poll.register(self.connection.fileno(), select.POLLIN)
        return not poll.poll(0) or super().is_usable()

    def _find_server(self, *, after_failure: bool) -> None:
        from raincheck.config.embedded import EmbeddedDatabaseError, ensure_running

        try:
            server = ensure_running(after_failure=after_failure)
        except EmbeddedDatabaseError as error:
            raise OperationalError(str(error)) from error
        self.settings_dict.update(HOST=str(server.socket_folder), USER=server.user, PASSWORD=server.password)
