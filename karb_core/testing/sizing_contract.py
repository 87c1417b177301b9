"""The contract of a sizing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any, ClassVar

from karb_core.domain import exact
from karb_core.domain.decisions import Denied, Proposal
from karb_core.domain.premium import Direction
from karb_core.ports import AccountView, Moment, Sized
from karb_core.testing.deciding_contract import DecidingContract
from karb_core.testing.scene import LONG, SHORT, account, moment, proposal

Case = tuple[Proposal, Moment, AccountView]


class SizingContract(DecidingContract):
    """tiers: the signal's tiers that it sizes; () for a signal without tiers. may_exceed_share: why an entry may be larger
    than its pair's share, empty where none may be.
    """

    port: ClassVar[str] = "sizing"
    tiers: ClassVar[Sequence[str]] = ()
    may_exceed_share: ClassVar[str] = ""

    def cases(self) -> Sequence[Case]:
        """What it is asked: an entry of each tier and side, with nothing open. Add what its rules look at."""
        tiers: Sequence[str | None] = self.tiers or (None,)
        return [(proposal(tier, side), moment(), account()) for tier in tiers for side in (SHORT, LONG)]

    def inputs(self) -> Any:
        return self.cases()

    def outcomes(self, component: Any) -> object:
        return [component.size(*case) for case in self.inputs()]

    def test_it_sizes_something(self) -> None:
        assert any(isinstance(found, Sized) for _, found in self._answers())

    def test_what_it_names_is_a_line_of_the_owners(self) -> None:
        answers = [found for _, found in self._answers()]
        named = [(found.rule,) if isinstance(found, Denied) else found.rules for found in answers]
        strange = self.no_lines(rule for rules in named for rule in rules)
        assert not strange, f"no lines of the owner's: {strange}"

    def test_each_leg_is_one_of_the_pairs_at_the_side_we_would_trade(self) -> None:
        for (asked, at, _), found in self._answers():
            if isinstance(found, Sized):
                near_side = Direction(asked.side).near_side
                sides = (near_side, near_side.opposite)
                assert [leg.instrument for leg in found.legs] == list(at.legs)
                assert [leg.side for leg in found.legs] == list(sides)
                prices = [top.to(side) for top, side in zip(at.tops, sides, strict=True)]
                assert [leg.price.value for leg in found.legs] == prices

    def test_the_legs_of_one_base_move_it_alike(self) -> None:
        for _, found in self._answers():
            if isinstance(found, Sized) and len({leg.instrument.base for leg in found.legs}) == 1:
                total = exact.total(leg.amount.value for leg in found.legs)
                assert not total, f"the legs leave {exact.text(total)} of the base uneven"

    def test_an_entry_is_no_larger_than_its_pairs_share(self) -> None:
        for (asked, _, state), found in self._answers():
            if isinstance(found, Sized) and not self.may_exceed_share:
                share = state.terms.pairs[asked.pair].share
                limit = exact.mul(state.terms.capital.value, share)
                near = abs(found.legs[0].amount).at(found.legs[0].price).value
                assert near <= limit, f"{near} of a share of {limit}"

    def test_without_a_price_nothing_is_sized(self) -> None:
        for spoilt in (Decimal(0), Decimal("NaN")):
            for asked, at, state in self.cases():
                tops = tuple(replace(top, bid=spoilt, ask=spoilt) for top in at.tops)
                try:
                    found = self.built().size(asked, replace(at, tops=tops), state)
                except Exception:  # noqa: BLE001 - whatever it raises, nothing is traded
                    continue
                assert isinstance(found, Denied), f"sized at a price of {spoilt}"

    def _answers(self) -> list[tuple[Case, Sized | Denied]]:
        return [(case, self.built().size(*case)) for case in self.cases()]
