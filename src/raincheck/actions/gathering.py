"""Who comes while what they name is at work is served together, right after it.

Answers for callers in threads of one process: the first to name something is served at once; those who name the same
meanwhile wait for that and are then served by one of them, all in one go. Nobody waits for company: without anybody at
work on what they name, a caller is served alone and at once.
"""

import threading
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Generic, TypeVar

Item = TypeVar("Item")


@dataclass(eq=False, slots=True)
class _Turn(Generic[Item]):
    """A caller; once `woken` it was served, or is to serve the round that it finds."""

    item: Item
    names: frozenset[str]
    woken: threading.Event = field(default_factory=threading.Event)
    serves: "_Round[Item] | None" = None


@dataclass(eq=False, slots=True)
class _Round(Generic[Item]):
    """Callers that are being served, and those who came meanwhile."""

    turns: list[_Turn[Item]]
    waiting: list[_Turn[Item]] = field(default_factory=list)


class Gathering(Generic[Item]):
    """Serves items in rounds of at most `most`. What `serve` raises, whoever leads the round sees."""

    def __init__(self, serve: Callable[[Sequence[Item]], None], most: int) -> None:
        self._serve = serve
        self._most = most
        self._at_work: dict[str, _Round[Item]] = {}
        self._mutex = threading.Lock()

    def ask(self, item: Item, names: Iterable[str]) -> None:
        """Returns when the item was served."""
        turn = _Turn(item, frozenset(names))
        with self._mutex:
            ahead = next((self._at_work[name] for name in turn.names if name in self._at_work), None)
            if ahead is None:
                turn.serves = self._begin([turn], [])
            else:
                ahead.waiting.append(turn)
        if turn.serves is None:
            turn.woken.wait()
        if turn.serves is not None:
            self._serve_round(turn, turn.serves)

    def _serve_round(self, mine: _Turn[Item], at_work: _Round[Item]) -> None:
        try:
            self._serve([turn.item for turn in at_work.turns])
        finally:
            with self._mutex:
                self._end(at_work)
            for turn in at_work.turns:
                if turn is not mine:
                    turn.woken.set()

    def _begin(self, turns: list[_Turn[Item]], waiting: list[_Turn[Item]]) -> _Round[Item]:
        begun = _Round(turns, waiting)
        for turn in (*turns, *waiting):
            for name in turn.names:
                self._at_work.setdefault(name, begun)
        return begun

    def _end(self, ended: _Round[Item]) -> None:
        """The next round is served by the first of those who wait."""
        for turn in (*ended.turns, *ended.waiting):
            for name in turn.names:
                if self._at_work.get(name) is ended:
                    del self._at_work[name]
        if ended.waiting:
            first, *others = ended.waiting
            first.serves = self._begin([first, *others[: self._most - 1]], others[self._most - 1 :])
            first.woken.set()
