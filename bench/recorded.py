"""The statements that a call runs, round trip by round trip, recorded where psycopg sends them."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from unittest.mock import patch

import psycopg


@dataclass(frozen=True, slots=True)
class Statement:
    """A statement with its parameters, as they were handed to psycopg."""

    sql: str
    params: Any = None


@dataclass(slots=True)
class Recording:
    """Statements by round trip: those of one list travelled together."""

    round_trips: list[list[Statement]] = field(default_factory=list)
    _open: list[Statement] = field(default_factory=list)

    def note(self, statement: Statement, *, travels_alone: bool) -> None:
        """Notes a statement; in a pipeline it travels with those that follow."""
        self._open.append(statement)
        if travels_alone:
            self.arrive()

    def arrive(self) -> None:
        """An answer was waited for: what was noted so far has travelled."""
        if self._open:
            self.round_trips.append(self._open)
            self._open = []


@contextmanager
def recording() -> Iterator[Recording]:
    """Records every statement of this process inside the block, transactions' begin and end included."""
    taken = Recording()
    execute, command = psycopg.Cursor.execute, psycopg.Connection._exec_command
    fetch, leave = psycopg.Cursor.fetchone, psycopg.Pipeline.__exit__

    def noted_execute(self: Any, query: Any, params: Any = None, **options: Any) -> Any:
        text = query.decode() if isinstance(query, bytes) else str(query)
        result = execute(self, query, params, **options)
        taken.note(Statement(text, params), travels_alone=self.connection._pipeline is None)
        return result

    def noted_command(self: Any, text: Any, *args: Any, **options: Any) -> Any:
        taken.note(Statement(text.decode() if isinstance(text, bytes) else str(text)), travels_alone=not self._pipeline)
        return command(self, text, *args, **options)

    def noted_fetch(self: Any) -> Any:
        taken.arrive()
        return fetch(self)

    def noted_leave(self: Any, *args: Any) -> Any:
        taken.arrive()
        return leave(self, *args)

    with (
        patch.object(psycopg.Cursor, "execute", noted_execute),
        patch.object(psycopg.Connection, "_exec_command", noted_command),
        patch.object(psycopg.Cursor, "fetchone", noted_fetch),
        patch.object(psycopg.Pipeline, "__exit__", noted_leave),
    ):
        yield taken
    taken.arrive()
