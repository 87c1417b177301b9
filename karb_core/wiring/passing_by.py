"""Refusals of one pair that are sure to come again: while the pair stands as it does they are counted, not judged."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from karb_core.domain import exact
from karb_core.domain.decisions import Decision, DecisionKind, Proposal, ProposalKind
from karb_core.domain.lots import Lot
from karb_core.engine.beyond import beyond
from karb_core.engine.carried import Carried
from karb_core.engine.strategy import GateSeat, Strategy
from karb_core.history.columns import Ints, Mask, ints, mask
from karb_core.ports import Foreseeing, Lasting, LeavingColumns, Moment, Repeating, Standing
from karb_core.venue.bar_market import BarVenues
from karb_core.wiring.pair_rows import PairRows

_NS = 1_000_000  # karb: constant because a millisecond has so many nanoseconds
_JUDGED = -1
_LEAVES = 1_000  # karb: constant because it tells entries and ways out apart, and there are never so many entries
_MOST_LOTS = 32  # karb: constant because so many bits a code has for lots; with more of them every row is judged
_TWICE = 2  # karb: constant because it only keeps clear of a least notional


@dataclass(slots=True)
class PassingBy:
    """`entries` and `exits` (by lot): what was proposed and denied since the pair last stood otherwise.

    A row is passed by where the signal surely proposes just that, the sizing surely denies it, or the gates surely answer
    as they did. What it is counted as is what judging it would have counted: when a refusal began, and each of its
    words, is from a row that was judged.
    """

    strategy: Strategy
    rows: PairRows
    venues: BarVenues
    standing: Standing = field(default_factory=Standing)
    entries: list[tuple[Proposal, Decision]] = field(default_factory=list)
    exits: dict[str, Decision] = field(default_factory=dict)

    def ask(self, standing: Standing, from_ns: int, *, settled: bool = False) -> None:
        """Which rows matter now that the pair stands so; `settled`: only funding was booked since."""
        self.standing = standing
        if not settled:
            self.entries.clear()
            self.exits.clear()
        self.rows.ask(standing, from_ns, self._codes if self.entries or self.exits else None, settled=settled)

    def hear(self, moment: Moment, carried: tuple[Carried, ...]) -> None:
        """What came of a row that was judged, and changed nothing. A pair whose lots are uneven is judged at each row."""
        decisions = [each.decided.decision for each in carried]
        if not decisions or any(d.kind is not DecisionKind.REFUSAL for d in decisions):
            return
        if not isinstance(self.strategy.signal, Repeating) or beyond(self.standing.lots, self.strategy.terms.facts):
            return
        known = len(self.entries) + len(self.exits)
        if decisions[0].lot_ids:
            self.exits |= {d.lot_ids[0]: d for d in decisions if len(d.lot_ids) == 1 and d.lot_ids[0] not in self.exits}
        elif len(decisions) == 1:
            self._hear_entry(moment, decisions[0])
        if len(self.entries) + len(self.exits) > known:
            self.rows.ask(self.standing, moment.at_ns, self._codes)

    def passed(self, until_ns: int) -> Iterator[Decision]:
        """The refusals of rows that were passed by up to then, in their order, each told once."""
        for closed_at_ms, code in self.rows.passed(until_ns):
            for decision in self._told(code):
                yield replace(decision, at_ns=closed_at_ms * _NS)

    def _hear_entry(self, moment: Moment, decision: Decision) -> None:
        sizing = self.strategy.sizing
        if not isinstance(sizing, Lasting) or len(decision.denied) != 1:
            return
        judged = self.strategy.signal.judge(moment, self.standing, self.strategy.terms)
        if len(judged.proposals) != 1 or judged.rearmed is not None or judged.reminders:
            return
        proposal = judged.proposals[0]
        if proposal.kind is not ProposalKind.ENTRY or not sizing.lasts(proposal, decision.denied[0]):
            return
        if not any(
            (p.tier, p.side, p.rules) == (proposal.tier, proposal.side, proposal.rules) for p, _ in self.entries
        ):
            self.entries.append((proposal, decision))

    def _told(self, code: int) -> Iterator[Decision]:
        if code < _LEAVES:
            yield self.entries[code][1]
            return
        for at, lot in enumerate(self._lots()):
            if (code - _LEAVES) >> at & 1:
                yield self.exits[lot.id]

    def _lots(self) -> list[Lot]:
        return [lot for lot in self.standing.lots if not lot.flat]

    def _codes(self, rows: slice) -> Ints:
        """By row, what is counted there; below zero where it is to be judged."""
        signal, lots = self.strategy.signal, self._lots()
        assert isinstance(signal, Repeating)
        exits = bool(self.exits) and len(lots) <= _MOST_LOTS
        at = {lot.id: self.rows.leaving(lot, rows, self.venues) for lot in lots} if exits else {}
        proposals = [proposal for proposal, _ in self.entries]
        sure = signal.repeats(self.rows.features_of(rows), self.standing, self.strategy.terms, proposals, at)
        codes = ints(rows.stop - rows.start, _JUDGED)
        for number, entries in enumerate(sure.entries):
            codes[entries] = number
        if sure.leaves:
            bits, certain = ints(len(codes), 0), sure.certain
            for number, lot in enumerate(lots):
                leaves = sure.leaves[lot.id]
                certain = certain & (~leaves | self._denied(lot, at[lot.id]))
                bits |= leaves.astype(bits.dtype) << number
            passes = certain & (bits > 0)
            codes[passes] = _LEAVES + bits[passes]
        return codes

    def _denied(self, lot: Lot, at: LeavingColumns) -> Mask:
        """Rows at which every gate surely answers as it did when the way out was denied."""
        if lot.id not in self.exits:
            return mask(len(at.money), value=False)
        seats = [seat for seat in self.strategy.gates if "exit" in seat.at]
        by = {denied.rule for denied in self.exits[lot.id].denied}
        if not by <= {seat.cite("use").rule for seat in seats}:
            return mask(len(at.money), value=False)
        sure = self._takes(lot, at)
        for seat in seats:
            sure = sure & self._answers(seat, lot, at, by)
        return sure

    def _answers(self, seat: GateSeat, lot: Lot, at: LeavingColumns, by: set[str]) -> Mask:
        if not isinstance(seat.gate, Foreseeing):
            return mask(len(at.money), value=False)
        denies, passes = seat.gate.foresees(lot, at, self.strategy.terms)
        return denies if seat.cite("use").rule in by else passes

    def _takes(self, lot: Lot, at: LeavingColumns) -> Mask:
        """Rows at which no venue would find the way out too small: then it is not the gates that deny it."""
        takes = mask(len(at.money), value=True)
        for leg, price in zip(lot.legs, at.prices, strict=True):
            least = self.strategy.terms.facts[leg.instrument].min_notional
            if least is not None:
                takes &= float(exact.absolute(leg.open.value)) * price >= float(least) * _TWICE
        return takes
