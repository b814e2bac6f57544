"""The small language that words of messages are written in: Jinja's, cut down to what cannot do harm.

What may stand in a template is a list of what is allowed, not of what is forbidden: conditions, one loop over a list
that is there, a few filters. No calls, no arithmetic, no macros, no loop within a loop, so nothing runs for long. Names
are looked up in frozen values alone, within Jinja's own sandbox.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final, cast

from jinja2 import StrictUndefined, Template, TemplateError, TemplateSyntaxError, Undefined, nodes
from jinja2.runtime import Context
from jinja2.sandbox import SandboxedEnvironment
from jinja2.utils import pass_context

from raincheck.notices.values import Day
from raincheck.notices.voice import Voice, short

LONGEST_SOURCE: Final = 6_000
LONGEST_OUTPUT: Final = 40_000
DEEPEST: Final = 12
VOICE: Final = "_voice"
"""The name under which filters find how the customer's language writes things; no template can say it."""

_ALLOWED: Final[tuple[type[nodes.Node], ...]] = (
    nodes.Template,
    nodes.Output,
    nodes.TemplateData,
    nodes.If,
    nodes.For,
    nodes.Name,
    nodes.Getattr,
    nodes.Const,
    nodes.Tuple,
    nodes.List,
    nodes.Filter,
    nodes.Compare,
    nodes.Operand,
    nodes.And,
    nodes.Or,
    nodes.Not,
    nodes.CondExpr,
    nodes.Concat,
)
_SAID: Final[Mapping[type[nodes.Node], str]] = {
    nodes.Call: "a call, such as name(...),",
    nodes.Getitem: "an index, such as name[...],",
    nodes.Macro: "a macro",
    nodes.CallBlock: "a call",
    nodes.Import: "an import",
    nodes.FromImport: "an import",
    nodes.Include: "an include",
    nodes.Extends: "another template",
    nodes.Assign: "a name of your own",
    nodes.AssignBlock: "a name of your own",
    nodes.Test: "a test with the word is",
}


# A tag or a comment alone on its line, with the line's end.
_ALONE: Final = re.compile(r"^[ \t]*\{%((?:(?!%\}).)*?)(-?)%\}[ \t]*\n", re.MULTILINE)


class TooLong(TemplateError):
    """A template that says more than a message may hold."""


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with a template, and in which line of it (from 1; 0: no line in particular)."""

    line: int
    what: str

    def __str__(self) -> str:
        return f"line {self.line}: {self.what}" if self.line else self.what


@pass_context
def _plural(context: Context, amount: int, one: str, many: str) -> str:
    return _voice(context).plural(amount, one, many)


@pass_context
def _joined(context: Context, parts: Sequence[object]) -> str:
    return _voice(context).joined([str(_writable(part)) for part in parts])


def _brief(text: str, length: int = 30) -> str:
    return short(str(text), max(2, int(length)))


def _small(text: str) -> str:
    """With a small first letter, for the middle of a sentence."""
    return text[:1].lower() + text[1:]


def _voice(context: Context) -> Voice:
    return cast("Voice", context[VOICE])


FILTERS: Final[Mapping[str, str]] = {
    "plural": "units|plural('it', 'them'): the form that the language has for a number",
    "joined": "amounts|joined: a list as the language writes it, `a, b and c`",
    "brief": "item.name|brief(30): cut to so many signs",
    "small": "heading|small: with a small first letter",
    "first": "items|first: the first of a list",
    "last": "items|last: the last of a list",
    "length": "items|length: how many a list has",
    "lower": "name|lower: in small letters",
    "upper": "name|upper: in capital letters",
    "trim": "name|trim: without space at its ends",
}
"""Every filter, with an example of what it does."""


def _writable(value: object) -> object:
    """Text, numbers and days as they are, nothing for none. Raises jinja2.TemplateError for what reads as code."""
    if value is None:
        return ""
    if isinstance(value, bool):
        raise TemplateError("yes or no cannot be written: ask for it, {% if ... %}")
    if isinstance(value, str | int | Day):
        return value
    if isinstance(value, Undefined):
        return str(value)  # Says by raising what it is that is missing.
    raise TemplateError("this is no text: write a part of it, such as {{ item.name }} or {{ order.ref }}")


class _Environment(SandboxedEnvironment):
    """Jinja without anything of its own: no globals, no tests, the filters above."""

    def __init__(self) -> None:
        super().__init__(undefined=StrictUndefined, autoescape=False, finalize=_writable)
        self.globals.clear()
        ours = {"plural": _plural, "joined": _joined, "brief": _brief, "small": _small}
        self.filters = {name: ours.get(name) or self.filters[name] for name in FILTERS}
        self.tests = {}


_ENVIRONMENT: Final = _Environment()


def parsed(source: str) -> nodes.Template | Fault:
    """The template's tree, or what keeps it from being one."""
    if len(source) > LONGEST_SOURCE:
        return Fault(0, f"it has {len(source)} signs; {LONGEST_SOURCE} are the most")
    try:
        tree = _ENVIRONMENT.parse(_tidy(source))
        return _forbidden(tree) or tree
    except TemplateSyntaxError as error:
        return Fault(error.lineno, (error.message or "this is not understood").rstrip("."))
    except RecursionError:
        return Fault(0, "it is nested too deeply")


