"""What other hands do in an episode, at a time that was drawn."""

from __future__ import annotations

from decimal import Decimal
from random import Random

from karb_core.domain.amount import Amount
from karb_core.domain.orders import Side
from karb_core.venue.forced import Forced
from tests.chaos.faults import Fault
from tests.chaos.places import FAR, NEAR
from tests.chaos.strangers import other_desk_trades, owner_moves, owner_trades
from tests.chaos.trader import FACTS
from tests.chaos.truth import Truth

_FORCED = {
    Fault.DELEVERAGING: Forced.DELEVERAGING, Fault.LIQUIDATION: Forced.LIQUIDATION, Fault.SETTLEMENT: Forced.SETTLEMENT,
}  # fmt: skip
_LITTLE = Decimal("0.002")


def meddle(hand: Fault, truth: Truth, random: Random, at_ns: int) -> bool:
    """Whether it could be done: a venue closes nothing where nothing is open."""
    if hand in _FORCED:
        held = abs(truth.books[FAR.venue].amount(FAR))
        part = FACTS[FAR].amount_step if hand is Fault.DELEVERAGING and random.random() < 0.5 else held
        if held:
            truth.force(_FORCED[hand], FAR, part, truth.market.mark(FAR, at_ns), at_ns)
        return bool(held)
    if hand is Fault.MANUAL_TRADE:
        owner_trades(truth, random.choice((NEAR, FAR)), random.choice(list(Side)), _LITTLE, at_ns)
    elif hand is Fault.FOREIGN_MARK:
        other_desk_trades(truth, random.choice((NEAR, FAR)), random.choice(list(Side)), _LITTLE, at_ns)
    else:
        owner_moves(truth, NEAR.venue, Amount(Decimal("0.01"), NEAR.base), at_ns)
    return True
