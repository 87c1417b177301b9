"""The way out: a policy that can end a position, and targets that are worth reaching."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from karb_core.domain.exact import add, mul
from karb_core.ports import PairView
from karb_core.rulebook.finding import Finding
from karb_core.rulebook.percent import percent
from karb_core.rulebook.reviews.case import Case
from karb_core.texts.text import Text

_THERE_AND_BACK = Decimal(2)


def review_exits(case: Case) -> Iterator[Finding]:
    signal = case.view.signal
    if signal is None:
        return
    policy = signal.exit
    forced = policy.max_holding is not None and policy.max_holding.then == "exit"
    for name, tier in signal.tiers.items():
        path = ("signal", "with", *tier.path)
        if tier.target is None and policy.exit_z is None and policy.stop_loss is None and not (forced or tier.leaves):
            yield case.warning("K418", path, Text("exit.none", {"tier": name}), Text("exit.none.help"))
        elif tier.target is not None and policy.profit == "gross":
            yield from _below_costs(case, tier.target, path)
    only_profit = next(
        (s for s in case.view.seats if getattr(s.component, "refuses_losses", False) and "exit" in s.at), None
    )
    if policy.stop_loss is not None and only_profit is not None:
        path = ("signal", "with", "exit", "stop_loss")
        said = Text("exit.contradiction", {"gate": only_profit.use})
        yield case.error("K407", path, said, Text("exit.contradiction.help", {"gate": only_profit.use}))


def _below_costs(case: Case, target: Decimal, path: tuple[str | int, ...]) -> Iterator[Finding]:
    for name, pair in case.view.pairs.items():
        costs = _round_trip(case, pair)
        if target <= costs:
            args = {"target": percent(target), "costs": percent(costs), "pair": name}
            yield case.warning("K409", path, Text("exit.below_costs", args), Text("exit.below_costs.help"))
            return


def _round_trip(case: Case, pair: PairView) -> Decimal:
    # karb: constant because a venue without costs is an error of its own (K413)
    once = add(case.view.costs.get(pair.near.venue, Decimal(0)), case.view.costs.get(pair.far.venue, Decimal(0)))
    return mul(once, _THERE_AND_BACK)
