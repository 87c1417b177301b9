"""What each publisher says of the dollar: its rate, its own time, and what becomes of words that are not its own."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

pytest.importorskip("aiohttp", reason="needs karb[live]")

from karb_core.connection.typed_body import Unreadable
from karb_core.domain.market import FxKind, FxRate
from karb_core.domain.statement import VenueSilent
from karb_core.wiring.wall_clock import WallClock
from karb_fx import answers, daily_answers
from karb_fx.banks import Dunamu, ExchangeRateHost, Frankfurter, KoreaExim, OpenErApi, Yahoo
from tests.plugins.karb_fx.publisher_here import PublisherHere

S, MS = 1_000_000_000, 1_000_000
AGES = {"max_age": "10m", "when_closed": "80h"}
NOON = int(datetime(2026, 11, 20, 12, tzinfo=UTC).timestamp()) * S
EXIM_PATH = "/site/program/financial/exchangeJSON"
NOTICE_MS = NOON // MS - 3_502_000

DUNAMU = {
    "code": "FRX.KRWUSD",
    "basePrice": 1470.5,
    "timestamp": NOTICE_MS,
    "provider": "하나은행",
    "cashBuyingPrice": None,
}
ER_API = {
    "result": "success",
    "base_code": "USD",
    "time_last_update_unix": NOON // S - 40_000,
    "rates": {"USD": 1, "KRW": 1470.512345, "JPY": 154.2},
}
FIXING = {"amount": 1.0, "base": "USD", "date": "2026-11-19", "rates": {"KRW": 1470.12}}


def chart(last: float = 1470.51, **told: Any) -> dict[str, Any]:
    meta = {"currency": "KRW", "symbol": "KRW=X", "regularMarketTime": NOON // S - 1, "regularMarketPrice": last}
    one = {"meta": meta, "timestamp": [NOON // S - 60], "indicators": {"quote": [{"open": [1470.4], "close": [last]}]}}
    return {"chart": {"result": [one | told], "error": None}}


HOST = {"success": True, "timestamp": NOON // S - 90, "source": "USD", "quotes": {"USDKRW": 1470.53}}
EXIM = {"result": 1, "cur_unit": "USD", "deal_bas_r": "1,470.5", "ttb": "1,455.79"}
YEN = EXIM | {"cur_unit": "JPY(100)", "deal_bas_r": "953.1"}


def exim(body: bytes, received_ns: int) -> Any:
    return daily_answers.koreaexim(body, received_ns, date(2026, 11, 20))


def utc(text: str) -> int:
    return int(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp()) * S


@pytest.mark.parametrize(
    ("reads", "said", "rate", "at_ns"),
    [
        (answers.dunamu, [DUNAMU], "1470.5", NOTICE_MS * MS),
        (answers.yahoo, chart(), "1470.51", NOON - S),
        (daily_answers.open_er_api, ER_API, "1470.512345", NOON - 40_000 * S),
        (daily_answers.frankfurter, FIXING, "1470.12", utc("2026-11-19 15:00")),
        (daily_answers.exchangerate_host, HOST, "1470.53", NOON - 90 * S),
        (exim, [YEN, EXIM], "1470.5", utc("2026-11-20 02:00")),
    ],
)
def test_a_rate_is_what_was_written_to_the_last_digit_with_its_publishers_own_time(
    reads: Any, said: Any, rate: str, at_ns: int
) -> None:
    (told,) = reads(json.dumps(said).encode(), NOON)
    assert (told.rate, told.at_ns) == (Decimal(rate), at_ns)


@pytest.mark.parametrize(
    ("reads", "said"),
    [
        (answers.dunamu, {"error": "no such code"}),
        (answers.dunamu, [DUNAMU | {"basePrice": None}]),
        (answers.dunamu, [DUNAMU | {"basePrice": 0}]),
        (answers.dunamu, [DUNAMU | {"timestamp": NOON // MS + 61_000}]),
        (answers.yahoo, {"chart": {"result": None, "error": {"code": "Not Found"}}}),
        (answers.yahoo, chart(meta=chart()["chart"]["result"][0]["meta"] | {"symbol": "JPY=X"})),
        (daily_answers.open_er_api, {"result": "error", "error-type": "unsupported-code"}),
        (daily_answers.open_er_api, ER_API | {"rates": {"USD": 1}}),
        (daily_answers.open_er_api, ER_API | {"base_code": "EUR"}),
        (daily_answers.frankfurter, FIXING | {"rates": {"KRW": -1}}),
        (daily_answers.frankfurter, FIXING | {"rates": {}}),
        (daily_answers.frankfurter, {"message": "not found"}),
        (daily_answers.exchangerate_host, {"success": False, "error": {"code": 101, "type": "missing_access_key"}}),
        (daily_answers.exchangerate_host, {"success": False}),
        (daily_answers.exchangerate_host, HOST | {"quotes": {"USDJPY": 154.2}}),
        (exim, [{"result": 3}]),
        (exim, [{"result": 4}]),
        (exim, [EXIM | {"deal_bas_r": "1.470,5"}]),
        (exim, [EXIM | {"deal_bas_r": "0"}]),
    ],
)
def test_words_that_are_not_the_publishers_are_no_rate(reads: Any, said: Any) -> None:
    with pytest.raises(Unreadable):
        list(reads(json.dumps(said).encode(), NOON))


@pytest.mark.parametrize("body", [b"", b"<html>", b"[" * 5000, b'{"chart":', b"[]" * 2])
def test_what_is_no_answer_at_all_is_no_rate(body: bytes) -> None:
    for reads in (answers.dunamu, answers.yahoo, daily_answers.open_er_api, daily_answers.frankfurter):
        with pytest.raises(Unreadable):
            list(reads(body, NOON))


def test_another_currency_beside_it_is_passed_over_and_alone_it_is_nothing() -> None:
    other = DUNAMU | {"code": "FRX.KRWJPY", "basePrice": 953.1}
    assert [t.rate for t in answers.dunamu(json.dumps([other, DUNAMU]).encode(), NOON)] == [Decimal("1470.5")]
    assert list(answers.dunamu(json.dumps([other]).encode(), NOON)) == []


def test_a_fixing_that_is_there_an_hour_early_in_summer_is_as_of_now() -> None:
    early = utc("2026-07-01 14:05")
    (told,) = daily_answers.frankfurter(json.dumps(FIXING | {"date": "2026-07-01"}).encode(), early)
    assert told.at_ns == early


def at(here: PublisherHere, body: Callable[[str], Awaitable[None]]) -> None:
    async def whole() -> None:
        async with here.open() as address:
            await body(address)

    asyncio.run(whole())


async def ran(source: Any, told: list[FxRate], enough: Callable[[], bool]) -> list[str]:
    """Runs it until there is enough, begun again where it broke, as a house does; gives back what went wrong."""
    wrong: list[str] = []

    async def kept() -> None:
        while True:
            try:
                await source.run(told.append, WallClock())
            except VenueSilent as e:
                wrong.append(str(e))

    runs = asyncio.ensure_future(kept())
    async with asyncio.timeout(30):
        while not enough():
            assert not runs.done(), runs
            await asyncio.sleep(0.005)
    runs.cancel()
    await asyncio.gather(runs, return_exceptions=True)
    return wrong


def test_each_is_asked_where_it_is_and_tells_what_kind_of_rate_it_is() -> None:
    now_ms = time.time_ns() // MS
    said: list[tuple[Any, str, Any, FxKind]] = [
        (Dunamu, "/v1/forex/recent?codes=FRX.KRWUSD", [DUNAMU | {"timestamp": now_ms}], FxKind.BASE),
        (Yahoo, "/v8/finance/chart/KRW=X?interval=1m&range=1d", chart(), FxKind.MARKET),
        (OpenErApi, "/v6/latest/USD", ER_API, FxKind.MID),
        (Frankfurter, "/v1/latest?base=USD&symbols=KRW", FIXING, FxKind.REFERENCE),
    ]
    for made, target, answer, kind in said:
        here, told = PublisherHere({target.partition("?")[0]: [json.dumps(answer)]}), list[FxRate]()

        async def body(address: str, made: Any = made, told: list[FxRate] = told) -> None:
            await ran(made(made.Params(**AGES, address=address, every="10ms")), told, lambda: bool(told))

        at(here, body)
        assert here.asked[0] == target
        assert (told[0].base, told[0].quote, told[0].source, told[0].kind) == ("USD", "KRW", made.name, kind)
        assert told[0].venue_at_ns <= told[0].received_at_ns


def test_a_rate_that_stands_is_told_once_and_the_next_notice_when_it_is_there() -> None:
    first, second = (json.dumps([DUNAMU | {"timestamp": NOTICE_MS + n, "basePrice": 1470 + n}]) for n in (0, 1))
    here, told = PublisherHere({"/v1/forex/recent": [first, first, first, second]}), list[FxRate]()

    async def body(address: str) -> None:
        params = Dunamu.Params(**AGES, address=address, every="5ms")
        await ran(Dunamu(params), told, lambda: len(here.asked) > 6)

    at(here, body)
    assert [rate.rate for rate in told] == [1470, 1471]


def test_an_older_notice_never_takes_the_place_of_a_newer_one() -> None:
    newer, older = (json.dumps([DUNAMU | {"timestamp": NOTICE_MS - n}]) for n in (0, 60_000))
    here, told = PublisherHere({"/v1/forex/recent": [newer, older]}), list[FxRate]()

    async def body(address: str) -> None:
        await ran(Dunamu(Dunamu.Params(**AGES, address=address, every="5ms")), told, lambda: len(here.asked) > 4)

    at(here, body)
    assert len(told) == 1


def test_what_is_no_answer_is_said_and_asked_again_no_sooner_than_the_next_question_is_due() -> None:
    here, told = (
        PublisherHere({"/v6/latest/USD": ['{"result":"error","error-type":"unsupported-code"}']}),
        list[FxRate](),
    )

    async def body(address: str) -> None:
        params = OpenErApi.Params(**AGES, address=address, every="1h")
        source = OpenErApi(params)
        with pytest.raises(VenueSilent, match="unsupported-code"):
            await source.run(told.append, WallClock())
        again = asyncio.ensure_future(source.run(told.append, WallClock()))
        await asyncio.wait([again], timeout=0.2)
        assert not again.done()
        again.cancel()
        await asyncio.gather(again, return_exceptions=True)

    at(here, body)
    assert (len(here.asked), told) == (1, [])


def test_the_bank_is_asked_of_earlier_days_until_one_has_a_rate_and_of_no_more() -> None:
    here = PublisherHere({EXIM_PATH: ["[]", "[]", json.dumps([EXIM]), "[]"]})
    told: list[FxRate] = []

    async def body(address: str) -> None:
        source = KoreaExim(KoreaExim.Params(**AGES, key="secret:bank", address=address, every="1h"))
        await ran(source.open_source(lambda name: "a key&more"), told, lambda: bool(told))

    at(here, body)
    days = [target.partition("searchdate=")[2][:8] for target in here.asked]
    assert len(days) == 3
    assert days == sorted(days, reverse=True)
    assert all("authkey=a%20key%26more&" in target or "authkey=a key%26more&" in target for target in here.asked)
    assert told[0].rate == Decimal("1470.5")


def test_a_key_is_in_the_question_and_in_nothing_that_is_said() -> None:
    for made, path in ((ExchangeRateHost, "/live"), (KoreaExim, EXIM_PATH)):
        here = PublisherHere({path: ["<html>planted-key</html>"]})
        said: list[str] = []

        async def body(address: str, made: Any = made, said: list[str] = said) -> None:
            source = made(made.Params(**AGES, key="secret:x", address=address)).open_source(lambda name: "planted-key")
            with pytest.raises(VenueSilent) as silent:
                await source.run(lambda rate: None, WallClock())
            said += [str(silent.value), repr(silent.value.args), repr(source)]

        at(here, body)
        assert "planted-key" in here.asked[0]
        assert not any("planted-key" in text for text in said), said


def test_yahoo_and_dunamu_are_asked_as_a_browser_would_and_nobody_is_told_a_key() -> None:
    here, told = PublisherHere({"/v8/finance/chart/KRW=X": [json.dumps(chart())]}), list[FxRate]()

    async def body(address: str) -> None:
        await ran(Yahoo(Yahoo.Params(**AGES, address=address, every="1h")), told, lambda: bool(told))

    at(here, body)
    assert here.headers[0]["User-Agent"].startswith("Mozilla/5.0")
    assert "Authorization" not in here.headers[0]


def test_what_was_before_is_known_at_the_end_of_each_bar_and_a_bar_without_a_close_is_no_rate() -> None:
    opened = [NOON // S - 900, NOON // S - 600, NOON // S - 300, NOON // S]
    bars = chart(timestamp=opened, indicators={"quote": [{"close": [1470.1, None, 1470.3, 1470.4]}]})
    here = PublisherHere({"/v8/finance/chart/KRW=X": [json.dumps(bars)]})
    found: list[FxRate] = []

    async def body(address: str) -> None:
        found.extend(await Yahoo(Yahoo.Params(**AGES, address=address)).past(NOON - 600 * S, NOON + S))

    at(here, body)
    assert [(rate.rate, rate.venue_at_ns - NOON) for rate in found] == [
        (Decimal("1470.1"), -600 * S), (Decimal("1470.3"), 0),
    ]  # fmt: skip
    assert here.asked == [f"/v8/finance/chart/KRW=X?interval=5m&period1={NOON // S - 900}&period2={NOON // S + 1}"]


def test_fixings_of_before_are_known_from_when_they_were_published() -> None:
    days = {"base": "USD", "rates": {"2026-11-18": {"KRW": 1468.2}, "2026-11-17": {"KRW": 1466.0}}}
    here = PublisherHere({"/v1/2026-11-17..2026-11-20": [json.dumps(days)]})
    found: list[FxRate] = []

    async def body(address: str) -> None:
        source = Frankfurter(Frankfurter.Params(**AGES, address=address))
        found.extend(await source.past(utc("2026-11-17 00:00"), NOON))

    at(here, body)
    assert [(rate.rate, rate.venue_at_ns) for rate in found] == [
        (Decimal("1466.0"), utc("2026-11-17 15:00")), (Decimal("1468.2"), utc("2026-11-18 15:00")),
    ]  # fmt: skip


def test_who_keeps_no_past_is_not_asked_for_it() -> None:
    here = PublisherHere({})
    found: list[FxRate] = []

    async def body(address: str) -> None:
        found.extend(await Dunamu(Dunamu.Params(**AGES, address=address)).past(0, NOON))

    at(here, body)
    assert (found, here.asked) == ([], [])
