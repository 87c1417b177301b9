"""What else could stand in the place of a rule's value: tried one after the other until one shows."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from karb_core.ports import Change, Changes

#: Tried on a number, in this order.
TIMES = tuple(Decimal(factor) for factor in ("2", "0.5", "5", "0.2", "1.25", "20", "0.05", "100", "0.01", "1000"))
_NUMBER = re.compile(r"^(-?[0-9][0-9,_]*(?:\.[0-9]+)?)( ?[A-Za-z%]*)$")
_NUMBER_IN = re.compile(r"^[0-9][0-9,]*(?:\.[0-9]+)?")
#: Words that may stand in the place of each other, by the rule's last name.
WORDS: Mapping[str, tuple[str, ...]] = {
    "mode": ("backtest", "paper", "live"),
    "first": ("together", "near", "far"),
    "price": ("close", "mid"),
    "premium_sign": ("any", "agrees"),
    "when_high": ("short_premium", "none"),
    "when_low": ("long_premium", "none"),
    "profit_by": ("premium", "krw"),
    "profit": ("net", "gross"),
    "funding": ("counted", "ignored"),
    "exit_when": ("any", "all"),
    "of": ("capital", "pair_share"),
    "day": ("00:00 KST", "12:00 KST"),
    "enter": ("short_premium", "long_premium"),
    "margin": ("isolated", "cross"),
    "over_share": ("true", "false"),
    "per": ("file", "pair"),
    "bar": ("5m", "10m", "1h", "2h"),
    "at": ("[entry]", "[exit]", "[entry, exit]", "sides", "closes"),
}
#: Of names that mean something else elsewhere.
MORE_WORDS = (("near_leg", "both_legs"), ("ended", "with_open"))
#: In the place of `none`.
INSTEAD: Mapping[str, tuple[str, ...]] = {
    "stop_loss": ("0.3%", "2%"),
    "exit_z": ("0.5", "2"),
    "max_open": ("1", "2"),
    "min_premium": ("0.5%", "2%"),
    "kept_for": ("{ultra: 90%}",),
    "split": ("{clips: [50%, 50%], next: 0.1%}",),
    "leave_at": ("2%", "1%"),
    "funding_above": ("0%", "0.01%"),
    "rearm": ("{below_z: 1.0}", "{below_z: 0.2}"),
    "below": ("{premium: -1%, enter: long_premium, leave_at: 0%}", "{premium: 1%, enter: long_premium, leave_at: 2%}"),
    "take_profit": ("0.5%", "0.1%"),
}


@dataclass(frozen=True, slots=True)
class Other:
    """changes: what is written otherwise, the rule itself or the block that it stands in; beside: what both files say
    besides, where the rule has nothing to do without it."""

    changes: Changes
    beside: Changes = ()


def others(rule: str, written: str, use: str) -> Iterator[Other]:
    """`use`: the component that the rule belongs to."""
    name = rule.rsplit("/", 1)[-1]
    found = [*_special(rule, use), *(Other((Change(rule, value),)) for value in _values(name, written))]
    yield from found
    for other in found:
        yield from (Other(other.changes, beside) for beside in _beside(rule, use))


def _values(name: str, written: str) -> Iterator[str]:
    if written == "none":
        yield from INSTEAD.get(name, ())
    words = next((each for each in (WORDS.get(name, ()), *MORE_WORDS) if written in each), ())
    if written in words:
        yield from (word for word in words if word != written)
    elif (found := _NUMBER.match(written)) is not None:
        number, unit = Decimal(found[1].replace(",", "").replace("_", "")), found[2]
        yield from (_plain(number * factor, unit) for factor in TIMES)
        if not number:
            yield from (f"{each}{unit}" for each in ("1", "-1", "0.05", "5"))
    elif written.startswith("["):
        items = written.strip("[]").split(", ")
        yield "[" + ", ".join(_NUMBER_IN.sub(_fifth, item) for item in items) + "]"
    elif " " in written:
        yield from (written.replace(quote, other) for quote, other in (("/KRW", "/USDT"), ("binance_usdm ", "upbit ")))
    if written not in ("none", *words):
        yield "none"


def _fifth(found: re.Match[str]) -> str:
    return _plain(Decimal(found[0].replace(",", "")) / 5, "")


def _plain(number: Decimal, unit: str) -> str:
    """Durations in whole units, or in smaller ones."""
    text = format(number.normalize(), "f")
    finer = {"s": ("ms", 1000), "m": ("s", 60), "h": ("m", 60), "d": ("m", 1440)}
    if "." in text and unit in finer:
        name, times = finer[unit]
        return format((number * times).to_integral_value(), "f") + name
    return text + unit


_RATE = "{use: fx.yahoo, with: {max_age: 30h, when_closed: 110h}}"
_EXIT = (
    "exit: {profit_by: premium, profit: net, funding: counted, exit_z: none, exit_when: any, stop_loss: none,"
    " max_holding: none}"
)
_THRESHOLD = (
    "{use: premium.threshold, with: {bar: 1h, price: close, at: sides, above: {premium: 2%, enter: short_premium,"
    f" leave_at: 0.5%}}, below: none, funding_above: none, max_open: none, take_profit: none, {_EXIT}}}}}"
)
_ZSCORE = (
    "{use: premium.zscore, with: {bar: 1h, window: 2d, min_present: 80%, sigma_floor: 0.05%, price: close,"
    " min_premium: none, premium_sign: any, when_high: short_premium, when_low: long_premium, max_open: none, entry: 2.0,"
    f" take_profit: 0.4%, rearm: {{below_z: 1.0}}, {_EXIT}}}}}"
)
_SHARE = "{use: sizing.share, with: {of: capital, counts: near_leg, size: 7%}}"
_LOOSE = {
    "in": "{use: gates.max_premium, at: [entry], with: {most: 90%}}",
    "out": "{use: gates.fresh, id: other, at: [exit], with: {book: 9d, between_legs: 9d}}",
}
_LOOSE_IN = "{use: gates.fresh, id: other, at: [entry], with: {book: 9d, between_legs: 9d}}"
_TWO_PAIRS = (
    Change(
        "/pairs",
        "{XRP: {near: upbit XRP/KRW, far: binance_usdm XRP/USDT, share: 50%}, "
        "ETH: {near: upbit ETH/KRW, far: binance_usdm ETH/USDT, share: 50%}}",
    ),
    Change("/inventory/upbit", "[100 XRP, 1 ETH]"),
    Change("/balances/upbit", "[100000 KRW, 100 XRP, 1 ETH]"),
)
#: Others of the same port, each in the place of the whole seat.
SEATS: Mapping[str, tuple[str, ...]] = {
    "/signal": (_THRESHOLD, _THRESHOLD.replace("1h", "5m"), _ZSCORE),
    "/sizing": (_SHARE, "{use: sizing.fixed, with: {amounts: [3_000_000 KRW], counts: near_leg}}"),
    "/fx_source/premium": (_RATE,),
    "/fx_source/money": (_RATE,),
    "/feeds/0": ("{use: bithumb.stream}", "{use: upbit.stream}"),
    "/feeds/1": ("{use: bithumb.stream}",),
    "/executors/0": ("{use: bithumb.orders, with: {keys: secret:bithumb}}",),
    "/executors/1": ("{use: bithumb.orders, with: {keys: secret:bithumb}}",),
}
#: What both files say besides, by the rule's name or its end.
BESIDE: tuple[tuple[str, Changes], ...] = (
    ("/mode", (Change("/simulate/paper", "{use: sim.depth, with: {order_latency: 80ms, answer_latency: 60ms}}"),)),
    ("gates.fresh", (Change("/risk_gates/0/with/book", "1m"), Change("/risk_gates/1/with/book", "1m"))),
    (
        "gates.max_position",
        (
            Change("/sizing/with/normal/size", "5%"),
            Change("/sizing/with/extreme/size", "5%"),
            Change("/sizing/with/ultra/size", "10%"),
        ),
    ),
    ("/reserve", (Change("/pairs/XRP/share", "10%"),)),
    ("/pairs/XRP/share", (Change("/signal/with/max_open", "none"), Change("/signal/with/take_profit", "5%"))),
    ("below_z", (Change("/signal/with/max_open", "none"), Change("/signal/with/take_profit", "5%"))),
    ("/near", (Change("/balances/upbit/-", "31_000 USDT"),)),
    ("/far", (Change("/balances/upbit/-", "31_000 USDT"),)),
    ("/signal/use", (Change("/sizing", _SHARE),)),
    ("exit/exit_when", (Change("/signal/with/exit/exit_z", "0.5"),)),
    ("exit/profit", (Change("/signal/with/exit/profit_by", "krw"),)),
    ("exit/funding", (Change("/signal/with/exit/profit_by", "krw"),)),
    ("exit/stop_loss", (Change("/risk_gates/3", None),)),
    ("max_holding/then", (Change("/signal/with/exit/max_holding/for", "2h"),)),
    ("max_holding/for", (Change("/signal/with/exit/max_holding/then", "exit"), Change("/risk_gates/3", None))),
    ("signal/with/max_open", (Change("/signal/with/take_profit", "5%"),)),
    (
        "over_share",
        (Change("/pairs/BTC/share", "16%"), Change("/pairs/ETH/share", "16%"), Change("/pairs/XRP/share", "16%")),
    ),
    ("sizing/with/kept_for", (Change("/signal/with/tiers/normal/take_profit", "9%"),)),
    ("gates.profit_only_exit", (Change("/signal/with/exit/exit_z", "1.5"),)),
    ("gates.max_position", (Change("/sizing/with/size", "30%"), Change("/signal/with/take_profit", "5%"))),
    (
        "gates.max_position",
        (
            Change("/sizing/with/size", "30%"),
            Change("/signal/with/take_profit", "5%"),
            Change("/risk_gates/2/with/single", "13%"),
        ),
    ),
    ("gates.max_position", (Change("/risk_gates/2/with/single", "41%"),)),
    ("sizing/with/of", (Change("/sizing/with/size", "30%"),)),
    ("over_share", (Change("/pairs/XRP/share", "10%"),)),
    ("between_legs", (Change("/risk_gates/0/with/book", "9d"), Change("/risk_gates/1/with/book", "9d"))),
    ("on_one_leg/3", (Change("/execution/unhedged_for", "60s"),)),
    (
        "unhedged_for",
        (Change("/execution/on_one_leg/0/retry/for", "1s"), Change("/execution/on_one_leg/1/retry/for", "1s")),
    ),
    ("unwind/for", (Change("/execution/unhedged_for", "60s"),)),
    ("gates.max_order", (Change("/sizing/with/amounts/0", "20000 KRW"),)),
    ("gates.max_trades", (Change("/risk_gates/3/with/most", "3"),)),
    ("gates.daily_loss", (Change("/risk_gates/4/with/most", "0.001%"),)),
    ("gates.daily_loss", (Change("/risk_gates/4/with/most", "0.001%"), Change("/risk_gates/4/with/then", "refuse"))),
    ("gates.max_trades", (Change("/risk_gates/3/with/most", "3"), *_TWO_PAIRS)),
    ("gates.breaker", (Change("/risk_gates/5/with/failures", "1"),)),
    ("gates.breaker", (Change("/risk_gates/5/with/for", "9h"),)),
    ("gates.breaker", (Change("/risk_gates/5/with/failures", "1"), Change("/risk_gates/5/with/for", "9h"))),
    (
        "gates.breaker",
        (Change("/risk_gates/5/with/failures", "1"), Change("/risk_gates/5/with/for", "9h"), *_TWO_PAIRS),
    ),
)
#: Of rules to which none of the usual factors does anything.
PARTICULAR: Mapping[str, tuple[str, ...]] = {
    "/reserve": ("90%", "97%"),
    "/inventory/upbit": ("[1 XRP]",),
    "/signal/with/rearm/below_z": ("0.1", "1.4"),
    "/signal/with/min_present": ("100%", "50%"),
    "/sizing/with/normal/split/clips": ("[50%, 25%, 25%]",),
    "/signal/with/exit/max_holding/for": ("30m", "2h", "5h"),
    "/signal/with/exit/max_holding/then": ("exit", "stop_entries", "tell"),
    "/signal/with/window": ("10d", "5d"),
    "/risk_gates/4/with/then": ("flatten", "refuse"),
    "/execution/on_one_leg/3": ("{unwind: {band: 400bp, for: 1s}}",),
}


def _special(rule: str, use: str) -> Iterator[Other]:
    """Rules that are told by a word that only a block of another shape may have."""
    yield from (Other((Change(rule, value),)) for value in PARTICULAR.get(rule, ()))
    if rule.endswith("/over_share"):
        yield Other((Change(rule, None),))
    if not rule.endswith("/use"):
        return
    seat = rule.removesuffix("/use")
    if not seat.startswith("/risk_gates/"):
        yield from (Other((Change(seat, text),)) for text in SEATS.get(seat, ()))
    elif use == "gates.profit_only_exit":
        yield Other((Change(seat, _LOOSE["out"]),))
    else:
        yield Other((Change(seat, _LOOSE_IN),))
        yield Other((Change(seat, _LOOSE["out"]),))


def _beside(rule: str, use: str) -> Iterator[Changes]:
    """Where the rule alone shows nothing."""
    for end, changes in BESIDE:
        if (rule.endswith(end) or use == end) and all(change.pointer != rule for change in changes):
            yield changes
