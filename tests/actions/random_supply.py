"""What happens to a random company's goods: bought, late, received, counted, moved, picked, brought back."""

from tests.actions.random_founding import SITES, FoundedCompany

from raincheck.actions import floor, move_stock, purchase
from raincheck.actions.receive import Receipt, receive


class SuppliedCompany(FoundedCompany):
    """Facts of suppliers and of the floor. Each answers with what it was."""

    def _purchase(self) -> str:
        po = f"P{len(self.purchases) + 1}"
        request = purchase.PurchaseRequest(
            po,
            self.chance.choice(["acme", "slow"]),
            self.chance.choice(SITES),
            self._lines(20),
            self.chance.choice([self._due(), self._due(), None]),
            self.chance.choice(["confirmed", "confirmed", "sent", "draft"]),
        )
        purchase.purchase(request, at=self.at)
        self.purchases.append(po)
        return f"{po} {request.units_by_sku} {request.due_on} {request.state}"

    def _confirm(self) -> str:
        po = self._some(self.purchases)
        purchase.confirm(po, self._due(), self.chance.choice([None, self._lines(15)]), at=self.at)
        return po

    def _reschedule(self) -> str:
        po = self._some(self.purchases)
        purchase.reschedule(po, self._due(), at=self.at)
        return po

    def _receive(self) -> str:
        kind = self.chance.choice(["purchase", "purchase", "transfer"])
        ref = self._some(self.purchases if kind == "purchase" else self.transfers)
        lines = self._lines(15)
        damaged = self.chance.choice([{}, {}, self._lines(2)])
        receive(Receipt(lines, damaged, kind, ref), at=self.at)
        return f"{ref} {lines} {damaged}"

    def _close(self) -> str:
        po = self._some(self.purchases)
        purchase.close_short(po, at=self.at)
        return po

    def _count(self) -> str:
        site, lines = self.chance.choice(SITES), self._lines(6)
        move_stock.count(site, lines, at=self.at)
        return f"{site} {lines}"

    def _transfer(self) -> str:
        ref = f"T{len(self.transfers) + 1}"
        there, back = self.chance.sample(SITES, 2)
        lines = self._lines(2)
        move_stock.transfer(ref, there, back, self._due(), lines, at=self.at)
        self.transfers.append(ref)
        return f"{ref} {lines}"

    def _return(self) -> str:
        ref, lines = self._some(self.orders), self._sold(1)
        move_stock.return_goods(ref, lines, self.chance.choice(["good", "damaged"]), at=self.at)
        return f"{ref} {lines}"

    def _floor(self) -> str:
        ref = self._some(self.orders)
        lines = self.chance.choice([None, None, self._sold(3)])
        verb = self.chance.choice(["pick", "pick", "pack", "ship", "ship", "deliver"])
        if verb == "pick":
            floor.pick(ref, lines, at=self.at)
        else:
            act = {"pack": floor.pack, "ship": floor.ship, "deliver": floor.deliver}[verb]
            act(ref, None, lines, at=self.at)
        return f"{verb} {ref} {lines}"
