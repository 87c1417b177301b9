"""The market as a server shows it: what the feeds told last of each pair, and how far its strategy is from acting."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from typing import TYPE_CHECKING

from karb_core.cli.instants import instant
from karb_core.cli.why_moment import bound_json, plain
from karb_core.domain.exact import text
from karb_core.domain.instrument import Instrument
from karb_core.domain.lots import Lot
from karb_core.domain.market import FxRate, VenueStatus
from karb_core.domain.premium import Direction, entry_premium, premium
from karb_core.ports import Document, MarketView, Moment, PairTerms, Standing
from karb_core.wiring.explain import told_of

if TYPE_CHECKING:
    from karb_core.wiring.pair_window import Row
    from karb_core.wiring.running import Running

_MS = 1_000_000  # karb: constant because a millisecond has so many nanoseconds


def markets_json(running: Running, lots: Iterable[Lot]) -> list[Document]:
    """Of each pair. `lots`: those of this strategy that are open.

    Nothing of the desk's is asked: the latest of what was told, and the rows as they were judged, are values, and the
    maps that hold them are copied at once.
    """
    trading = running.seated.trading
    now_ns, view = running.clock.now_ns(), running.house.latest.view(running.clock.now_ns())
    rows, held = dict(trading.rows), tuple(lots)
    return [
        _market(running, pair, view, rows.get(name), tuple(lot for lot in held if lot.pair == name), now_ns)
        for name, pair in trading.desk.strategy.terms.pairs.items()
    ]


def _market(
    running: Running, pair: PairTerms, view: MarketView, row: Row | None, lots: tuple[Lot, ...], now_ns: int
) -> Document:
    window = running.seated.trading.windows[pair.name]
    premiums = {seat: _premium(pair, view, rate) for seat, rate in view.rates.items()}
    rate = view.rates.get("premium")
    return {
        "strategy": running.rulebook.file.name,
        "account": running.account,
        "mode": running.mode,
        "pair": pair.name,
        "as_of": instant(now_ns),
        "warm": running.warming.warm,
        "bars": {"known": window.known, "wanted": window.wanted},
        "legs": [_leg(leg, view, now_ns) for leg in pair.legs],
        "rates": {seat: _rate(rate, now_ns) for seat, rate in view.rates.items()},
        "premium": {seat: None if found is None else text(found) for seat, found in premiums.items()},
        "to_enter": {way.value: _to_enter(way, pair, view, rate) for way in Direction},
        "judged": None if row is None else _judged(running, pair, view, row, lots),
    }


def _judged(running: Running, pair: PairTerms, view: MarketView, row: Row, lots: tuple[Lot, ...]) -> Document:
    """The last row, at the prices of now: each bound of the owner's, and how far it is from being met."""
    tops = tuple(view.tops[leg] for leg in pair.legs if leg in view.tops)
    if len(tops) < len(pair.legs):
        return {"at": instant(row.at_ns), "seen": {}, "bounds": []}
    moment = Moment(pair.name, row.at_ns, row.features, pair.legs, tops, view.rates)
    told = told_of(running.seated.trading.desk.strategy, moment, Standing(lots))
    return {
        "at": instant(row.at_ns),
        "seen": {name: plain(value) for name, value in told.seen},
        "bounds": [bound_json(bound, cited) for bound, cited in told.bounds],
    }


def _leg(leg: Instrument, view: MarketView, now_ns: int) -> Document:
    top, mark, funding = view.tops.get(leg), view.marks.get(leg), view.funding.get(leg)
    told: dict[str, object] = {"instrument": leg.text(), "venue": leg.venue, "base": leg.base, "quote": leg.quote}
    told["top"] = None if top is None else {
        "bid": text(top.bid), "bid_amount": text(top.bid_amount), "ask": text(top.ask),
        "ask_amount": text(top.ask_amount), **_times(top.venue_at_ns, top.received_at_ns, now_ns),
    }  # fmt: skip
    told["mark"] = None if mark is None else {"price": text(mark.price), "venue_at": instant(mark.venue_at_ns)}
    told["funding"] = (
        None if funding is None else {"rate": text(funding.rate), "settles_at": instant(funding.settles_at_ns)}
    )
    told["status"] = [each.state.value for each in _status(leg, view)]
    return told


def _status(leg: Instrument, view: MarketView) -> Iterator[VenueStatus]:
    for of in (None, leg):
        if (leg.venue, of) in view.status:
            yield view.status[leg.venue, of]


def _rate(rate: FxRate, now_ns: int) -> Document:
    told = {"rate": text(rate.rate), "base": rate.base, "quote": rate.quote, "source": rate.source}
    return {**told, "kind": rate.kind.value, **_times(rate.venue_at_ns, rate.received_at_ns, now_ns)}


def _times(venue_at_ns: int, received_at_ns: int, now_ns: int) -> Mapping[str, object]:
    """`age_ms` by the source's own clock, as gates read it."""
    told = {"venue_at": instant(venue_at_ns), "received_at": instant(received_at_ns)}
    return {**told, "age_ms": (now_ns - venue_at_ns) // _MS}


def _premium(pair: PairTerms, view: MarketView, rate: FxRate) -> Decimal | None:
    """Between the middles of both books. None where a leg has no price, or where the pair is of another shape."""
    tops = [view.tops[leg] for leg in pair.legs if leg in view.tops]
    if len(tops) != len(pair.legs) or not _is_pair(pair) or not all(top.sound for top in tops):
        return None
    near, far = tops
    return premium(near.mid, far.mid, _fx(pair, rate))


def _to_enter(way: Direction, pair: PairTerms, view: MarketView, rate: FxRate | None) -> str | None:
    """The premium at the sides that an entry would trade at, by the rate that judging uses."""
    tops = [view.tops[leg] for leg in pair.legs if leg in view.tops]
    if len(tops) != len(pair.legs) or not _is_pair(pair) or rate is None or not all(top.sound for top in tops):
        return None
    near, far = tops
    return text(entry_premium(way, near, far, _fx(pair, rate)))


def _fx(pair: PairTerms, rate: FxRate) -> Decimal:
    near, far = pair.legs
    return rate.rate if near.quote != far.quote else Decimal(1)


def _is_pair(pair: PairTerms) -> bool:
    return len(pair.legs) == 2
