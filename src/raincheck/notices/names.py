"""Which names a template says: each must be one of the vocabulary, where it has a value."""

from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from typing import Final

from jinja2 import nodes

from raincheck.notices.sandbox import Fault
from raincheck.notices.vocabulary import ELEMENT, FIELDS, ITEM, VARIABLES
from raincheck.notices.wording import WITHOUT_ORDER

# Made from the shared words, which therefore cannot say them.
_MADE: Final = frozenset({"money_back", "ways_out", "how_sure"})
_BY_LAW: Final = frozenset({"right_to_cancel", "how_to_wait", "if_silent", "refund_note"})
_LISTS: Final = frozenset({"items", "rest"})
_OPTIONS: Final = frozenset({"option_notice", "renewed_option_notice"})
# A better day of something that the customer was asked about: it may still be too late without their yes.
_DATES: Final = frozenset({"date_expected", "brought_forward"})
_ONLY_IN: Final[Mapping[str, frozenset[str]]] = {
    "offer": frozenset({"substitute_offered"}),
    "address": frozenset({"address_changed"}),
    "due": frozenset({"withdrawal_received"}),
    "tracking": frozenset({"shipped", "tracking_changed", "shared"}),
    "right_to_cancel": _OPTIONS,
    "how_to_wait": _OPTIONS | _DATES,
    "if_silent": _OPTIONS | _DATES,
}


def names_for(template: str, part: str) -> dict[str, str]:
    """The names that a part may say, with their kinds."""
    known = {name: variable.kind for name, variable in VARIABLES.items()}
    for name, templates in _ONLY_IN.items():
        if template not in templates:
            del known[name]
    if part in ("item", "expected") or template in WITHOUT_ORDER:
        known["item"] = ITEM
    if template == "shared":
        made = _MADE - {"money_back"} if part in ("ways_out", "how_sure") else _MADE
        hidden = made | _BY_LAW | _LISTS if part in ("expected", "money_back", "ways_out", "how_sure") else frozenset()
        known = {name: kind for name, kind in known.items() if name not in hidden}
    return known


def unknown_names(tree: nodes.Template, template: str, part: str) -> list[Fault]:
    """What a template says that has no value there, with the nearest name that has."""
    return list(_faults(tree, names_for(template, part)))


def _faults(node: nodes.Node, known: Mapping[str, str]) -> Iterator[Fault]:
    if isinstance(node, nodes.Name):
        if node.name not in known:
            yield Fault(node.lineno, f"`{node.name}` is not known here{_nearest(node.name, known)}")
        return
    if isinstance(node, nodes.Getattr):
        yield from _faults(node.node, known)
        yield from _missing_field(node, known)
        return
    if isinstance(node, nodes.For):
        yield from _faults(node.iter, known)
        kind = _kind(node.iter, known)
        if kind and kind not in ELEMENT:
            yield Fault(node.lineno, f"there is nothing to loop over: this is a {kind}")
        inner = {**known, **{name: ELEMENT.get(kind, "") for name in _targets(node.target)}}
        for child in (*node.body, *node.else_):
            yield from _faults(child, inner)
        return
    for child in node.iter_child_nodes():
        yield from _faults(child, known)


def _missing_field(node: nodes.Getattr, known: Mapping[str, str]) -> Iterator[Fault]:
    kind = _kind(node.node, known)
    if not kind:
        return
    fields = [field.name for field in FIELDS.get(kind, ())]
    if not fields:
        yield Fault(node.lineno, f"`.{node.attr}`: a {kind} has no parts")
    elif node.attr not in fields:
        yield Fault(node.lineno, f"`.{node.attr}`: {kind} has no such part{_nearest(node.attr, fields)}")


def _kind(node: nodes.Node, known: Mapping[str, str]) -> str:
    """The kind of a value; empty where that is not known."""
    if isinstance(node, nodes.Name):
        return known.get(node.name, "")
    if isinstance(node, nodes.Getattr):
        fields = FIELDS.get(_kind(node.node, known), ())
        return next((field.kind for field in fields if field.name == node.attr), "")
    if isinstance(node, nodes.Filter) and node.name in ("first", "last") and node.node is not None:
        return ELEMENT.get(_kind(node.node, known), "")
    return ""


def _targets(node: nodes.Node) -> list[str]:
    return [name.name for name in [node, *node.iter_child_nodes()] if isinstance(name, nodes.Name)]


def _nearest(name: str, known: Mapping[str, str] | list[str]) -> str:
    close = get_close_matches(name, list(known), n=1)
    return f"; did you mean `{close[0]}`?" if close else ""
