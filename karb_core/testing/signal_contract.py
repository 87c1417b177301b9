"""The contract of a signal."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any, ClassVar

from karb_core.domain.decisions import ProposalKind
from karb_core.domain.market import FundingRate, Top
from karb_core.ports import Judgement, Moment, PairSeries, ReadsFunding, Standing, Terms
from karb_core.testing.deciding_contract import DecidingContract
from karb_core.testing.scene import LEGS, LONG, SHORT, TERMS, lot, rates
from karb_core.testing.series import series

if TYPE_CHECKING:
    from karb_core.ports.signal import Features

_NS = 1_000_000
_HOUR_NS = 3_600_000_000_000
_SWINGS = 12


class SignalContract(DecidingContract):
    """It is judged over every row of `series`, with the pair standing as each of `standings` says; where it reads funding, the
    far leg's goes from below zero to above it and back.
    """

    port: ClassVar[str] = "signal"

    def series(self) -> PairSeries:
        """A market in which it enters and leaves: by default one whose premium swings by a few percent."""
        return series(self.built().rows())

    def standings(self) -> Sequence[Standing]:
        """How the pair may stand: by default with nothing open, and with a lot of each side, which paid fees and funding."""
        paid: dict[str, Any] = {"target": "0.02", "tier": None, "funding": ("-0.5 USDT",), "fees": ("51", "0.05")}
        return (Standing(), *(Standing((lot(side, **paid),)) for side in (SHORT, LONG)))

    def terms(self) -> Terms:
        return TERMS

    def inputs(self) -> Any:
        return self.series(), self.standings()

    def outcomes(self, component: Any) -> object:
        made, standings = self.inputs()
        features = component.features(made)
        judged = [
            component.judge(moment, standing, self.terms())
            for standing in standings
            for _, moment in moments(made, features, funding=_reads(component))
        ]
        return component.rows(), {name: _bytes(column) for name, column in features.items()}, judged

    def test_it_proposes_something(self) -> None:
        assert any(judged != Judgement() for *_, judged in self._judged())

    def test_a_row_rests_on_nothing_after_it_and_on_no_more_than_its_lookback(self) -> None:
        component, whole = self.built(), self.series()
        lookback = component.rows().lookback
        features = component.features(whole)
        for row in range(lookback - 1, len(whole.closed_at_ms), max(1, lookback // 2)):
            cut = piece(whole, row + 1 - lookback, row + 1)
            for name, column in component.features(cut).items():
                assert _bytes(column[-1:]) == _bytes(features[name][row : row + 1]), (
                    f"`{name}` of row {row} is another one where the {lookback} rows up to it are all there is"
                )

    def test_it_wakes_wherever_it_acts(self) -> None:
        component, made = self.built(), self.series()
        features = component.features(made)
        for standing in self.standings():
            wakes = component.wakes(features, standing, self.terms())
            for row, moment in moments(made, features, funding=_reads(component)):
                acts = component.judge(moment, standing, self.terms()) != Judgement()
                assert wakes[row] or not acts, f"row {row} acts, and `wakes` passes it by"

    def test_what_it_proposes_names_lines_of_the_owners(self) -> None:
        made = [proposal.rules for *_, judged in self._judged() for proposal in judged.proposals]
        assert all(made), "a proposal says which of its parameters made it"
        strange = self.no_lines(rule for rules in made for rule in rules)
        assert not strange, f"no lines of the owner's: {strange}"

    def test_it_never_enters_and_leaves_at_one_moment(self) -> None:
        for *_, judged in self._judged():
            assert len({proposal.kind for proposal in judged.proposals}) <= 1

    def test_it_leaves_only_lots_that_are_there(self) -> None:
        for standing, _, judged in self._judged():
            there = {lot.id for lot in standing.lots}
            for proposal in judged.proposals:
                assert proposal.kind is ProposalKind.ENTRY or set(proposal.lot_ids) <= there

    def _judged(self) -> Iterator[tuple[Standing, Moment, Judgement]]:
        component, made = self.built(), self.series()
        features = component.features(made)
        for standing in self.standings():
            for _, moment in moments(made, features, funding=_reads(component)):
                yield standing, moment, component.judge(moment, standing, self.terms())


def moments(made: PairSeries, features: Features, *, funding: bool = False) -> Iterator[tuple[int, Moment]]:
    """Each row in which every leg is there, as values; its tops are the closes."""
    from karb_core.history.next_rows import row_of
    from karb_core.history.prices import exact

    for row in range(len(made.closed_at_ms)):
        if all(there[row] for there in made.present):
            at_ns = int(made.closed_at_ms[row]) * _NS
            closes = [exact(column[row]) for column in made.closes]
            tops = tuple(_top(leg, close, at_ns) for leg, close in zip(LEGS, closes, strict=True))
            told = {LEGS[1]: _funding(row, at_ns)} if funding else {}
            yield row, Moment(made.pair, at_ns, row_of(features, row), LEGS, tops, rates(), told)


def piece(of: PairSeries, first: int, until: int) -> PairSeries:
    """The rows from `first` on and before `until`."""
    rows = slice(first, until)
    return PairSeries(
        pair=of.pair,
        legs=of.legs,
        closed_at_ms=of.closed_at_ms[rows],
        closes=tuple(column[rows] for column in of.closes),
        present=tuple(column[rows] for column in of.present),
        rate=None if of.rate is None else of.rate[rows],
        rate_age_ms=None if of.rate_age_ms is None else of.rate_age_ms[rows],
        money=None if of.money is None else of.money[rows],
    )


def _top(leg: Any, price: Decimal, at_ns: int) -> Top:
    return Top(leg, price, Decimal(1), price, Decimal(1), at_ns, at_ns)


def _reads(component: Any) -> bool:
    return isinstance(component, ReadsFunding) and component.reads_funding()


def _funding(row: int, at_ns: int) -> FundingRate:
    """Of the next settlement, eight hours after the last; it swings by some hundredths of a percent."""
    step = row % (2 * _SWINGS) - _SWINGS
    rate = Decimal(abs(step) - _SWINGS // 2).scaleb(-4)
    return FundingRate(LEGS[1], rate, at_ns + _HOUR_NS, False, None, at_ns, at_ns)


def _bytes(column: Any) -> bytes:
    found: bytes = column.tobytes()
    return found
