"""Whether we live, and whether we can work: what load balancers and orchestrators ask. Open to everybody."""

from typing import Any

from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest
from ninja import Router

from raincheck.api import problems
from raincheck.api.answers import Answer, reads
from raincheck.api.problems import KINDS, NO_SUCH_CALL, Problem
from raincheck.api.shapes.health import AliveAnswer, KindAnswer, ReadyAnswer
from raincheck.store.reads.waiting_work import workers

LATE_AFTER_SECONDS = 120.0

router = Router(tags=["Running"])


class _Migrated:
    """Whether every migration of this release was seen applied. Looked up until it was, then never again."""

    seen = False


@router.get("/healthz", auth=None, response=AliveAnswer, operation_id="isAlive", summary="The process lives")
@reads
def healthz(request: HttpRequest) -> Answer:  # noqa: ARG001 - a call takes its request
    """The process answers. Nothing else is looked at, so that a database that is away restarts no server."""
    return Answer({"status": "ok"})


@router.get("/readyz", auth=None, response=ReadyAnswer, operation_id="isReady", summary="Calls can be answered")
@reads
def readyz(request: HttpRequest) -> Answer:  # noqa: ARG001
    """The database answers and is migrated: calls can be sent here. 503 if not.

    `worker` is late when something has been due for two minutes, absent when none runs; orders are taken all the same.
    """
    missing = _missing_migrations()
    if missing:
        detail = f"The database lacks {missing} migrations of this release: run raincheck migrate."
        raise Problem(problems.UNAVAILABLE, detail, headers={"Retry-After": "30"})
    found = workers()
    worker = "late" if found.lag_seconds > LATE_AFTER_SECONDS else "ok" if found.alive else "absent"
    checks: dict[str, Any] = {"database": "ok", "migrations": "ok", "worker": worker}
    return Answer({"status": "ok", "checks": checks})


@router.get(
    "/problems/{name}",
    auth=None,
    response=KindAnswer,
    operation_id="explainProblem",
    summary="What a kind of problem means",
)
@reads
def explain_problem(request: HttpRequest, name: str) -> Answer:  # noqa: ARG001
    """What the `type` of a problem document says, and what the caller can do about it."""
    kind = KINDS.get(name)
    if kind is None:
        raise Problem(NO_SUCH_CALL, "There is no such kind of problem.")
    return Answer({"type": kind.type, "title": kind.title, "status": kind.status, "way_out": kind.way_out})


def _missing_migrations() -> int:
    if _Migrated.seen:
        return 0
    executor = MigrationExecutor(connection)
    missing = len(executor.migration_plan(executor.loader.graph.leaf_nodes()))
    _Migrated.seen = not missing
    return missing
