"""What differs where the data end at a moment: whatever was judged up to then must not."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from karb_core.history.known import Known
from karb_core.ports import PairSeen, Piece
from karb_core.texts.text import Words
from karb_research.differing import Differing, differing
from karb_research.found_bias import Found, Kind
from karb_research.whole_run import Whole

_NS = 1_000_000  # karb: constant because a millisecond has so many nanoseconds
_S_MS = 1000  # karb: constant because a second has so many milliseconds


def looked_ahead(whole: Whole, cut_ns: int) -> list[Found]:
    """Rates, features and the prices we would trade at, as they are where nothing is known beyond the cut."""
    seen = whole.over.seen(Piece(until_ns=cut_ns, published_ns=cut_ns))
    return [*_booked(whole, seen, cut_ns), *_features(whole, seen, cut_ns), *_tops(whole, cut_ns)]


def unrepeatable(whole: Whole) -> Iterator[Found]:
    """Features that are not the same a second time, over the same data."""
    again = whole.over.seen(Piece())
    for pair, seen in whole.seen.items():
        rows = len(seen.closed_at_ms)
        for other in differing(seen.features, again[pair].features, rows):
            yield _feature(whole, Kind.UNREPEATABLE, pair, other, int(seen.closed_at_ms[-1]) * _NS)


def _booked(whole: Whole, seen: Mapping[str, PairSeen], cut_ns: int) -> Iterator[Found]:
    """A rate that a fill at a row would be booked at, and that nobody had published; also where an older one has the same
    value. One pair is enough: all are given the same rates."""
    pair, mine = next(iter(whole.seen.items()))
    rows = len(seen[pair].closed_at_ms)
    for seat, known in mine.booked.items():
        other = seen[pair].booked[seat]
        apart = list(
            differing({seat: known.values, "age": known.age_ms}, {seat: other.values, "age": other.age_ms}, rows)
        )
        if not apart:
            continue
        first = min(apart, key=lambda each: each.row)
        rate = whole.over.rates[seat]
        said = Words(
            f"the dataset states it, {rate.place}: fills are booked at `{rate.name}` before it is known (filled_after)",
            f"데이터셋에 쓰여 있습니다, {rate.place}: `{rate.name}`을 알기 전에 그 환율로 체결을 기록합니다 (filled_after)",
        )
        found = _found(whole, Kind.BOOKED_EARLY, f"/fx_source/{seat}", pair, first, cut_ns, said)
        whole_told, piece_told = _aged(known, first.row), _aged(other, first.row)
        yield replace(
            found,
            what=seat,
            whole=whole_told,
            piece=piece_told,
            apart=first.apart if first.name == seat else None,
            rows=max(each.rows for each in apart),
        )


def _aged(known: Known, row: int) -> str | None:
    """Value and age. Shape: `1387.3, 60s`."""
    if not known.present[row]:
        return None
    return f"{float(known.values[row])}, {int(known.age_ms[row]) // _S_MS}s"


def _features(whole: Whole, seen: Mapping[str, PairSeen], cut_ns: int) -> Iterator[Found]:
    others = [
        (pair, other)
        for pair, mine in whole.seen.items()
        for other in differing(mine.features, seen[pair].features, len(seen[pair].closed_at_ms))
    ]
    if not others:
        return
    by_rate = _only_by_rates(whole, cut_ns)
    for pair, other in others:
        kind = Kind.RATE_EARLY if (pair, other.name) in by_rate else Kind.LOOK_AHEAD
        yield _feature(whole, kind, pair, other, cut_ns)


def _only_by_rates(whole: Whole, cut_ns: int) -> set[tuple[str, str]]:
    """Features up to the cut that rest on rates published later, and on no later price."""
    if not whole.over.rates:
        return set()
    published = whole.over.seen(Piece(published_ns=cut_ns))
    prices = whole.over.seen(Piece(other_from_ns=cut_ns))
    return _resting(whole, published, cut_ns) - _resting(whole, prices, cut_ns)


def _resting(whole: Whole, seen: Mapping[str, PairSeen], cut_ns: int) -> set[tuple[str, str]]:
    out = set()
    for pair, mine in whole.seen.items():
        rows = int(mine.closed_at_ms.searchsorted(cut_ns // _NS, side="right"))
        out |= {(pair, other.name) for other in differing(mine.features, seen[pair].features, rows)}
    return out


def _tops(whole: Whole, cut_ns: int) -> Iterator[Found]:
    mine, theirs = whole.over.tops(cut_ns, cut=False), whole.over.tops(cut_ns, cut=True)
    for pair, tops in mine.items():
        for top, other in zip(tops, theirs[pair], strict=True):
            if top != other:
                yield Found(
                    kind=Kind.LOOK_AHEAD,
                    use=whole.use("/simulate/backtest"),
                    lines=whole.lines_of("/simulate/backtest"),
                    pair=pair,
                    what="top",
                    at_ns=cut_ns,
                    whole=f"{top.instrument.text()} {top.bid} / {top.ask}",
                    piece=f"{other.instrument.text()} {other.bid} / {other.ask}",
                    apart=f"{top.bid - other.bid:+} / {top.ask - other.ask:+}",
                    piece_ns=cut_ns,
                )


def _feature(whole: Whole, kind: Kind, pair: str, other: Differing, cut_ns: int) -> Found:
    return _found(whole, kind, "/signal", pair, other, cut_ns, None)


def _found(
    whole: Whole, kind: Kind, pointer: str, pair: str, other: Differing, cut_ns: int, stated: Words | None
) -> Found:
    return Found(
        kind=kind,
        use=whole.use(pointer),
        lines=whole.lines_of(pointer)[:1],
        pair=pair,
        what=other.name,
        at_ns=int(whole.seen[pair].closed_at_ms[other.row]) * _NS,
        whole=None if other.one is None else f"{other.one}",
        piece=None if other.other is None else f"{other.other}",
        apart=other.apart,
        piece_ns=cut_ns,
        rows=other.rows,
        every=other.every,
        stated=stated,
    )
