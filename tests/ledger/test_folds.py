"""What is folded from rows equals what was folded in memory from the same facts."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given, settings
from hypothesis import strategies as st

from karb_core.domain import exact
from karb_core.domain.amount import Amount
from karb_core.domain.holdings import Account, Holdings
from karb_core.domain.lots import Lot
from karb_core.domain.orders import Side
from karb_core.ledger import folds
from karb_core.ledger.ledger import Ledger, open_ledger
from karb_core.ledger.reading import Shared, Whose, decisions, fills, incomes, opened_lots
from karb_core.ports.journal import Booked
from karb_core.ports.view import Fired, Standing
from tests.domain.draws import decimals, prices, signed
from tests.ledger.words import KINDS, PERP, RUN, SPOT, entry, fill, lot, rearm, refusal

LOTS = ("a", "b", "c")
parts = st.dictionaries(st.sampled_from(LOTS), decimals(1, 1000), min_size=1)


@st.composite
def shared(draw: st.DrawFn, trade_id: str) -> Shared:
    """A fill and its shares, which add up to it; some are for no lot, as a venue's own doing may be."""
    weights = draw(parts)
    amount = sum(weights.values(), Decimal(0))
    side = draw(st.sampled_from(Side))
    traded = fill(
        trade_id,
        instrument=draw(st.sampled_from([SPOT, PERP])),
        side=side,
        amount=amount,
        price=draw(prices),
        fee=draw(signed),
        fee_asset=draw(st.sampled_from(["EUR", "USD", "DOT"])),
    )
    base = traded.instrument.amount
    mine = tuple((lot_id, base(exact.mul(weight, side.sign))) for lot_id, weight in weights.items())
    return traded, mine if draw(st.booleans()) else ()


@st.composite
def settled(draw: st.DrawFn, income_id: str) -> Booked:
    paid = draw(st.dictionaries(st.sampled_from(LOTS), signed))
    received = Amount(Decimal(0), "USD")
    for part in paid.values():
        received += Amount(part, "USD")
    return Booked(income_id, PERP, received, 7, tuple((lot_id, Amount(part, "USD")) for lot_id, part in paid.items()))


facts = st.lists(st.booleans(), max_size=12).flatmap(
    lambda kinds: st.tuples(*(shared(f"t{n}") if of else settled(f"i{n}") for n, of in enumerate(kinds)))
)


def written(path: Path, happened: Sequence[Shared | Booked], *, twice: bool) -> Ledger:
    ledger = open_ledger(path)
    journal = ledger.begin(RUN, 5, batch_rows=5)
    for lot_id in LOTS:
        journal.lot(lot(lot_id))
    for fact in [*happened, *happened] if twice else happened:
        if isinstance(fact, Booked):
            journal.income(fact)
        else:
            journal.fill(*fact)
    journal.end("done", 9)
    return ledger


@settings(max_examples=25, deadline=None)
@given(facts, st.booleans())
def test_holdings_and_lots_are_the_same_from_rows(happened: tuple[Shared | Booked, ...], twice: bool) -> None:
    before = Holdings({Account("korbit", "ADA"): Decimal(7)})
    held = before
    traded = [fact for fact in happened if not isinstance(fact, Booked)]
    paid = [fact for fact in happened if isinstance(fact, Booked)]
    for one, _ in traded:
        held = held.with_fill(one, KINDS[one.instrument])
    for booked in paid:
        held = held.with_funding("dydx", booked.received)
    with TemporaryDirectory() as folder:
        ledger = written(Path(folder) / "karb.ledger", happened, twice=twice)
        mine = Whose.of(RUN)
        assert list(fills(ledger, mine)) == traded
        assert list(incomes(ledger, mine)) == paid
        assert folds.holdings(before, fills(ledger, mine), incomes(ledger, mine), KINDS) == held
        lots = folds.lots(opened_lots(ledger, mine), fills(ledger, mine), incomes(ledger, mine))
        ledger.close()
    assert list(lots) == list(LOTS)
    for lot_id in LOTS:
        need_sums(lots[lot_id], traded, paid)
    need_whole_fees(lots, traded)


