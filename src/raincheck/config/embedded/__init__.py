"""The embedded PostgreSQL: started by whoever comes first, shared by all, gone when the last one leaves."""

from raincheck.config.embedded.client import EmbeddedDatabaseError, Server, ensure_running

__all__ = ["EmbeddedDatabaseError", "Server", "ensure_running"]
