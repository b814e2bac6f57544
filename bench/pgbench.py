"""The bound: pgbench running recorded statements, with chance in the place of what differs from call to call."""

import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from bench.company import server_address
from bench.recorded import Statement
from raincheck.config.embedded.binaries import binaries_for

Marks = Mapping[str, str]
"""What stands for something in the recorded call -> the pgbench variables, or text, that stand in for it."""


@dataclass(frozen=True, slots=True)
class Run:
    """What pgbench did."""

    transactions: int
    seconds: float

    @property
    def per_second(self) -> float:
        """Transactions a second, without the time to connect."""
        return self.transactions / self.seconds


def program() -> str:
    """pgbench: that of the embedded server, else the system's."""
    embedded = Path(binaries_for(None).program("pgbench"))
    return str(embedded) if embedded.is_file() else shutil.which("pgbench") or "pgbench"


def script(round_trips: Sequence[Sequence[Statement]], marks: Marks, begin: str) -> str:
    """A pgbench script of recorded statements: `begin` sets the variables, each round trip is a pipeline."""
    parts = [begin]
    for statements in round_trips:
        rendered = [f"{_rendered(statement, marks)};" for statement in statements]
        parts += ["\\startpipeline", *rendered, "\\endpipeline"] if len(rendered) > 1 else rendered
    return "\n".join(parts) + "\n"


def run(text: str, *, clients: int, seconds: float | None = None, transactions: int | None = None) -> Run:
    """Runs a script in prepared mode. `transactions` are those of each client."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "script.sql"
        file.write_text(text)
        length = [f"--time={max(1, round(seconds))}"] if seconds is not None else [f"--transactions={transactions}"]
        done = subprocess.run(
            [program(), "--no-vacuum", "--protocol=prepared", f"--client={clients}", "--jobs=1", "--define=n=0",
             *length, f"--file={file}"],
            env={**os.environ, **server_address()}, capture_output=True, text=True, check=False,
        )  # fmt: skip
    if done.returncode != 0:
        raise RuntimeError(f"pgbench: {done.stderr.strip()[-2000:]}")
    count = re.search(r"number of transactions actually processed: (\d+)", done.stdout)
    failed = re.search(r"number of failed transactions: (\d+)", done.stdout)
    tps = re.search(r"tps = ([\d.]+) \(without initial connection time\)", done.stdout)
    if count is None or tps is None or (failed and int(failed[1])):
        raise RuntimeError(f"pgbench said: {done.stdout}")
    return Run(int(count[1]), int(count[1]) / float(tps[1]))


def _rendered(statement: Statement, marks: Marks) -> str:
    """The statement with its parameters in place, as one line."""
    text = " ".join(statement.sql.split())
    params = statement.params
    if isinstance(params, Mapping):
        text = re.sub(r"%\((\w+)\)s", lambda found: _value(params[found[1]], marks), text)
    elif params:
        values = iter(params)
        text = re.sub(r"%s", lambda _: _value(next(values), marks), text)
    return text.replace("%%", "%")


def _value(value: Any, marks: Marks) -> str:
    if value is None:
        return "NULL"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, datetime):
        return f"timestamptz '{value.isoformat()}'"
    if isinstance(value, int):
        return marks.get(str(value), str(value))
    if isinstance(value, list):
        kind = "bigint" if value and isinstance(value[0], int) else "text"
        return f"ARRAY[{', '.join(_value(one, marks) for one in value)}]::{kind}[]"
    return _text(str(value), marks)


def _text(text: str, marks: Marks) -> str:
    """A literal; where marks stand in it, pieces of it and variables joined together."""
    found = re.split("|".join(f"({re.escape(mark)})" for mark in sorted(marks, key=len, reverse=True)), text)
    pieces = [marks.get(part) or _literal(part) for part in found if part] or ["''"]
    return pieces[0] if len(pieces) == 1 else f"({' || '.join(pieces)})"


def _literal(text: str) -> str:
    """A string in which pgbench sees no variable."""
    escaped = text.replace("\\", "\\\\").replace("'", "''").replace(":", "\\x3a")
    return f"E'{escaped}'"
