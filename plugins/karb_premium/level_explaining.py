"""How far the level signal was from acting at one moment: the bounds of `judge`, each by itself."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from math import nan

from karb_core.domain.decisions import seen
from karb_core.ports import Explained, Explanation, Moment, Standing, Terms
from karb_core.rules.exit_bounds import exit_bounds
from karb_core.rules.leaving import Leaving
from karb_premium.level_judging import compared, funding_now, premium_of
from karb_premium.levels import LevelRules, back, beyond
from karb_premium.zrules import open_lots


def explain(rules: LevelRules, moment: Moment, standing: Standing, terms: Terms) -> Explanation:
    """Entries' bounds, then what each open lot is left by."""
    premium = premium_of(moment)
    told = seen({"premium": premium, "funding": funding_now(moment)})
    return Explanation(
        told, (*_entries(rules, moment, standing, premium), *_exits(rules, moment, standing, terms, premium))
    )


def _entries(rules: LevelRules, moment: Moment, standing: Standing, premium: Decimal | None) -> Iterator[Explained]:
    for name, level in rules.levels.items():
        now = compared(rules, level, moment, premium)
        met = now is not None and beyond(name, now, level.premium)
        yield Explained(f"{name}.premium", "premium", now, ">" if name == "above" else "<", level.premium, met, name)
    if rules.funding_above is not None:
        funding = funding_now(moment)
        met = funding is not None and funding > rules.funding_above
        yield Explained("funding_above", "funding", funding, ">", rules.funding_above, met)
    if rules.max_open is not None:
        held = Decimal(open_lots(standing))
        yield Explained("max_open", "open", held, "<", Decimal(rules.max_open), not rules.full(standing))


def _exits(
    rules: LevelRules, moment: Moment, standing: Standing, terms: Terms, premium: Decimal | None
) -> Iterator[Explained]:
    for lot in standing.lots:
        if lot.flat or lot.opened_at_ns >= moment.at_ns:
            continue
        leaving, name = Leaving(lot, moment.tops, moment.rates, terms.costs), lot.tier or ""
        level = rules.levels.get(name)
        if level is not None and level.leave_at is not None:
            now = leaving.left_at() if rules.at_sides else premium
            met = now is not None and back(name, now, level.leave_at)
            yield Explained(
                f"{name}.leave_at", "premium", now, "<=" if name == "above" else ">=", level.leave_at, met, lot.id
            )
        yield from exit_bounds(rules.exit, leaving, z=nan, at_ns=moment.at_ns, target_rule=rules.target_rule(lot))
