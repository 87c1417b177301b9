"""The traffic light of a pair: what turns it, exactly from where, and that nothing unknown is green."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import pytest

from karb_dashboard.history import History
from karb_dashboard.lights import light

SECOND = 1_000_000_000
CLOSED = "2026-01-01T00:05:00.000Z"


def market(age_ms: int = 100, **more: Any) -> dict[str, Any]:
    legs = [
        {"instrument": "upbit BTC/KRW", "venue": "upbit", "status": [], "top": {"age_ms": 50}},
        {"instrument": "binance_usdm BTC/USDT", "venue": "binance_usdm", "status": ["up"], "top": {"age_ms": age_ms}},
    ]
    told = {"strategy": "walker", "account": "paper:walker", "pair": "BTC", "warm": True, "legs": legs}
    return {**told, "judged": {"at": CLOSED}, "as_of": CLOSED, "premium": {"premium": "0.01"}, **more}


def books(*halted: str, refused_at: str | None = None) -> list[Any]:
    refusal = None if refused_at is None else {"last_at": refused_at, "denied": [{"rule": "/risk_gates/2/with/single"}]}
    one = {
        "strategy": "walker",
        "halted": [{"reason": reason} for reason in halted],
        "pairs": [{"pair": "BTC", "last_refusal": refusal}],
    }
    return [{"account": "paper:walker", "status": {"strategies": [one]}}]


def rules(book: str = "2s", at: str = "[entry]", use: str = "gates.fresh") -> list[Any]:
    written = {"/risk_gates/0/use": use, "/risk_gates/0/at": at, "/risk_gates/0/with/book": book}
    lines = [{"pointer": pointer, "written": text} for pointer, text in written.items()]
    return [{"strategy": "walker", "lines": lines}]


@pytest.mark.parametrize(
    ("told", "known", "by", "shown"),
    [
        (market(), books(), rules(), ("green", [])),
        (market(2000), books(), rules(), ("green", [])),
        (market(2001), books(), rules(), ("red", ["stale: binance_usdm BTC/USDT"])),
        (market(2001), books(), rules("500ms"), ("red", ["stale: binance_usdm BTC/USDT"])),
        (market(2001), books(), rules(at="[exit]"), ("green", [])),
        (market(2001), books(), rules(use="gates.hours"), ("green", [])),
        (market(), books("the news"), rules(), ("red", ["halted: the news"])),
        (market(warm=False), books(), rules(), ("red", ["cold"])),
        (market(), [], rules(), ("red", ["silent"])),
        (market(), books(refused_at=CLOSED), rules(), ("yellow", ["/risk_gates/2/with/single"])),
        (market(), books(refused_at="2026-01-01T00:04:59.999Z"), rules(), ("green", [])),
        (market(), books("the news", refused_at=CLOSED), rules(), ("red", ["halted: the news"])),
    ],
)
def test_the_light(told: Any, known: Any, by: Any, shown: tuple[str, list[str]]) -> None:
    found = light(told, known, by)
    assert (found["is"], found["why"]) == shown


def test_a_leg_without_a_price_and_a_venue_that_is_down_are_named() -> None:
    told = market()
    told["legs"][0] |= {"top": None, "status": ["down"]}
    assert light(told, books(), rules())["why"] == ["down: upbit", "no_price: upbit BTC/KRW"]


def test_an_hour_of_the_premium_is_kept_in_steps_of_five_seconds() -> None:
    history = History()
    for second in range(1, 4000):
        history.take([market(as_of=str(second))], 1_800_000_000 * SECOND + second * SECOND)
    (kept,) = history.told()
    points: Any = kept["points"]
    assert (len(points), points[-1][0], points[-1][1:]) == (720, "3996", ["0.01", None])
    assert {int(b[0]) - int(a[0]) for a, b in pairwise(points)} == {5}
