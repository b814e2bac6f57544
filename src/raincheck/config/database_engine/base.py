"""The engine named in `DATABASES`. All but the address of the server is Django's own."""

from typing import Any

from django.db.backends.postgresql import base


class DatabaseWrapper(base.DatabaseWrapper):
    """A connection to the server in `DATABASES`; to the embedded one where they say EMBEDDED."""

    def get_connection_params(self) -> dict[str, Any]:
        """psycopg's arguments. Starts the embedded server if it is not running, also after it was killed."""
        settings = self.settings_dict
        if settings.get("EMBEDDED"):
            from raincheck.config.embedded import ensure_running

            server = ensure_running()
            settings.update(HOST=str(server.socket_folder), USER=server.user, PASSWORD=server.password)
        parameters: dict[str, Any] = super().get_connection_params()
        return parameters
