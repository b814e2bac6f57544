"""What somebody on the telephone can do for a customer: the choices, what each would do, and doing it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from raincheck.actions.answer_order import SHIP_AVAILABLE, SUBSTITUTE, WAIT, Answer, answer_order
from raincheck.actions.cancel_order import cancel_order
from raincheck.actions.decline_payment import retry_payment
from raincheck.actions.give_task import CALL_BACK, EXPEDITE, MOVE, give_task
from raincheck.actions.hold_order import hold_order, release_order
from raincheck.actions.move_units import Move, move_units
from raincheck.actions.permissions import Role
from raincheck.actions.ship_together import ship_together
from raincheck.actions.try_out import Effect, do_as_shown, try_out
from raincheck.core.errors import Malformed
from raincheck.core.remedy import Choice, Remedy, remedies
from raincheck.store.company import read_settings
from raincheck.store.locks import database_now
from raincheck.store.reads.order import OrderView
from raincheck.store.reads.situation import situation_of

PERMISSION: Final[Mapping[Choice, str]] = {
    Choice.RELEASE: "order.hold",
    Choice.HOLD: "order.hold",
    Choice.RETRY_PAYMENT: "order.change",
    Choice.WAIT: "order.change",
    Choice.SHIP_NOW: "order.change",
    Choice.SHIP_TOGETHER: "order.change",
    Choice.SUBSTITUTE: "order.change",
    Choice.CHANGE_ADDRESS: "order.change",
    Choice.MOVE_UNITS: "queue.rebalance",
    Choice.EXPEDITE: "task.give",
    Choice.CALL_BACK: "task.give",
    Choice.GOODWILL: "order.goodwill",
    Choice.SEND_LINK: "mailbox.send",
    Choice.CANCEL_LINE: "order.cancel",
    Choice.CANCEL_ORDER: "order.cancel",
}
"""Who may do what; for units of another order somebody who may not can ask a colleague who may."""


@dataclass(frozen=True, slots=True)
class Step:
    """A choice as somebody makes it. `words` is a reason, what to remember, or the processor's token
    of another card; `due_at` is when to call back."""

    choice: Choice
    sku: str = ""
    other: str = ""
    units: int = 0
    words: str = ""
    due_at: datetime | None = None


def next_best(order: OrderView, may: Callable[[str], bool]) -> tuple[Remedy, ...]:
    """What can be done for an order now by somebody with these permissions, the best first."""
    found = remedies(situation_of(order, read_settings(), database_now()))
    return tuple(one for one in found if may(PERMISSION[one.choice]) or (is_asked_for(one.choice) and may("task.give")))


def is_asked_for(choice: Choice) -> bool:
    """Whether somebody who may not do it can ask a colleague."""
    return choice is Choice.MOVE_UNITS


def preview(ref: str, step: Step, actor: str) -> Effect:
    """Exactly what a step would do. Raises what doing it would raise."""
    return try_out(ref, _act(ref, step, actor), _also(step))


def do_step(ref: str, step: Step, seen: str, actor: str) -> Effect:
    """Does a step whose effect was shown with the digest `seen`. Raises Moved where it would not be the same now."""
    return do_as_shown(ref, _act(ref, step, actor), seen, _also(step))


def ask_for_move(ref: str, step: Step, actor: str) -> int:
    """A task for the buyers, who may move units; its id."""
    text = f"Move {step.units} of {step.sku} from {step.other} to {ref}: {step.words or NO_REASON}"
    return give_task(text, kind=MOVE, ref=ref, team=Role.BUYER.value, actor=actor)


def ask_to_expedite(ref: str, step: Step, actor: str) -> int:
    """A task for the buyers: the purchase order is wanted sooner, or nothing is on order yet; its id."""
    wanted = f"{step.units} of {step.sku} for {ref}"
    text = f"Ask for {step.other} sooner: {wanted}" if step.other else f"Order {wanted}: nothing confirmed covers it"
    text += f". {step.words}" if step.words else ""
    return give_task(text, kind=EXPEDITE, ref=ref, team=Role.BUYER.value, actor=actor)


def call_back(ref: str, step: Step, actor: str) -> int:
    """A task for whoever promised it, at the time promised; its id. Raises Malformed for a time that has passed."""
    if step.due_at is None or step.due_at <= database_now():
        raise Malformed("say when to call back: a time that is still to come")
    text = f"Call the customer of {ref} back{f': {step.words}' if step.words else ''}"
    return give_task(
        text, kind=CALL_BACK, ref=ref, assignee=actor, team=Role.SERVICE.value, due_at=step.due_at, actor=actor
    )


def _also(step: Step) -> tuple[str, ...]:
    return (step.other,) if step.choice is Choice.SUBSTITUTE else ()


def _act(ref: str, step: Step, actor: str) -> Callable[[datetime], object]:
    """The existing action that a step is. Raises Malformed for what is no such step."""
    known = _ACTS.get(step.choice)
    if known is None:
        raise Malformed(f"{step.choice.value.replace('_', ' ')} has no effect that could be shown")
    return lambda at: known(ref, step, at, actor)


def _move(ref: str, step: Step, at: datetime, actor: str) -> None:
    move_units(Move(step.other, ref, step.sku, step.units, step.words or NO_REASON), at, actor)


NO_REASON: Final = "asked for at the service desk"
_ACTS: Final[Mapping[Choice, Callable[[str, Step, datetime, str], object]]] = {
    Choice.RELEASE: lambda ref, _step, at, actor: release_order(ref, at, actor),
    Choice.HOLD: lambda ref, _step, at, actor: hold_order(ref, at, actor),
    Choice.RETRY_PAYMENT: lambda ref, step, at, actor: retry_payment(ref, at, actor, step.words),
    Choice.WAIT: lambda ref, _step, at, actor: answer_order(ref, Answer(WAIT), at, actor),
    Choice.SHIP_NOW: lambda ref, _step, at, actor: answer_order(ref, Answer(SHIP_AVAILABLE), at, actor),
    Choice.SHIP_TOGETHER: lambda ref, _step, at, actor: ship_together(ref, at, actor),
    Choice.SUBSTITUTE: lambda ref, step, at, actor: answer_order(
        ref, Answer(SUBSTITUTE, {step.sku: step.other}), at, actor
    ),
    Choice.MOVE_UNITS: _move,
    Choice.CANCEL_LINE: lambda ref, step, at, actor: cancel_order(ref, {step.sku: step.units}, at, actor),
    Choice.CANCEL_ORDER: lambda ref, _step, at, actor: cancel_order(ref, None, at, actor),
}
PLAYED: Final = frozenset(_ACTS)
"""What is played through before it is done; the others change no units."""
