"""What a scenario puts on: when the market is told, how the premium is moved, and what happens on the way."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

import pytest

from karb_core.domain.market import Bar, Depth, Mark
from karb_core.domain.premium import premium
from karb_core.errors import UsageMistake
from karb_core.ports import ForcedClose, Happening, SeatRate, Watched
from karb_core.venue.conditions import Conditions
from karb_core.venue.forced import Forced
from karb_research.director import Director
from karb_research.scenario import Scenario
from tests.plugins.karb_research.stages import BAR, LAST, MINUTE, OPENS, scenario, setting, watched
from tests.plugins.scene import FAR, NEAR, SECOND

MS = 1_000_000


def played(
    director: Director, seen: Watched, until_ns: int, after_ns: int = OPENS
) -> Iterator[tuple[int, list[Happening]]]:
    """What happens to a desk that stays as it is."""
    at_ns = director.next_ns(after_ns, seen)
    while at_ns is not None and at_ns <= until_ns:
        yield at_ns, list(director.happen(at_ns, seen))
        at_ns = director.next_ns(at_ns, seen)


def entered(*events: str, **changes: object) -> tuple[Director, int]:
    """A play whose desk entered at the first close, and when it was seen."""
    director = Director(scenario(*events, **changes), setting())
    list(played(director, watched(), OPENS + BAR))
    at_ns = director.next_ns(OPENS + BAR, watched(1, 1))
    assert at_ns is not None
    director.happen(at_ns, watched(1, 1))
    return director, OPENS + BAR


def bars(happened: Iterator[tuple[int, list[Happening]]]) -> dict[int, list[Bar]]:
    return {at_ns: found for at_ns, each in happened if (found := [e for e in each if isinstance(e, Bar)])}


def test_each_close_has_a_bar_of_every_instrument_after_its_books():
    for at_ns, happened in played(Director(scenario(), setting()), watched(), OPENS + 3 * BAR):
        closes = (at_ns - OPENS) % BAR == 0
        kinds = [type(each) for each in happened]
        assert kinds == [Depth, Mark, Depth, Mark, SeatRate, SeatRate] + ([Bar, Bar] if closes else [])
        assert all(b.end_ns == at_ns and b.start_ns == at_ns - BAR for b in happened if isinstance(b, Bar))
        assert {b.instrument for b in happened if isinstance(b, Bar)} == ({NEAR, FAR} if closes else set())


def test_the_market_is_told_often_around_a_close_and_rarely_between():
    times = [at_ns for at_ns, _ in played(Director(scenario(), setting()), watched(), OPENS + 2 * BAR)]
    around = [(at_ns - OPENS - BAR) // SECOND for at_ns in times if abs(at_ns - OPENS - BAR) < MINUTE]
    assert around == list(range(-3, 21))
    assert len(times) < 80


def test_a_desk_at_work_is_told_every_second():
    director = Director(scenario(), setting())
    at_ns = OPENS + MINUTE
    assert director.next_ns(at_ns, watched(at_work=True)) == at_ns + SECOND
    assert director.next_ns(at_ns, watched()) == OPENS + BAR // 2


@pytest.mark.parametrize(("towards", "way"), [("high", 1), ("low", -1)])
def test_the_premium_is_pushed_once_in_each_bar_and_near_moves_alone(towards: str, way: int):
    push = {"towards": towards, "by": "0.5%", "at_most": "1%"}
    closes = bars(played(Director(scenario(push=push), setting()), watched(), OPENS + 4 * BAR))
    near = [next(b.close for b in found if b.instrument == NEAR) for found in closes.values()]
    far = [next(b.close for b in found if b.instrument == FAR) for found in closes.values()]
    seen = [premium(n, f, Decimal(1000)) for n, f in zip(near, far, strict=True)]
    assert [round(p - Decimal("0.01"), 4) for p in seen[:2]] == [way * Decimal("0.005"), way * Decimal("0.01")]
    assert seen[2:] == seen[1:2] * 2
    assert set(far) == {LAST[FAR]}


def test_the_push_ends_where_something_was_entered_and_comes_back_after_the_holding():
    director, at_ns = entered(holds="10m")
    closes = bars(played(director, watched(1, 1), at_ns + 5 * BAR, at_ns + SECOND))
    near = [next(b.close for b in found if b.instrument == NEAR) for found in closes.values()]
    assert near[0] == near[1]
    assert near[1] < near[2] < near[3]


def test_it_ends_when_all_is_left():
    director, at_ns = entered(holds="0s", settles="2m")
    director.happen(at_ns + 2 * SECOND, watched(1, 1))
    times = [at_ns for at_ns, _ in played(director, watched(0, 1), at_ns + 100 * BAR, at_ns + 3 * SECOND)]
    assert times[-1] - at_ns <= 2 * MINUTE + 10 * SECOND


HANGING = {
    "never enters": watched(),
    "never leaves": watched(1, 1),
    "works for ever": watched(at_work=True),
    "enters and works for ever": watched(1, 1, at_work=True),
    "works for ever with nothing open": watched(0, 1, at_work=True),
}


@pytest.mark.parametrize("seen", HANGING.values(), ids=HANGING)
def test_it_ends_whatever_the_strategy_does(seen: Watched):
    push = {"towards": "low", "by": "0.5%", "at_most": "2%"}
    happened = list(played(Director(scenario(push=push), setting()), seen, OPENS + 1000 * BAR))
    assert happened[-1][0] < OPENS + 30 * BAR


def test_prices_are_on_ticks_and_amounts_in_steps():
    stage = setting()
    crash = "entering 0s 10m: {price_moves: {legs: both, by: -10%, within: 1m, back_within: 5m}}"
    for _, happened in played(Director(scenario(crash), stage), watched(), OPENS + 2 * BAR):
        for depth in (each for each in happened if isinstance(each, Depth)):
            facts = stage.facts[depth.instrument]
            for level in (*depth.bids, *depth.asks):
                assert facts.floor_price(level.price) == level.price == facts.ceil_price(level.price)
                assert facts.floor_amount(level.amount) == level.amount > 0
            assert depth.bids[0].price < depth.asks[0].price


def test_a_crash_falls_within_its_time_and_comes_back():
    crash = "entering 0s 3m: {price_moves: {legs: near, by: -32%, within: 1m, back_within: 1m}}"
    director = Director(scenario(crash), setting())
    marks = {
        (at_ns - OPENS) // SECOND: next(e.price for e in happened if isinstance(e, Mark) and e.instrument == NEAR)
        for at_ns, happened in played(director, watched(at_work=True), OPENS + 5 * MINUTE)
    }
    assert marks[30] == pytest.approx(LAST[NEAR] * Decimal("0.84"), rel=Decimal("0.001"))
    assert marks[90] == pytest.approx(LAST[NEAR] * Decimal("0.68"), rel=Decimal("0.001"))
    assert marks[250] == pytest.approx(LAST[NEAR], rel=Decimal("0.02"))


def test_a_silent_venue_tells_nothing_and_its_bar_is_the_last_price():
    director = Director(scenario("entering 0s 30m: {silent: {legs: near}}"), setting())
    happened = list(played(director, watched(), OPENS + BAR))
    told = [e for _, each in happened for e in each if isinstance(e, Depth | Mark)]
    assert {each.instrument for each in told} == {FAR}
    bar = next(e for e in happened[-1][1] if isinstance(e, Bar) and e.instrument == NEAR)
    assert (bar.open, bar.close, bar.volume) == (LAST[NEAR], LAST[NEAR], 0)


@pytest.mark.parametrize(
    ("happens", "expected"),
    [
        ("{unreachable: {legs: near}}", {"reachable": False}),
        ("{rejects: {legs: near, part: 100%}}", {"rejects": Decimal(1)}),
        ("{server_errors: {legs: both, part: 30%}}", {"server_errors": Decimal("0.3")}),
        ("{partial_fills: {legs: both, part: 60%}}", {"partial": Decimal("0.6")}),
        ("{suspended: {legs: near}}", {"suspended": frozenset({NEAR})}),
        ("{unreachable: {legs: far}}", {}),
    ],
)
def test_a_venue_is_as_its_events_say_and_only_while_they_last(happens: str, expected: dict[str, object]):
    director = Director(scenario(f"entering 1m 2m: {happens}"), setting())
    calm = Conditions(order_ns=80 * MS, answer_ns=60 * MS)
    assert director.conditions("upbit", OPENS + MINUTE - 1) == calm
    assert director.conditions("upbit", OPENS + MINUTE) == Conditions(order_ns=80 * MS, answer_ns=60 * MS, **expected)  # type: ignore[arg-type]
    assert director.conditions("upbit", OPENS + 3 * MINUTE) == calm


def test_latency_is_drawn_between_its_bounds_and_the_same_each_time():
    event = "entering 0s all: {latency: {legs: far, from: 2s, to: 5s}}"
    one, two = (Director(scenario(event), setting()) for _ in range(2))
    times = [one.conditions("binance_usdm", OPENS + i * SECOND).order_ns for i in range(50)]
    assert times == [two.conditions("binance_usdm", OPENS + i * SECOND).order_ns for i in range(50)]
    assert 2 * SECOND <= min(times) < 3 * SECOND < 4 * SECOND < max(times) <= 5 * SECOND
    assert one.conditions("upbit", OPENS).order_ns == 80 * MS


def test_an_event_counted_from_the_close_begins_with_the_first_one():
    director = Director(scenario("entering 0s 1m close: {unreachable: {legs: near}}"), setting())
    assert director.conditions("upbit", OPENS + BAR - 1).reachable
    assert not director.conditions("upbit", OPENS + BAR).reachable
    assert director.conditions("upbit", OPENS + BAR + MINUTE).reachable


def told_rates(event: str) -> list[tuple[int, Decimal, int]]:
    """Seconds after the opening, what the seat of money was told, and how old that was, in seconds."""
    found = []
    for at_ns, happened in played(Director(scenario(event), setting()), watched(at_work=True), OPENS + MINUTE):
        for each in happened:
            if isinstance(each, SeatRate) and each.seat == "money":
                found.append(((at_ns - OPENS) // SECOND, each.rate.rate, (at_ns - each.rate.venue_at_ns) // SECOND))
    return found


def test_rates_are_told_freeze_go_missing_and_jump():
    assert told_rates("open 0s 1m: {rate_missing: {seats: money}}")[:2] == [(1, 1000, 0), (2, 1000, 0)]
    assert (15, 1000, 5) in told_rates("entering 10s 20s: {rate_frozen: {seats: both}}")
    missing = [at for at, _, _ in told_rates("entering 10s 20s: {rate_missing: {seats: money}}")]
    assert not set(range(10, 30)) & set(missing) and {9, 30} <= set(missing)
    assert (20, 1030, 0) in told_rates("entering 10s 20s: {rate_jumps: {seats: both, by: 3%}}")
    assert (20, 1000, 0) in told_rates("entering 10s 20s: {rate_jumps: {seats: premium, by: 3%}}")


def test_a_venue_closes_only_what_stands_on_margin_and_once():
    director = Director(scenario("entering 5s 1m: {deleveraged: {legs: both, part: 50%}}"), setting())
    closes = [
        (at_ns - OPENS, each)
        for at_ns, happened in played(director, watched(), OPENS + BAR)
        for each in happened
        if isinstance(each, ForcedClose)
    ]
    assert closes == [(5 * SECOND, ForcedClose(Forced.DELEVERAGING, FAR, Decimal("0.5")))]


def test_wide_spreads_and_thin_books():
    def depth(*events: str) -> Depth:
        happened = Director(scenario(*events), setting()).happen(OPENS + SECOND, watched())
        return next(each for each in happened if isinstance(each, Depth) and each.instrument == NEAR)

    calm = depth()
    wide = depth("entering 0s all: {spread_times: {legs: both, factor: 10}}")
    thin = depth("entering 0s all: {depth_divided_by: {legs: both, factor: 10}}")
    assert (wide.asks[0].price - wide.bids[0].price) > 8 * (calm.asks[0].price - calm.bids[0].price)
    assert thin.asks[0].amount * 9 < calm.asks[0].amount < thin.asks[0].amount * 11


def test_a_level_in_other_money_is_said_plainly():
    strange: Scenario = scenario(usual={**_usual(), "level": "20,000 USDT"})
    with pytest.raises(UsageMistake, match="told in USDT, and upbit BTC/KRW is priced in KRW"):
        Director(strange, setting()).happen(OPENS + SECOND, watched())


def _usual() -> dict[str, object]:
    return {
        "order_latency": "80ms", "answer_latency": "60ms", "spread": "4bp", "level": "20,000,000 KRW", "levels": 10,
        "apart": "2bp",
    }  # fmt: skip
