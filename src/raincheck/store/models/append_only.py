"""Tables that only grow: PostgreSQL itself refuses to change, delete or empty what they hold."""

import pgtrigger


def append_only(table: str) -> list[pgtrigger.Trigger]:
    """The triggers that let rows of `table` be inserted and nothing else."""
    return [
        pgtrigger.Protect(name=f"{table}_append_only", operation=pgtrigger.Update | pgtrigger.Delete),
        # TRUNCATE touches no single row, so it takes a trigger of the whole statement.
        pgtrigger.Trigger(
            name=f"{table}_never_emptied",
            level=pgtrigger.Statement,
            when=pgtrigger.Before,
            operation=pgtrigger.Truncate,
            func=f"RAISE EXCEPTION 'pgtrigger: Cannot truncate {table} table';",
        ),
    ]