def need_sums(found: Lot, traded: Sequence[Shared], paid: Sequence[Booked]) -> None:
    for leg in found.legs:
        mine = [
            (Fraction(amount.value), Fraction(one.price.value), one.side is leg.side)
            for one, shares in traded
            for lot_id, amount in shares
            if lot_id == found.id and one.instrument == leg.instrument
        ]
        entered, spent, left, came = (Fraction(0),) * 4
        for amount, price, into in mine:
            if into and abs(amount) > abs(left):
                entered, spent = entered + amount, spent + amount * price
            else:  # on the way out, or traded back of it
                left, came = left + amount, came + amount * price
        told = [Fraction(sums.value) for sums in (leg.entered, leg.entered_cost, leg.left, leg.left_cost)]
        assert told == [entered, spent, left, came]
    received = [part for booked in paid for lot_id, part in booked.lots if lot_id == found.id]
    total = sum((Fraction(part.value) for part in received), Fraction(0))
    assert [Fraction(amount.value) for amount in found.funding] == ([total] if received else [])


def need_whole_fees(lots: dict[str, Lot], traded: Sequence[Shared]) -> None:
    """Every fee of a fill that lots have is borne by them, to the last digit, each to its part of the fill."""
    for asset in ("EUR", "USD", "DOT"):
        shared_out = [(one, shares) for one, shares in traded if shares and one.fee.asset == asset]
        borne = {lot_id: fee_of(one, asset) for lot_id, one in lots.items()}
        assert sum(borne.values(), Fraction(0)) == sum((Fraction(one.fee.value) for one, _ in shared_out), Fraction(0))
        for lot_id in LOTS:
            due = sum(
                Fraction(one.fee.value) * Fraction(amount.value) / Fraction(one.moved.value)
                for one, shares in shared_out
                for of, amount in shares
                if of == lot_id
            )
            assert abs(borne[lot_id] - due) <= Fraction(len(shared_out) * len(LOTS), 10**18)


def fee_of(found: Lot, asset: str) -> Fraction:
    return sum((Fraction(fee.value) for fee in found.fees if fee.asset == asset), Fraction(0))


def test_what_fired_is_what_was_entered_since_the_last_rearming(ledger: Ledger) -> None:
    journal = ledger.begin(RUN, 5)
    for pair, intent, at in (("ADA", "old", 1), ("ADA", "unfilled", 3), ("ADA", "clip", 4), ("DOT", "other", 5)):
        journal.decision(entry(at, pair=pair, intent=intent, complete=intent != "clip"))
        journal.lot(lot(intent, pair=pair))
        if intent != "unfilled":
            sold = fill(f"t-{intent}")
            journal.fill(sold, [(intent, sold.moved)])
        if intent == "old":
            journal.decision(rearm(2))
    journal.decision(refusal(6))
    journal.end("done", 9)
    later = ledger.begin(RUN, 10)
    back = fill("t-back", side=Side.BUY)
    later.fill(back, [("other", back.moved)])
    later.end("done", 11)

    mine = Whose.of(RUN)
    lots = folds.lots(opened_lots(ledger, mine), fills(ledger, mine), incomes(ledger, mine))
    fired = folds.fired(decisions(ledger, mine), lots)
    assert fired == {
        "ADA": (Fired("normal", 4, Decimal("0.031"), complete=False),),
        "DOT": (Fired("normal", 5, Decimal("0.031"), complete=True),),
    }
    assert folds.standing(lots, fired) == {
        "ADA": Standing((lots["old"], lots["clip"]), fired["ADA"]),
        "DOT": Standing((), fired["DOT"]),
    }
    assert lots["other"].flat
    told = folds.standing(lots, fired, {"clip", "other"})
    assert {pair: stands.reminded for pair, stands in told.items()} == {"ADA": {"clip"}, "DOT": frozenset()}
