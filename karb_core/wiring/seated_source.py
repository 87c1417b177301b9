"""A source of rates in its seat: what it calls a dollar books what is priced in a dollar token, where the owner seats it so."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from karb_core.domain.market import FxRate
from karb_core.ports import Clock, FxSource, OpensSource, Secrets
from karb_core.ports.fx_source import EmitRate
from karb_core.rulebook.rulebook import Rulebook
from karb_core.rulebook.sections import Pair
from karb_core.wiring.secret_values import secret_value
from karb_core.wiring.strategy_of import built


@dataclass(frozen=True, slots=True)
class SeatedSource:
    """As the source, each rate as one of `base` in `quote`: the same that a run over data is given."""

    source: FxSource
    base: str
    quote: str

    def max_age_ns(self) -> int:
        return self.source.max_age_ns()

    def when_closed_ns(self) -> int | None:
        return self.source.when_closed_ns()

    def is_open(self, at_ns: int) -> bool:
        return self.source.is_open(at_ns)

    async def run(self, emit: EmitRate, clock: Clock) -> None:
        await self.source.run(lambda rate: emit(self._seated(rate)), clock)

    async def past(self, since_ns: int, until_ns: int) -> Iterable[FxRate]:
        return [self._seated(rate) for rate in await self.source.past(since_ns, until_ns)]

    def _seated(self, rate: FxRate) -> FxRate:
        return replace(rate, base=self.base, quote=self.quote)


def seated_sources(rulebook: Rulebook, secrets: Secrets = secret_value) -> dict[str, FxSource]:
    """By seat, the file's sources, opened. Errors: PluginUnusable; `SecretUnset`."""
    way = crossed(rulebook.file.pairs)
    made = {str(seat.path[1]): opened_source(built(seat), secrets) for seat in rulebook.seats_of("fx_source")}
    return made if way is None else {seat: SeatedSource(source, *way) for seat, source in made.items()}


def opened_source(source: Any, secrets: Secrets) -> FxSource:
    """Errors: `SecretUnset`."""
    opened: FxSource = source.open_source(secrets) if isinstance(source, OpensSource) else source
    return opened


def crossed(pairs: Mapping[str, Pair]) -> tuple[str, str] | None:
    """What the seats convert, from and to: the quotes of the pairs' legs; None where no pair has two."""
    pair = next((each for each in pairs.values() if each.near.quote != each.far.quote), None)
    return None if pair is None else (pair.far.quote, pair.near.quote)
