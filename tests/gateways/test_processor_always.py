"""Whatever the local processor is sent, in whatever order and how often: its books are those of an honest processor."""

from collections import defaultdict
from datetime import datetime, timedelta
from decimal import Decimal

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, consumes, initialize, invariant, rule
from tests.gateways.requests import MONDAY, authorise, capture, refund, void

from raincheck.gateways.cards import CardAnswer, CardRequest, CardRequestRefused
from raincheck.gateways.cards_book import MAY_GO_ABOVE, NOTHING, Entry, Past, again, decide
from raincheck.gateways.cards_tokens import TEST_CARDS

AMOUNTS = st.integers(min_value=1, max_value=12_000).map(lambda cents: Decimal(cents) / 100)
CARDS = st.sampled_from(sorted(TEST_CARDS))


class Processor(RuleBasedStateMachine):
    """Plays the processor's rules over books in memory, as the real one plays them over its tables."""

    holds = Bundle("holds")
    charges = Bundle("charges")

    @initialize()
    def open_books(self) -> None:
        self.entries: dict[str, Entry] = {}
        self.sent: list[CardRequest] = []
        self.at: datetime = MONDAY

    def _send(self, request: CardRequest) -> CardAnswer:
        known = self.entries.get(request.key)
        if known is not None:
            return again(request, known)
        reference = request.authorisation or request.charge
        named = next((one for one in self.entries.values() if reference and one.answer.reference == reference), None)
        entry = decide(request, self.at, Past(named, self._draws(reference), self._of_card(request)))
        self.entries[request.key] = entry
        self.sent.append(request)
        return entry.answer

    def _draws(self, reference: str) -> list[Entry]:
        return [
            one
            for one in self.entries.values()
            if one.is_approved and reference and reference in (one.request.authorisation, one.request.charge)
        ]

    def _of_card(self, request: CardRequest) -> list[Entry]:
        return [one for one in self.entries.values() if one.request.method == request.method]

    def _key(self) -> str:
        return f"k{len(self.entries)}"

    @rule(hours=st.integers(min_value=0, max_value=120))
    def time_passes(self, hours: int) -> None:
        self.at += timedelta(hours=hours)

    @rule(target=holds, amount=AMOUNTS, card=CARDS)
    def hold(self, amount: Decimal, card: str) -> tuple[str, str]:
        answer = self._send(authorise(self._key(), amount, card))
        return answer.reference if answer.outcome == "approved" else "", card

    @rule(target=charges, hold=holds, amount=AMOUNTS, is_final=st.booleans())
    def take(self, hold: tuple[str, str], amount: Decimal, is_final: bool) -> str:
        reference, card = hold
        answer = self._send(capture(self._key(), amount, reference, method=card, is_final=is_final))
        return answer.reference if answer.outcome == "approved" else ""

    @rule(hold=holds, amount=AMOUNTS)
    def let_go(self, hold: tuple[str, str], amount: Decimal) -> None:
        if hold[0]:
            self._send(void(self._key(), amount, hold[0], method=hold[1]))

    @rule(charge=charges, amount=AMOUNTS)
    def give_back(self, charge: str, amount: Decimal) -> None:
        if charge:
            self._send(refund(self._key(), amount, charge))

    @rule(data=st.data(), hours=st.integers(min_value=0, max_value=2_000))
    def send_one_again(self, data: st.DataObject, hours: int) -> None:
        if self.sent:
            request = data.draw(st.sampled_from(self.sent))
            before = dict(self.entries)
            self.at += timedelta(hours=hours)
            assert self._send(request) == before[request.key].answer
            assert self.entries == before, "a repeat changes nothing"

    @rule(charge=consumes(charges))
    def mistake_a_charge_for_a_hold(self, charge: str) -> None:
        if charge:
            before = dict(self.entries)
            try:
                self._send(void(self._key(), "1.00", charge))
            except CardRequestRefused:
                assert self.entries == before
            else:
                raise AssertionError("a capture was voided as if it were held")

    @invariant()
    def never_more_than_authorised_nor_refunded_than_captured(self) -> None:
        captured: dict[str, Decimal] = defaultdict(Decimal)
        voided: dict[str, Decimal] = defaultdict(Decimal)
        refunded: dict[str, Decimal] = defaultdict(Decimal)
        approved = [one for one in getattr(self, "entries", {}).values() if one.is_approved]
        for one in approved:
            if one.request.kind == "refund":
                refunded[one.request.charge] += one.request.amount
            if one.request.kind == "capture":
                captured[one.request.authorisation] += one.request.amount
            if one.request.kind == "void":
                voided[one.request.authorisation] += one.request.amount
        for one in approved:
            name, amount = one.answer.reference, one.request.amount
            assert refunded[name] <= (amount if one.request.kind == "capture" else NOTHING)
            if one.request.kind == "authorise":
                above = amount * MAY_GO_ABOVE.get(one.answer.scheme, NOTHING)
                assert captured[name] + voided[name] <= amount + above

    @invariant()
    def nothing_is_taken_after_the_end(self) -> None:
        ended: dict[str, datetime] = {}
        finals: set[str] = set()
        for one in getattr(self, "entries", {}).values():
            if one.request.kind == "authorise" and one.ends_at is not None:
                ended[one.answer.reference] = one.ends_at
            if one.request.kind == "capture" and one.is_approved and one.request.authorisation:
                assert one.at < ended[one.request.authorisation]
                assert one.request.authorisation not in finals, "a final capture is the last"
                if one.request.is_final:
                    finals.add(one.request.authorisation)


TestProcessor = Processor.TestCase
TestProcessor.settings = settings(max_examples=60, stateful_step_count=40)
