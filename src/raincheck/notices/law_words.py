"""What a law wants said: the right to cancel, how to wait, what silence means, the revised day, what money comes back.

The words are ours alone (`texts/LANGUAGE/law.txt`): a template of the company's says where they stand, not what they
say. What has to be in them: 16 CFR 435.2(b) and (c) for shipment, Directive 2011/83, Art. 18 for delivery
(core.law_rules `content`, `short_delay`, `long_delay`, `renewed_silence`, `indefinite`, `end`).
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from raincheck.notices.said import merged, units_of
from raincheck.notices.values import day_of
from raincheck.notices.voice import Voice, one_line
from raincheck.store.outbox_read import NoticeFacts, SaidLine

Render = Callable[[str, Mapping[str, Any]], str]


def law_values(
    facts: NoticeFacts, voice: Voice, values: Mapping[str, Any], law: Mapping[str, str], render: Render
) -> dict[str, str]:
    """The ready-made sentences of a law for a notice; those of options are empty where nothing is asked."""
    never_charged = bool(facts.said) and all(line.amount == 0 for line in facts.said)
    said: dict[str, str] = {"refund_note": _say(render, law["refund_note"], {**values, "never_charged": never_charged})}
    asked = [line for line in facts.said if line.stage]
    if not asked:
        return {**said, "right_to_cancel": "", "how_to_wait": "", "if_silent": ""}
    days = {line.ships_on for line in asked}
    one_day = days.pop() if len(days) == 1 else None
    any_ships = any(line.ships_on is not None for line in asked)
    further = _further(asked, voice)
    terms = {**values, "ships": day_of(one_day, voice), "any_ships": any_ships, "further": further}
    terms |= {"units": units_of(asked), "on_the_way": all(line.on_the_way for line in asked)}
    return {
        **said,
        "right_to_cancel": _say(render, law["right_to_cancel"], terms),
        "how_to_wait": "" if values["passed"] else _say(render, law["how_to_wait"], terms),
        "if_silent": "\n\n".join(_silences(asked, voice, terms, law, render)),
    }


def revised(line: SaidLine, voice: Voice, law: Mapping[str, str], render: Render) -> str:
    """When a line ships instead, or that nobody can say, and why. Empty for a line of no option."""
    if not line.stage:
        return ""
    terms = {
        "stage": line.stage,
        "units": line.units,
        "why": line.why,
        "on_the_way": line.on_the_way,
        "day": day_of(line.on, voice),
        "was_day": day_of(line.was_on, voice),
        "ships": day_of(line.ships_on, voice),
        "seller": one_line(line.seller),
    }
    return _say(render, law["revised"], terms)


def _further(lines: Sequence[SaidLine], voice: Voice) -> str:
    """Until when customers are asked to agree to a further delay that nobody foresees; empty: they are not asked."""
    days = {line.further_on for line in lines if line.further_on is not None}
    if len(days) == 1:
        return str(day_of(days.pop(), voice))
    asked = [line for line in merged(lines) if line.further_on is not None]
    return ", ".join(f"{day_of(line.further_on, voice)} ({one_line(line.name)})" for line in asked)


def _silences(
    said: Sequence[SaidLine], voice: Voice, values: Mapping[str, Any], law: Mapping[str, str], render: Render
) -> list[str]:
    """What happens if we hear nothing: once for each thing that happens. `what` is the product, empty for them all."""
    differs = len({(line.stage, line.by_on) for line in said}) > 1
    found = []
    for line in said:
        terms = {**values, "stage": line.stage, "by": day_of(line.by_on, voice), "what": ""}
        if differs and line.stage != "passed":
            terms |= {"what": one_line(line.name), "units": line.units}
        found.append(_say(render, law["if_silent"], terms))
    return list(dict.fromkeys(found))


def _say(render: Render, source: str, values: Mapping[str, Any]) -> str:
    return one_line(render(source, values))
