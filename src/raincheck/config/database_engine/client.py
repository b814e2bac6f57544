"""`raincheck dbshell`: a shell on the database, also on the embedded one."""

from collections.abc import Iterable
from typing import Any

from django.db.backends.postgresql import client

from raincheck.config.embedded.binaries import binaries_for


class DatabaseClient(client.DatabaseClient):
    """psql from PATH; for the embedded server the one that came with it."""

    @classmethod
    def settings_to_cmd_args_env(
        cls, settings_dict: dict[str, Any], parameters: Iterable[str]
    ) -> tuple[list[str], dict[str, str] | None]:
        """The command line and the environment of psql."""
        arguments, environment = super().settings_to_cmd_args_env(settings_dict, parameters)
        if settings_dict.get("EMBEDDED"):
            arguments[0] = binaries_for(None).program("psql")
        return arguments, environment

    def runshell(self, parameters: Iterable[str]) -> None:
        """Run psql until it ends, with the server held for as long."""
        self.connection.ensure_connection()
        super().runshell(parameters)
