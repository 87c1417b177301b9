"""How far a run was from acting at a time: its journal judged again, bound by bound, by the rules that ran."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePath

from karb_core.domain.decisions import Cited, Seen, SeenValue, seen, statistic
from karb_core.engine.strategy import Strategy
from karb_core.ledger.ledger import Ledger
from karb_core.ledger.runs import Run
from karb_core.ports import Explained, Explaining, Moment, Standing
from karb_core.rulebook.rulebook import Rulebook
from karb_core.texts.text import Text
from karb_core.wiring.kept_rules import kept_rules
from karb_core.wiring.looked_at import LookedAt
from karb_core.wiring.strategy_of import strategy_of


@dataclass(frozen=True, slots=True)
class RanBy:
    """The rules a run was carried out by; `notes` say where they are not the file's of now. None: nobody has them."""

    rulebook: Rulebook | None
    notes: tuple[Text, ...] = ()


@dataclass(frozen=True, slots=True)
class Why:
    """What was seen at one moment, and each bound with the owner's line that states it."""

    seen: Seen
    bounds: tuple[tuple[Explained, Cited], ...]


def ran_by(ledger: Ledger, run: Run, now: Rulebook) -> RanBy:
    """The file as it is now where its rules are those that ran, else as the ledger kept it."""
    if now.digests.rules == run.rules_digest:
        changed = now.digests.assumptions != run.assumptions_digest
        return RanBy(now, (Text("why.other_assumptions"),) if changed else ())
    other = Text("why.other_rules", {"path": now.source.name})
    kept = kept_rules(ledger, run.rules_digest, PurePath(now.source.name).name)
    made = None if kept is None else kept.rulebook
    if made is None or made.digests.rules != run.rules_digest:
        return RanBy(None, (Text("why.rules_gone"),))
    changed = made.digests.assumptions != run.assumptions_digest
    return RanBy(made, (other, Text("why.other_assumptions")) if changed else (other,))


def why(looked: LookedAt, moment: Moment, by: Rulebook | None) -> Why:
    """A signal that cannot explain itself, or whose rules nobody has, tells its features as they are."""
    if by is not None:
        return told_of(strategy_of(by, {}), moment, looked.standing)
    return Why(seen(dict(_features(moment))), ())


def told_of(strategy: Strategy, moment: Moment, standing: Standing) -> Why:
    """What this strategy's signal says of a moment; its features as they are where it cannot explain itself."""
    if not isinstance(strategy.signal, Explaining):
        return Why(seen(dict(_features(moment))), ())
    told = strategy.signal.explain(moment, standing, strategy.terms)
    return Why(told.seen, tuple((bound, strategy.signal_cite(bound.rule)) for bound in told.bounds))


def _features(moment: Moment) -> Iterator[tuple[str, SeenValue]]:
    for name, value in moment.features.items():
        if isinstance(value, int):
            yield name, value
        else:
            try:
                yield name, statistic(value)
            except ValueError:
                yield name, None
