"""Who comes while what they name is at work is served together, right after it."""

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial

import pytest

from raincheck.actions.gathering import Gathering

SECONDS = 300


class Counter:
    """A counter that serves rounds of callers; the first round waits until it is let go."""

    def __init__(self, most: int = 50) -> None:
        self.rounds: list[list[str]] = []
        self.first_is_in, self.go_on = threading.Event(), threading.Event()
        self.gathering = Gathering(self.serve, most)

    def serve(self, items: Sequence[str]) -> None:
        self.rounds.append(list(items))
        if len(self.rounds) == 1:
            self.first_is_in.set()
            assert self.go_on.wait(SECONDS)

    def while_the_first_is_served(self, pool: ThreadPoolExecutor, *callers: tuple[str, set[str]]) -> None:
        """The first caller is at work; the others come one after the other; then all are served."""
        (item, names), *others = callers
        first = pool.submit(self.gathering.ask, item, names)
        assert self.first_is_in.wait(SECONDS)
        asked = [first]
        for nr, (other, its_names) in enumerate(others):
            asked.append(pool.submit(self.gathering.ask, other, its_names))
            wait_until(partial(self.has_waiting, nr + 1))
        self.go_on.set()
        for one in asked:
            one.result(SECONDS)

    def has_waiting(self, callers: int) -> bool:
        return waiting(self.gathering) == callers


def waiting(gathering: Gathering[str]) -> int:
    with gathering._mutex:
        return len({turn for round_ in gathering._at_work.values() for turn in round_.waiting})


def wait_until(it_is_so: Callable[[], bool]) -> None:
    moment = threading.Event()
    for _ in range(SECONDS * 200):
        if it_is_so():
            return
        moment.wait(0.005)
    raise AssertionError("it never came to that")


def test_a_lone_caller_is_served_at_once_and_alone() -> None:
    counter = Counter()
    counter.go_on.set()
    counter.gathering.ask("ann", {"lamp"})
    counter.gathering.ask("bob", {"lamp"})
    assert counter.rounds == [["ann"], ["bob"]]


def test_those_who_name_what_is_at_work_wait_for_it_and_are_served_together_in_the_order_in_which_they_came() -> None:
    counter = Counter()
    with ThreadPoolExecutor(4) as hands:
        counter.while_the_first_is_served(hands, ("ann", {"lamp"}), ("bob", {"lamp"}), ("cem", {"lamp", "torch"}))
    assert counter.rounds == [["ann"], ["bob", "cem"]]


def test_who_names_something_else_waits_for_nobody() -> None:
    counter = Counter()
    with ThreadPoolExecutor(4) as hands:
        first = hands.submit(counter.gathering.ask, "ann", {"lamp"})
        assert counter.first_is_in.wait(SECONDS)
        counter.gathering.ask("bob", {"torch"})
        assert counter.rounds == [["ann"], ["bob"]]
        counter.go_on.set()
        first.result(SECONDS)


def test_a_round_takes_no_more_than_the_most_and_the_rest_come_in_the_next() -> None:
    counter = Counter(most=2)
    with ThreadPoolExecutor(8) as hands:
        counter.while_the_first_is_served(hands, *((name, {"lamp"}) for name in ("ann", "bob", "cem", "dee", "eve")))
    assert counter.rounds == [["ann"], ["bob", "cem"], ["dee", "eve"]]


def test_a_round_that_fails_frees_those_who_wait() -> None:
    served: list[list[str]] = []
    first_is_in, go_on = threading.Event(), threading.Event()

    def serve(items: Sequence[str]) -> None:
        served.append(list(items))
        if items[0] == "ann":
            first_is_in.set()
            assert go_on.wait(SECONDS)
            raise RuntimeError("the lamp fell down")

    gathering = Gathering(serve, 50)
    with ThreadPoolExecutor(4) as hands:
        first = hands.submit(gathering.ask, "ann", {"lamp"})
        assert first_is_in.wait(SECONDS)
        second = hands.submit(gathering.ask, "bob", {"lamp"})
        wait_until(lambda: waiting(gathering) == 1)
        go_on.set()
        with pytest.raises(RuntimeError):
            first.result(SECONDS)
        second.result(SECONDS)
    assert served == [["ann"], ["bob"]]
    assert not gathering._at_work
