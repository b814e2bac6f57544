"""A drill file's bytes as a graph of YAML nodes that is safe to walk.

Guarantees: one document, UTF-8, no tag outside YAML's plain ones, every key a scalar and named once per mapping,
nesting at most 50 deep and at most 1,000,000 nodes with every alias unfolded. Nodes keep their lines, so that
later errors can name them. Values are not converted: a date stays the text that its author wrote.
"""

from dataclasses import dataclass, field
from pathlib import Path

import yaml

from raincheck.core.errors import Malformed
from raincheck.drill.reading.problems import Problems, shown

LONGEST_FILE_BYTES = 32 * 1024 * 1024
DEEPEST_NESTING = 50
MOST_NODES = 1_000_000

PLAIN_TAGS = frozenset(
    f"tag:yaml.org,2002:{name}"
    for name in ("str", "int", "float", "bool", "null", "timestamp", "value", "merge", "map", "seq")
)
Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def read_source(path: Path, shown_as: str, first_line: str = "drill: 1") -> yaml.Node:
    """The root node of a file that begins with ``first_line``. ``Malformed`` names what is wrong with it as YAML."""
    return read_text(_text(path, shown_as), shown_as, first_line)


def read_text(text: str, shown_as: str, first_line: str) -> yaml.Node:
    """The root node of a text, as ``read_source``."""
    problems = Problems(shown_as)
    try:
        _bound(text, problems)
        root = None if problems else yaml.compose(text, Loader=Loader)
    except yaml.YAMLError as error:
        problems.add(_line_of(error, text), "", f"is not YAML: {_reason(error)}")
        root = None
    problems.raise_any()
    if root is None:
        raise Malformed(f"{shown_as}:1: the file is empty; it begins with `{first_line}`")
    _Walk(problems).visit(root, "")
    problems.raise_any()
    return root


def _text(path: Path, shown_as: str) -> str:
    try:
        with path.open("rb") as stream:
            raw = stream.read(LONGEST_FILE_BYTES + 1)
    except OSError as error:
        raise Malformed(f"{shown_as}: cannot be read: {error.strerror or error}") from error
    if len(raw) > LONGEST_FILE_BYTES:
        raise Malformed(f"{shown_as}: is larger than {LONGEST_FILE_BYTES // 1024**2} MB")
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise Malformed(f"{shown_as}:{line}: is not UTF-8 text; save the file as UTF-8") from error


def _bound(text: str, problems: Problems) -> None:
    """Check depth and size on the stream of events, before anything is built from it."""
    depth = nodes = 0
    for event in yaml.parse(text, Loader=Loader):
        if isinstance(event, yaml.NodeEvent):
            nodes += 1
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        if depth > DEEPEST_NESTING:
            problems.add(_line(event), "", f"nests deeper than {DEEPEST_NESTING}")
            return
        if nodes > MOST_NODES:
            problems.add(_line(event), "", f"has more than {MOST_NODES:,} nodes")
            return


def _line(event: yaml.Event) -> int:
    return event.start_mark.line + 1 if event.start_mark else 1


@dataclass
class _Walk:
    """Visits every node once; each distinct node's unfolded size and height are kept by its identity."""

    problems: Problems
    measured: dict[int, tuple[int, int]] = field(default_factory=dict)
    under_way: set[int] = field(default_factory=set)

    def visit(self, node: yaml.Node, path: str) -> tuple[int, int]:
        """Nodes and levels that ``node`` unfolds to."""
        known = self.measured.get(id(node))
        if known:
            return known
        if id(node) in self.under_way:
            self._add(node, path, "contains itself")
            return (1, 1)
        self.under_way.add(id(node))
        if node.tag not in PLAIN_TAGS:
            tag = node.tag.replace("tag:yaml.org,2002:", "!!")
            self._add(node, path, f"the tag {shown(tag)} is not allowed; write plain values")
        parts = [self.visit(child, child_path) for child, child_path in self._children(node, path)]
        measure = (1 + sum(size for size, _ in parts), 1 + max((height for _, height in parts), default=0))
        self._check(measure, parts, node, path)
        self.under_way.discard(id(node))
        self.measured[id(node)] = measure
        return measure

    def _check(self, measure: tuple[int, int], parts: list[tuple[int, int]], node: yaml.Node, path: str) -> None:
        size, height = measure
        if size > MOST_NODES >= max((part[0] for part in parts), default=0):
            self._add(node, path, f"unfolds to more than {MOST_NODES:,} nodes")
        # A scalar is a level too, but not one of nesting.
        if height == DEEPEST_NESTING + 2:
            self._add(node, path, f"nests deeper than {DEEPEST_NESTING} once its aliases are unfolded")

    def _children(self, node: yaml.Node, path: str) -> list[tuple[yaml.Node, str]]:
        if isinstance(node, yaml.SequenceNode):
            return [(child, f"{path}[{index}]") for index, child in enumerate(node.value)]
        children: list[tuple[yaml.Node, str]] = []
        if isinstance(node, yaml.MappingNode):
            first_line: dict[str, int] = {}
            for key, value in node.value:
                name = self._key(key, path, first_line)
                inner = f"{path}.{shown(name)}" if path else shown(name)
                children += [(key, inner), (value, inner)]
        return children

    def _key(self, key: yaml.Node, path: str, first_line: dict[str, int]) -> str:
        line = key.start_mark.line + 1
        if not isinstance(key, yaml.ScalarNode):
            self._add(key, path, "a key must be a plain name")
            return "?"
        name: str = key.value
        if name in first_line:
            inner = f"{path}.{shown(name)}" if path else shown(name)
            self._add(key, inner, f"duplicate key, first on line {first_line[name]}")
        first_line.setdefault(name, line)
        return name

    def _add(self, node: yaml.Node, path: str, message: str) -> None:
        self.problems.add(node.start_mark.line + 1, path, message)


def _line_of(error: yaml.YAMLError, text: str) -> int:
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    if mark is not None:
        return int(mark.line) + 1
    position = getattr(error, "position", 0)
    return text.count("\n", 0, position) + 1


def _reason(error: yaml.YAMLError) -> str:
    reason = getattr(error, "problem", None) or getattr(error, "reason", None) or "it cannot be parsed"
    return shown(str(reason))
