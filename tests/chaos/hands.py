"""What other hands do in an episode, at a time that was drawn."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from random import Random

from karb_core.domain.amount import Amount
from karb_core.domain.orders import Filled, Side
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


def change_facts(truth: Truth, random: Random) -> str:
    """A venue asks something else of orders from now on: a coarser step, a higher least notional, a wider tick. karb
    goes on by what it read at its start, so orders that do not fit are refused."""
    kind = random.choice(("step", "least", "least", "tick"))
    leg = FAR if kind == "step" else random.choice((NEAR, FAR))
    stated = truth.books[leg.venue].terms.facts[leg]
    least = (stated.min_notional or Decimal(0)) * random.choice((4, 40, 400))
    changed = {
        "step": replace(stated, amount_step=stated.amount_step * 10),
        "least": replace(stated, min_notional=least),
        "tick": replace(stated, ticks=tuple(replace(band, tick=band.tick * 5) for band in stated.ticks)),
    }[kind]
    truth.books[leg.venue].restate(changed)
    return f"{leg.text()}: another {kind}"


def second_karb(truth: Truth, at_ns: int) -> str | None:
    """Another karb with a ledger of its own enters its pair on this account. It differs from a foreign mark in that it
    trades both legs. One with this ledger does not begin: the lease refuses it."""
    amount = Decimal("0.01")
    legs = ((NEAR, Side.BUY), (FAR, Side.SELL))
    told = [other_desk_trades(truth, leg, side, amount, at_ns, "zz8") for leg, side in legs]
    traded = [o for o in told if isinstance(o, Filled) and o.filled.value]
    return f"{len(traded)} legs of another karb's" if traded else None
