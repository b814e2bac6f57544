"""A card processor's file beside the ledger."""

from ninja import Router

from raincheck.actions.reconcile import reconcile_file
from raincheck.api.answers import Answer, writes
from raincheck.api.keys import ApiKey, ApiRequest
from raincheck.api.money_behind import FIRST_DIFFERENCE, differences_of
from raincheck.api.shapes.lists import MOST_ROWS
from raincheck.api.shapes.money_behind import DifferencesAnswer
from raincheck.api.shapes.settlements import SettledBody, SettlementsBody
from raincheck.core.reconcile import Settled

router = Router(tags=["Money"], by_alias=True)


@router.post(
    "/money/settlements",
    auth=ApiKey("money.reconcile"),
    response=DifferencesAnswer,
    operation_id="compareSettlements",
    summary="Compare a card processor's file with the ledger",
)
@writes()
def compare(request: ApiRequest, body: SettlementsBody) -> Answer:
    """As `raincheck reconcile` does, with the rows as JSON: what only one side has and where they disagree. `line`
    counts the rows from 1; more than fit here go on in listDifferences with `next_cursor`. Fees that only the file
    knows are entered, nothing else of the ledger changes. A file of more than 5,000 rows is sent day by day, each day
    with its `from` and `until`.
    """
    settled = [_settled(line, row) for line, row in enumerate(body.rows, start=1)]
    done = reconcile_file(settled, body.file, body.from_, body.until, actor=request.auth.actor)
    return Answer(differences_of(done.run, FIRST_DIFFERENCE, MOST_ROWS))


def _settled(line: int, row: SettledBody) -> Settled:
    return Settled(
        line,
        row.key or "",
        row.reference or "",
        row.kind,
        row.order or "",
        row.amount,
        row.currency,
        row.fee,
        row.at,
    )
