"""One input of a desk as one line of canonical JSON, and back.

Shape, without what every top and rate repeats:
`{"at_ns":1735689900000000000,"features":{"premium":1913042,"present":true,"z":"-0.41"},"fired":[],"free":null,
"is":"moment","lots":[],"pair":"BTC","rates":{"money":{"rate":"1468.3",...}},"reminded":[],"tops":[{"bid":"94012000",...},...]}`.
Numbers that may have a point are text, the shortest that gives the same number back; NaN is null.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from math import isfinite, isnan, nan
from typing import Any, Literal

from karb_core.domain import canonical
from karb_core.domain.decisions import statistic
from karb_core.domain.exact import text
from karb_core.domain.instrument import Instrument
from karb_core.domain.market import FundingRate, FxKind, FxRate, Top
from karb_core.domain.orders import Fill
from karb_core.ports import Fired, Income, Moment, Standing
from karb_core.ports.recorder import Free

Kind = Literal["moment", "forced"]
_written = canonical.to_json


@dataclass(frozen=True, slots=True)
class Recorded:
    """A moment that was judged, as the journal has it: of the pair's lots only their ids, the ledger has the rest.

    free: by account's words (`upbit KRW`), None where nothing was proposed.
    """

    moment: Moment
    lot_ids: tuple[str, ...]
    fired: tuple[Fired, ...]
    reminded: frozenset[str]
    free: Mapping[str, Decimal] | None


def moment_line(kind: Kind, moment: Moment, standing: Standing, free: Free | None) -> str:
    """Put together by hand, keys in their order: this is written at every moment of a run."""
    features = _written({name: _feature(value) for name, value in moment.features.items()})
    fired = _written([[f.tier, f.at_ns, _maybe(f.premium), f.complete] for f in standing.fired])
    told = None if free is None else {f"{a.venue} {a.asset}": text(value) for a, value in free.items()}
    # Written only of signals that read it: what others were given stays as it was.
    funding = f'"funding":{canonical.to_json(list(moment.funding.values()))},' if moment.funding else ""
    rates = ",".join(f"{_written(seat)}:{_rate(rate)}" for seat, rate in sorted(moment.rates.items()))
    return (
        f'{{"at_ns":{moment.at_ns},"features":{features},"fired":{fired},"free":{_written(told)},{funding}"is":"{kind}",'
        f'"lots":{_written([lot.id for lot in standing.lots])},"pair":{_written(moment.pair)},"rates":{{{rates}}},'
        f'"reminded":{_written(sorted(standing.reminded))},'
        f'"tops":[{",".join(map(_top, moment.tops))}]}}'
    )


def income_line(income: Income) -> str:
    return canonical.to_json({"is": "income", "at_ns": income.venue_at_ns, "income": income})


def fill_line(fill: Fill) -> str:
    return canonical.to_json({"is": "fill", "at_ns": fill.received_at_ns, "fill": fill})


def moment_of(told: Mapping[str, Any]) -> Recorded:
    """What `moment_line` wrote, parsed. Errors: KeyError, ValueError, ArithmeticError for anything else."""
    tops = tuple(_top_of(top) for top in told["tops"])
    moment = Moment(
        pair=told["pair"],
        at_ns=int(told["at_ns"]),
        features={name: _feature_of(value) for name, value in told["features"].items()},
        legs=tuple(top.instrument for top in tops),
        tops=tops,
        rates={seat: _rate_of(rate) for seat, rate in told["rates"].items()},
        funding={rate.instrument: rate for rate in map(_funding_of, told.get("funding", ()))},
    )
    fired = tuple(Fired(t, at, None if p is None else Decimal(p), complete) for t, at, p, complete in told["fired"])
    free = None if told["free"] is None else {name: Decimal(value) for name, value in told["free"].items()}
    # What was written before there were reminders has none.
    return Recorded(moment, tuple(told["lots"]), fired, frozenset(told.get("reminded", ())), free)


def _feature(value: float) -> int | str | None:
    if isinstance(value, int):
        return value
    if isnan(value):
        return None
    return text(statistic(value)) if isfinite(value) else str(value)


def _feature_of(told: int | str | None) -> float | int:
    if told is None:
        return nan
    return float(told) if isinstance(told, str) else told


def _top(top: Top) -> str:
    return (
        f'{{"ask":"{text(top.ask)}","ask_amount":"{text(top.ask_amount)}","bid":"{text(top.bid)}",'
        f'"bid_amount":"{text(top.bid_amount)}","instrument":{_instrument(top.instrument)},'
        f'"received_at_ns":{top.received_at_ns},"venue_at_ns":{top.venue_at_ns}}}'
    )


@lru_cache(maxsize=64)  # karb: constant because it bounds memory; what is written does not depend on it
def _instrument(instrument: Instrument) -> str:
    return _written(instrument.text())


def _top_of(told: Mapping[str, Any]) -> Top:
    return Top(
        instrument=Instrument.read(told["instrument"]),
        bid=Decimal(told["bid"]),
        bid_amount=Decimal(told["bid_amount"]),
        ask=Decimal(told["ask"]),
        ask_amount=Decimal(told["ask_amount"]),
        venue_at_ns=told["venue_at_ns"],
        received_at_ns=told["received_at_ns"],
    )


@lru_cache(maxsize=64)  # karb: constant because it bounds memory; a rate stands for many moments
def _rate(rate: FxRate) -> str:
    return canonical.to_json(rate)


def _rate_of(told: Mapping[str, Any]) -> FxRate:
    return FxRate(**{**told, "rate": Decimal(told["rate"]), "kind": FxKind(told["kind"])})


def _funding_of(told: Mapping[str, Any]) -> FundingRate:
    return FundingRate(**{**told, "instrument": Instrument.read(told["instrument"]), "rate": Decimal(told["rate"])})


def _maybe(value: Decimal | None) -> str | None:
    return None if value is None else text(value)
