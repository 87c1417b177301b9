"""What a signal proposes for lots that are open: the ways out of its exit policy, and reminders of those held too long."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal

from karb_core.domain.decisions import Cause, Proposal, ProposalKind, Reminder, seen
from karb_core.domain.lots import Lot
from karb_core.ports import Moment, Standing, Terms
from karb_core.rules.exit_policy import ExitPolicy
from karb_core.rules.exits import exit_due, reminder_due
from karb_core.rules.leaving import Leaving


def _nothing(leaving: Leaving) -> tuple[str, ...]:  # noqa: ARG001
    return ()


@dataclass(frozen=True, slots=True)
class OpenLots:
    """One pair's lots at one moment. z: NaN where the signal has none or it is undefined; premium: the row's, None where
    absent; target_rule: the parameter that set a lot's target; own: the signal's own lines by which a lot is left too.
    """

    policy: ExitPolicy
    target_rule: Callable[[Lot], str]
    z: float
    premium: Decimal | None
    own: Callable[[Leaving], tuple[str, ...]] = _nothing

    def ways_out(self, moment: Moment, standing: Standing, terms: Terms) -> Iterator[Proposal]:
        """One for each lot that is due. Edge: no lot is left at the moment at which it was opened."""
        for lot in standing.lots:
            if lot.flat or lot.opened_at_ns >= moment.at_ns:
                continue
            leaving = Leaving(lot, moment.tops, moment.rates, terms.costs)
            due = exit_due(
                self.policy,
                leaving,
                z=self.z,
                at_ns=moment.at_ns,
                target_rule=self.target_rule(lot),
                own=self.own(leaving),
            )
            if due is not None:
                yield Proposal(
                    pair=moment.pair,
                    kind=ProposalKind.EXIT,
                    cause=Cause.TAKEN,
                    tier=lot.tier,
                    side=lot.side,
                    rules=due.rules,
                    lot_ids=(lot.id,),
                    target=lot.target,
                    seen=seen({**dict(due.seen), "premium": self.premium}),
                )

    def reminders(self, moment: Moment, standing: Standing, terms: Terms) -> Iterator[Reminder]:
        """`max_holding: {then: tell}`: also of a lot whose exit is proposed, for that may be refused."""
        for lot in standing.lots:
            if lot.flat or lot.id in standing.reminded:
                continue
            leaving = Leaving(lot, moment.tops, moment.rates, terms.costs)
            due = reminder_due(self.policy, leaving, z=self.z, at_ns=moment.at_ns)
            if due is not None:
                yield Reminder(
                    pair=moment.pair, lot_id=lot.id, tier=lot.tier, side=lot.side, rules=due.rules, seen=due.seen
                )
