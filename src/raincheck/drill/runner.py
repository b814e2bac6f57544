"""Plays a scenario on the database that Django's default connection goes to: a throw-away one.

The virtual clock stands at an event's instant while its action runs, and at a timer's own while that runs. Of one
instant, what falls due comes before what is done; the drill ends at its last event. What the card processor is asked it
answers after each fact, before the clock moves on.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from raincheck.actions.pieces import Piece
from raincheck.actions.run_timers import run_due
from raincheck.core.errors import Malformed, NotFound, Refused
from raincheck.drill.document import Document
from raincheck.drill.events import AskQuote, Event, FloorEvent, PlaceOrder, Purchase, Rebalance
from raincheck.drill.opening import open_company
from raincheck.drill.result import Played, RefusedEvent, document_of
from raincheck.drill.scenario import Scenario
from raincheck.drill.steps import act, ask, redistribute
from raincheck.gateways.card_work import carry_out_all
from raincheck.gateways.cards_local import LocalProcessor
from raincheck.gateways.mail import Mailbox
from raincheck.notices.outbox import drain, keep_texts


def play(scenario: Scenario, *, from_live: bool = False, played: Callable[[], None] = lambda: None) -> Document:
    """Plays the scenario and answers the document to print. ``played`` is called after each event.

    Raises Malformed where the file names something that only the play shows not to exist.
    """
    open_company(scenario)
    stage = _Stage(scenario.file)
    processor = LocalProcessor(in_drill=True)

    def charge_until(at: datetime) -> bool:
        return carry_out_all(processor, at) > 0

    for event in scenario.events:
        run_due(event.at, charge_until)
        stage.play(event)
        charge_until(event.at)
        drain(Mailbox(), event.at)
        keep_texts(event.at)
        played()
    if scenario.events:
        run_due(scenario.events[-1].at, charge_until)
        drain(Mailbox(), scenario.events[-1].at)
        keep_texts(scenario.events[-1].at)
    return document_of(scenario, Played(stage.quotes, stage.refused), from_live=from_live)


@dataclass
class _Stage:
    """What the events themselves answered."""

    file: str
    quotes: dict[str, dict[str, list[Piece]]] = field(default_factory=dict)
    refused: list[RefusedEvent] = field(default_factory=list)

    def play(self, event: Event) -> None:
        if event.repeats:
            return
        try:
            if isinstance(event, AskQuote):
                self.quotes[event.ref] = ask(event)
            elif isinstance(event, Rebalance):
                stopped = redistribute(event)
                self.refused += [RefusedEvent(event.at, event.verb, None, reason) for reason in stopped]
            else:
                act(event)
        except (Refused, NotFound) as refusal:
            if _is_the_file_s_fault(event, refusal):
                raise Malformed(f"{self.file}:{event.line}: {event.verb}: {refusal}") from refusal
            self.refused.append(RefusedEvent(event.at, event.verb, getattr(event, "order", None), str(refusal)))


def _is_the_file_s_fault(event: Event, refusal: Refused | NotFound) -> bool:
    """A name given to other content, or a parcel that there is not, is no decision of the business."""
    if isinstance(event, PlaceOrder | Purchase):
        return True
    return isinstance(event, FloorEvent) and event.shipment is not None and isinstance(refusal, NotFound)