def _tidy(source: str) -> str:
    """Without the line ends behind tags that stand alone on a line; every line keeps its number."""
    return _ALONE.sub(r"{%\1\n\2%}", source.replace("\r\n", "\n"))


def rendered(source: str, values: Mapping[str, Any], voice: Voice) -> str:
    """The template filled in. Raises jinja2.TemplateError for whatever goes wrong in it, and TooLong."""
    pieces: list[str] = []
    length = 0
    try:
        for piece in _compiled(source).generate({**values, VOICE: voice}):
            pieces.append(piece)
            length += len(piece)
            if length > LONGEST_OUTPUT:
                raise TooLong(f"it says more than {LONGEST_OUTPUT} signs")
    except (ArithmeticError, AttributeError, LookupError, NameError, TypeError, ValueError) as error:
        raise TemplateError(str(error) or type(error).__name__) from error
    return "".join(pieces)


def _forbidden(tree: nodes.Template) -> Fault | None:
    """The first thing in a tree that may not be there."""
    if _depth(tree) > DEEPEST:
        return Fault(0, f"conditions are nested more than {DEEPEST} deep")
    for node in _walk(tree):
        if not isinstance(node, _ALLOWED):
            what = _SAID.get(type(node), f"{type(node).__name__.lower()} (an operator or a statement)")
            return Fault(node.lineno, f"{what} is not allowed here")
        if isinstance(node, nodes.For) and (node.recursive or _loops_within(node)):
            return Fault(node.lineno, "a loop within a loop is not allowed: it might never end")
        if isinstance(node, nodes.Getattr) and node.attr.startswith("_"):
            return Fault(node.lineno, f"`{node.attr}` may not be used: names that begin with _ are closed")
        if isinstance(node, nodes.Name) and node.name.startswith("_"):
            return Fault(node.lineno, f"`{node.name}` may not be used: names that begin with _ are closed")
        if isinstance(node, nodes.Filter) and node.name not in FILTERS:
            return Fault(node.lineno, f"the filter `{node.name}` is not known; there are {', '.join(FILTERS)}")
    return None


def _loops_within(loop: nodes.For) -> bool:
    return any(isinstance(inner, nodes.For) for part in (*loop.body, *loop.else_) for inner in _walk(part))


def _depth(node: nodes.Node) -> int:
    """How many conditions and loops lie within one another."""
    below = max((_depth(child) for child in node.iter_child_nodes()), default=0)
    return below + isinstance(node, nodes.If | nodes.For | nodes.CondExpr)


def _walk(node: nodes.Node) -> list[nodes.Node]:
    """The node and all below it, in the order of the text."""
    return [node, *(below for child in node.iter_child_nodes() for below in _walk(child))]


@lru_cache(maxsize=2048)
def _compiled(source: str) -> Template:
    """The template, ready to run; it has been checked by whoever saved it, or is ours."""
    found = parsed(source)
    if isinstance(found, Fault):
        raise TemplateError(str(found))
    return _ENVIRONMENT.from_string(_tidy(source))
