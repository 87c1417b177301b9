"""Everything that a report of one run says, worked out once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from karb_core.domain.amount import Amount
from karb_core.domain.parts import Parts
from karb_core.ports import Backtested
from karb_research.breakdown import Group, by_month, by_pair, by_tier
from karb_research.correlation import Correlations, of_pairs, of_tiers
from karb_research.metrics import Metrics, metrics
from karb_research.premiums import Premiums
from karb_research.refused import Refused, refused


@dataclass(frozen=True, slots=True)
class Study:
    """parts: of the whole run, open lots at the last prices; booked: what trades that ended came to, at the rates of
    their exits; longest_ns: the longest that a lot was held, open ones included; lagged_cost: what plans of which a leg
    lagged cost beyond their prices; premiums: of pairs of two legs.
    """

    came: Backtested
    metrics: Metrics
    parts: Parts
    booked: Amount
    longest_ns: int
    lagged_cost: Amount
    pairs: tuple[Group, ...]
    tiers: tuple[Group, ...]
    months: tuple[Group, ...]
    refused: tuple[Refused, ...]
    of_pairs: Correlations
    of_tiers: Correlations
    premiums: Mapping[str, Premiums]


def study_of(came: Backtested) -> Study:
    book = came.capital.asset
    premiums = {name: Premiums.of(series) for name, series in came.series.items() if len(series.legs) == 2}
    held = [*(trade.held_ns for trade in came.trades), *(came.ended_ns - lot.opened_at_ns for lot in came.open_lots)]
    return Study(
        came=came,
        metrics=metrics(came, premiums),
        parts=came.days[-1].parts if came.days else Parts.none(book),
        booked=Amount.total((trade.net for trade in came.trades), book),
        longest_ns=max(held, default=0),
        lagged_cost=Amount.total((one.cost for one in came.lagging), book),
        pairs=tuple(by_pair(came)),
        tiers=tuple(by_tier(came)),
        months=tuple(by_month(came)),
        refused=tuple(refused(came.refusals)),
        of_pairs=of_pairs(came.days),
        of_tiers=of_tiers(came.days),
        premiums=premiums,
    )
