"""Which sets of rules a house seats: those in force, and each older one by which a lot is still open."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from karb_core.domain.instrument import Instrument, InstrumentFacts
from karb_core.engine.strategy import Strategy
from karb_core.errors import KarbError
from karb_core.ports import BarRows
from karb_core.wiring.market_data import bar_rows
from karb_core.wiring.older_rules import OlderRules
from karb_core.wiring.strategy_of import strategy_of


@dataclass(frozen=True, slots=True)
class SeatsOfRules:
    """`older` by digest. `orphans`: by digest, why nobody can judge what was opened by it."""

    in_force: Strategy
    older: Mapping[str, Strategy]
    orphans: Mapping[str, str]

    @property
    def facts(self) -> dict[Instrument, InstrumentFacts]:
        """Of every instrument that is traded, or still held, by any of them."""
        older = {leg: stated for each in self.older.values() for leg, stated in each.terms.facts.items()}
        return {**older, **self.in_force.terms.facts}

    @property
    def rows(self) -> tuple[BarRows, ...]:
        """What bars their signals read, each kind once. Errors: as `bar_rows`."""
        return tuple(dict.fromkeys(bar_rows(each.signal.rows()) for each in (self.in_force, *self.older.values())))

    def instruments(self, rows: BarRows) -> tuple[Instrument, ...]:
        """Those of which bars of this kind are read."""
        mine = [each for each in (self.in_force, *self.older.values()) if each.signal.rows() == rows]
        return tuple(dict.fromkeys(leg for each in mine for pair in each.terms.pairs.values() for leg in pair.legs))


def seats_of_rules(in_force: Strategy, found: OlderRules, facts: Mapping[Instrument, InstrumentFacts]) -> SeatsOfRules:
    """Edge: rules whose instruments no feed knows any more, and those whose components cannot be built, are orphans."""
    older: dict[str, Strategy] = {}
    orphans = dict(found.unread)
    for digest, rulebook in found.read.items():
        wanted = [leg for pair in rulebook.file.pairs.values() for leg in (pair.near, pair.far)]
        missing = [leg.text() for leg in wanted if leg not in facts]
        if missing:
            orphans[digest] = f"no feed knows {', '.join(missing)} any more"
            continue
        try:
            older[digest] = strategy_of(rulebook, {leg: facts[leg] for leg in wanted})
        except KarbError as e:
            orphans[digest] = str(e)
    return SeatsOfRules(in_force, older, orphans)
