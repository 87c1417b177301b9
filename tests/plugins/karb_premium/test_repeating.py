"""Where a signal says that it surely proposes something again, judging proposes just that."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from karb_core.domain.decisions import Proposal, ProposalKind
from karb_core.domain.lots import Lot
from karb_core.ports import Fired, LeavingColumns, PairSeries, Standing
from tests.plugins.karb_premium.signals import plain, series, tiered
from tests.plugins.karb_premium.test_waking import row, signals, steps, walk
from tests.plugins.scene import LONG, SHORT, TERMS, lot


def sides(of: PairSeries, held: Lot, slippage: Decimal) -> LeavingColumns:
    moved = [
        close * float(1 + leg.side.opposite.sign * slippage) for close, leg in zip(of.closes, held.legs, strict=True)
    ]
    assert of.rate is not None
    return LeavingColumns(tuple(moved), of.rate, of.money if of.money is not None else np.zeros(len(of.rate)))


def judged(signal: Any, of: PairSeries, standing: Standing, slippage: Decimal) -> dict[int, Any]:
    features = signal.features(of)
    whole = np.flatnonzero(of.present[0] & of.present[1]).tolist()
    return {at: signal.judge(row(of, features, at, slippage), standing, TERMS) for at in whole}


def alike(one: Proposal, other: Proposal) -> bool:
    return (one.kind, one.tier, one.side, one.rules, one.lot_ids) == (
        other.kind,
        other.tier,
        other.side,
        other.rules,
        other.lot_ids,
    )


held = st.builds(
    lambda side, near, target, funding, name: lot(
        side, near=str(near), target=target, funding=funding, name=name, fees=("50", "0.05")
    ),
    st.sampled_from([SHORT, LONG]),
    st.integers(970, 1060).map(lambda n: n * 100),
    st.sampled_from([None, "0.001", "0.008", "0.02"]),
    st.sampled_from([(), ("-0.3 USDT",), ("0.3 USDT",), ("0.2 USDT", "-100 KRW")]),
    st.sampled_from(["a", "b"]),
)
standings = st.builds(
    lambda lots, fired: Standing(
        tuple({each.id: each for each in lots}.values()),
        tuple(Fired(name, 1, Decimal(0), done) for name, done in fired),
        frozenset({"a", "b"}),
    ),
    st.lists(held, max_size=2),
    st.lists(st.tuples(st.sampled_from(["", "normal", "extreme", "ultra"]), st.booleans()), max_size=2),
)


@settings(max_examples=150, deadline=None)
@given(signals, standings, steps, st.booleans(), st.booleans(), st.sampled_from(["0", "0.0003"]))
def test_what_is_sure_is_what_judging_proposes_and_nothing_else(
    signal: Any, standing: Standing, moves: list[int | None], rates: bool, money: bool, slippage: str
) -> None:
    of, moved = walk(moves, rates, money), Decimal(slippage)
    found = judged(signal, of, standing, moved)
    entries = [p for each in found.values() for p in each.proposals if p.kind is ProposalKind.ENTRY]
    at = {each.id: sides(of, each, moved) for each in standing.lots}
    with np.errstate(all="ignore"):
        sure = signal.repeats(signal.features(of), standing, TERMS, entries, at)
    for here, each in found.items():
        only = not each.reminders and each.rearmed is None
        for proposal, mask in zip(entries, sure.entries, strict=True):
            if mask[here]:
                assert only and len(each.proposals) == 1 and alike(each.proposals[0], proposal)
        if sure.leaves and sure.certain[here]:
            leaves = tuple((name,) for name, mask in sure.leaves.items() if mask[here])
            assert (only and all(p.kind is ProposalKind.EXIT for p in each.proposals)) or not leaves
            assert tuple(p.lot_ids for p in each.proposals if p.kind is ProposalKind.EXIT) == leaves


def test_an_entry_that_goes_on_is_sure_and_one_at_its_very_bound_is_not() -> None:
    of = series([103_000.0] * 7 + [103_100.0])
    far_out = float(plain().features(of)["z"][-1])
    for bound, sure in ((Decimal("1.5"), True), (Decimal.from_float(far_out), False)):
        signal = plain(entry=bound)
        (proposal,) = judged(signal, of, Standing(), Decimal(0))[7].proposals
        told = signal.repeats(signal.features(of), Standing(), TERMS, [proposal], {})
        assert bool(told.entries[0][-1]) is sure


@pytest.mark.parametrize(
    ("exits", "tells"),
    [({}, True), ({"stop_loss": "9%"}, False), ({"exit_z": 9}, False), ({"profit_by": "krw"}, False)],
)
def test_ways_out_are_sure_only_where_nothing_but_a_target_in_points_can_be_their_reason(
    exits: dict[str, Any], tells: bool
) -> None:
    of, one = series([102_000.0, 90_000.0], money=[1000.0] * 2), lot(SHORT, near="102000", target="0.008")
    signal, standing = tiered(exits), Standing((one,))
    told = signal.repeats(signal.features(of), standing, TERMS, [], {one.id: sides(of, one, Decimal(0))})
    assert [bool(mask[1]) for mask in told.leaves.values()] == ([True] if tells else [])
    assert bool(told.certain[1]) is tells


def test_nothing_is_sure_of_a_lot_whose_funding_has_no_rate() -> None:
    of, one = series([102_000.0, 90_000.0]), lot(SHORT, near="102000", target="0.008", funding=("-0.3 USDT",))
    signal, standing = tiered({"funding": "counted"}), Standing((one,))
    assert not judged(signal, of, standing, Decimal(0))[1].proposals
    told = signal.repeats(signal.features(of), standing, TERMS, [], {one.id: sides(of, one, Decimal(0))})
    assert not told.leaves[one.id][1]
    assert not told.certain[1]
