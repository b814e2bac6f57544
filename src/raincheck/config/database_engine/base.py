"""The engine named in `DATABASES`. All but the address of the server is Django's own."""

from typing import Any

import psycopg
from django.db.backends.postgresql import base


class DatabaseWrapper(base.DatabaseWrapper):
    """A connection to the server in `DATABASES`; to the embedded one where they say EMBEDDED."""

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

    def _find_server(self, *, after_failure: bool) -> None:
        from raincheck.config.embedded import ensure_running

        server = ensure_running(after_failure=after_failure)
        self.settings_dict.update(HOST=str(server.socket_folder), USER=server.user, PASSWORD=server.password)
