"""Why one of two runs did not do at a moment what the other did: the first thing that stood against it."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from karb_core.domain.decisions import Cause, Cited, SeenValue
from karb_core.domain.exact import text
from karb_core.domain.instant import to_text
from karb_core.ledger.decisions import Written
from karb_core.ports import Explained
from karb_core.rules.shown import shown
from karb_core.texts.text import Said, Text
from karb_core.wiring.divergence.asked_run import AskedRun
from karb_core.wiring.divergence.held import Held


def why_not_entered(asked: AskedRun, held: Held, ended_ns: int, lots: Iterable[Held]) -> Said | None:
    """Why `asked` did not enter at the moment at which the other entered `held`; `lots`: its own. None: nobody knows."""
    lot, at_ns = held.lot, held.entered_ns
    return _first(
        lambda: _outside(asked, at_ns, ended_ns),
        lambda: _decided(asked, asked.entered(lot.pair, lot.side, at_ns), at_ns),
        lambda: _refused(asked, asked.refused(lot.pair, lot.side, lot.tier, None, at_ns)),
        lambda: _halted(asked, at_ns),
        lambda: _unjudged(asked, lot.pair, at_ns),
        lambda: _stopped(asked, at_ns),
        lambda: _unmet(asked, lot.pair, at_ns, {"", lot.tier or ""}),
        lambda: _in_already(asked, held, lots),
    )


def why_not_left(asked: AskedRun, stayed: Held, other: AskedRun, left: Held, ended_ns: int) -> Said | None:
    """Why `asked` did not leave `stayed` at the moment at which the other left `left`. None: nobody knows."""
    assert left.left_ns is not None
    at_ns, pair = left.left_ns, left.lot.pair
    return _first(
        lambda: _traded_back(other, left),
        lambda: _forced(other, pair, other.left(pair, left.lot.id, at_ns), at_ns),
        lambda: _outside(asked, at_ns, ended_ns),
        lambda: _decided(asked, asked.left(pair, stayed.lot.id, at_ns), at_ns),
        lambda: _refused(asked, asked.refused(pair, left.lot.side, None, stayed.lot.id, at_ns)),
        lambda: _unjudged(asked, pair, at_ns),
        lambda: _unmet(asked, pair, at_ns, {stayed.lot.id}),
    )


def _first(*asked: Callable[[], Said | None]) -> Said | None:
    return next((told for ask in asked if (told := ask()) is not None), None)


def _outside(asked: AskedRun, at_ns: int, ended_ns: int) -> Said | None:
    if asked.began_ns is None or at_ns < asked.began_ns:
        return Text("parity.why.before", {"mode": asked.run.mode, "at": to_text(at_ns)})
    return Text("parity.why.after", {"mode": asked.run.mode, "at": to_text(at_ns)}) if at_ns > ended_ns else None


def _decided(asked: AskedRun, decision: Written | None, at_ns: int) -> Said | None:
    """It was decided there too, and did not come to what was planned."""
    return None if decision is None else Text("parity.why.unfilled", {"mode": asked.run.mode, "at": to_text(at_ns)})


def _refused(asked: AskedRun, refusal: Written | None) -> Said | None:
    if refusal is None:
        return None
    told = refusal.document()
    denied = told["denied"][0]
    place = next((_place(Cited(**cited)) for cited in told["cited"] if cited["rule"] == denied["rule"]), "")
    observed, limit = shown(denied["observed"], denied["limit"])
    line = f"{place} {denied['rule']}".strip()
    return Text("parity.why.refused", {"mode": asked.run.mode, "line": line, "observed": observed, "limit": limit})


def _halted(asked: AskedRun, at_ns: int) -> Said | None:
    halt = asked.halted(at_ns)
    if halt is None:
        return None
    return Text(
        "parity.why.halted",
        {"mode": asked.run.mode, "at": to_text(halt.at_ns), "strength": halt.strength, "reason": halt.reason},
    )


def _stopped(asked: AskedRun, at_ns: int) -> Said | None:
    """It judged, and took nothing of it for what its ledger has no row of."""
    if at_ns not in asked.stopped:
        return None
    return Text("parity.why.stopped", {"mode": asked.run.mode, "strength": asked.stopped[at_ns].word})


def _unjudged(asked: AskedRun, pair: str, at_ns: int) -> Said | None:
    if asked.has_judged(pair, at_ns):
        return None
    return Text("parity.why.unjudged", {"mode": asked.run.mode, "at": to_text(at_ns)})


def _unmet(asked: AskedRun, pair: str, at_ns: int, about: set[str]) -> Said | None:
    """The first bound of these that was not met by what it saw then."""
    known = asked.moment(pair, at_ns)
    if known is None:
        return None
    unmet = ((bound, cited) for bound, cited in known[1].bounds if not bound.met and bound.about in about)
    bound, cited = next(unmet, (None, None))
    return None if bound is None or cited is None else _of_bound(asked, bound, cited, at_ns)


def _of_bound(asked: AskedRun, bound: Explained, cited: Cited, at_ns: int) -> Said:
    seen, needed = shown(_told(bound.seen), _told(bound.needed))
    needs = f"{bound.of} {seen} {bound.relation} {needed}"
    line = f"{_place(cited)} {cited.rule}".strip()
    return Text("parity.why.unmet", {"mode": asked.run.mode, "at": to_text(at_ns), "line": line, "asked": needs})


def _in_already(asked: AskedRun, held: Held, lots: Iterable[Held]) -> Said | None:
    """It had entered this tier before, and held it then: the tier had fired."""
    at_ns = held.entered_ns
    before = (each for each in lots if each.key == held.key and each.entered_ns < at_ns)
    held_then = next((each for each in before if each.left_ns is None or each.left_ns > at_ns), None)
    if held_then is None:
        return None
    return Text("parity.why.held", {"mode": asked.run.mode, "at": to_text(held_then.entered_ns)})


def _traded_back(other: AskedRun, left: Held) -> Said | None:
    """What a lot's own entry closed again: a leg did not fill, and the owner's ladder traded the other back."""
    return Text("parity.why.traded_back", {"mode": other.run.mode}) if left.left_ns == left.entered_ns else None


def _forced(other: AskedRun, pair: str, decision: Written | None, at_ns: int) -> Said | None:
    """The other did not leave because the owner's policy said so."""
    if decision is None:
        cause = None if other.has_judged(pair, at_ns) else Cause.FORCED.value
    else:
        cause = None if decision.cause == Cause.TAKEN.value else decision.cause
    if cause is None:
        return None
    return Text("parity.why.forced", {"mode": other.run.mode, "at": to_text(at_ns), "cause": cause})


def _place(cited: Cited) -> str:
    return f"{cited.file}:{cited.line}" if cited.line else ""


def _told(value: SeenValue) -> str:
    if value is None:
        return "-"
    return str(value) if isinstance(value, int | str) else text(value)
