"""The oracle against figures worked out by hand, and karb's own run against the oracle, row by row."""

from __future__ import annotations

import json
import sqlite3
import subprocess
import sys
from collections import defaultdict
from collections.abc import Mapping
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any, NamedTuple

import polars as pl
import pytest

from tests.oracle.account import Account
from tests.oracle.market import Z, read_rates
from tests.oracle.outcome import OracleResult, Settlement, Trade, exact_decimal
from tests.oracle.rules import read_rules
from tests.oracle.tiered_1h import DATA, DATASET, HOUSE, STRATEGY, Desk, _fixing_open, _within, run

# -- the adapter: the only lines that know the shape of karb's JSON ------------------------------------------------

REFUSALS = {  # a part of the path karb cites -> the oracle's word
    "/share": "share",
    "/balances/upbit": "money.near",
    "/balances/binance_usdm": "money.usdt",
    "/risk_gates/2": "max_position",
    "/risk_gates/3": "profit_only_exit",
    "/when_closed": "when_closed",
    "/max_age": "max_age",
}


class Row(NamedTuple):
    """One trade, as both sides tell it: costs of near and far, fees as venues took them, the split in KRW."""

    entered_at: str
    pair: str
    tier: str
    side: str
    exited_at: str
    amount: Decimal
    entered: tuple[Decimal, ...]
    left: tuple[Decimal, ...]
    venue_fees: tuple[Decimal, ...]
    premium: Decimal
    rate: Decimal
    fees: Decimal
    funding: Decimal
    net: Decimal


class OpenLot(NamedTuple):
    """One lot that was left open: costs of near and far, fees in KRW and USDT, funding so far in USDT."""

    entered_at: str
    pair: str
    tier: str
    side: str
    amount: Decimal
    entered: tuple[Decimal, ...]
    fees: tuple[Decimal, ...]
    funding: Decimal


class Settled(NamedTuple):
    """One settlement of one instrument, in USDT."""

    at: str
    instrument: str
    usdt: Decimal


class Refused(NamedTuple):
    """Denials of one kind. How rows join to an episode is told apart by nobody: moments and counts are."""

    pair: str
    tier: str
    side: str
    rules: tuple[str, ...]


def karb_rows(result: Mapping[str, Any]) -> tuple[list[Row], dict[Refused, list[tuple[str, str, int]]]]:
    """Trades, and per kind of denial its episodes as (first, last, count)."""
    trades = [
        Row(
            trade["entered_at"],
            trade["pair"],
            trade["tier"],
            trade["side"],
            trade["exited_at"],
            _number(trade["amount"]),
            tuple(abs(_number(leg["entered_cost"])) for leg in trade["legs"]),
            tuple(abs(_number(leg["left_cost"])) for leg in trade["legs"]),
            tuple(_number(fee) for fee in trade["fees"]),
            _number(trade["split"]["premium"]),
            _number(trade["split"]["rate"]),
            _number(trade["split"]["fees"]),
            _number(trade["split"]["funding"]),
            _number(trade["net"]),
        )
        for trade in result["trades"]
    ]
    denials: defaultdict[Refused, list[tuple[str, str, int]]] = defaultdict(list)
    for d in result["denials"]:
        kind = Refused(d["pair"], d["tier"], d["side"], tuple(sorted(_word(rule) for rule in d["rules"])))
        denials[kind].append((d["first_at"], d["last_at"], int(d["count"])))
    return sorted(trades), dict(denials)


def karb_open_lots(result: Mapping[str, Any]) -> list[OpenLot]:
    return sorted(
        OpenLot(
            *(lot[name] for name in ("entered_at", "pair", "tier", "side")),
            _number(lot["amount"]),
            tuple(abs(_number(leg["entered_cost"])) for leg in lot["legs"]),
            tuple(_number(fee) for fee in lot["fees"]),
            sum((_number(received) for received in lot["funding"]), Decimal(0)),
        )
        for lot in result["open_lots"]
    )


def karb_settlements(result: Mapping[str, Any]) -> list[Settled]:
    """From the ledger that the run wrote."""
    with closing(sqlite3.connect(result["ledger"])) as ledger:
        asked = "SELECT at_ns, instrument, received, asset FROM incomes WHERE run_id = ?"
        rows = ledger.execute(asked, (result["run"],)).fetchall()
    assert {asset for *_, asset in rows} <= {"USDT"}
    return sorted(Settled(_iso(at_ns), instrument, Decimal(received)) for at_ns, instrument, received, _ in rows)


def _iso(at_ns: int) -> str:
    seconds, rest = divmod(at_ns, 10**9)
    assert rest == 0
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%S.000Z")


def _word(rule: str) -> str:
    return next((word for part, word in REFUSALS.items() if part in rule), rule)


def _number(money: str) -> Decimal:
    return Decimal(money.split()[0])


# -- karb against the oracle -----------------------------------------------------------------------------------------


def oracle_rows(result: OracleResult) -> tuple[list[Row], dict[Refused, list[str]]]:
    """Trades, and per kind of denial every moment of it (twice where two lots were denied)."""
    denials: defaultdict[Refused, list[str]] = defaultdict(list)
    for d in result.denials:
        words = {"money.near" if rule in {"money.krw", "money.coins"} else rule for rule in d.rules}
        denials[Refused(d.pair, d.tier, d.side, tuple(sorted(words)))] += d.moments
    return sorted(_row(trade) for trade in result.trades), dict(denials)


def _row(t: Trade) -> Row:
    assert t.exited_at is not None
    assert t.near_exit is not None and t.far_exit is not None and t.funding_krw is not None
    assert t.premium is not None and t.rate is not None and t.fees is not None and t.net is not None
    entered, left = (t.near_entry, t.far_entry), (t.near_exit, t.far_exit)
    came, went = (tuple(exact_decimal(Fraction(p) * Fraction(t.amount)) for p in prices) for prices in (entered, left))
    head = (t.entered_at, t.pair, t.tier, t.side, t.exited_at, t.amount)
    return Row(*head, came, went, (t.fees_krw, t.fees_usdt), t.premium, t.rate, t.fees, t.funding_krw, t.net)


def oracle_open_lots(result: OracleResult) -> list[OpenLot]:
    return sorted(
        OpenLot(
            *(lot.entered_at, lot.pair, lot.tier, lot.side, lot.amount),
            tuple(exact_decimal(Fraction(p) * Fraction(lot.amount)) for p in (lot.near_entry, lot.far_entry)),
            (lot.fees_krw, lot.fees_usdt),
            exact_decimal(sum((Fraction(usdt) for _, usdt in lot.funding), Fraction(0))),
        )
        for lot in result.open_lots
    )


def oracle_settlements(result: OracleResult) -> list[Settled]:
    return sorted(Settled(s.at, f"binance_usdm {s.pair}/USDT", s.usdt) for s in result.settlements)


@pytest.fixture(scope="module")
def expected() -> OracleResult:
    if not DATA.is_dir():
        pytest.skip(f"no recorded hours at {DATA}")
    return run()


@pytest.fixture(scope="module")
def karb_result(expected: OracleResult, tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, Any]:
    ledger = tmp_path_factory.mktemp("karb") / "ledger.sqlite"
    karb = str(Path(sys.executable).with_name("karb"))
    command = [karb, "run", str(STRATEGY), "--mode", "backtest", "--data", str(DATASET), "--format", "json", "--quiet"]
    done = subprocess.run([*command, "--ledger", str(ledger)], cwd=HOUSE, capture_output=True, text=True, timeout=600)
    assert done.returncode in {0, 10}, done.stderr  # 10: ended with something left open
    loaded: Mapping[str, Any] = json.loads(done.stdout)
    return loaded


def test_the_oracle_met_no_incident_that_makes_rows_incomparable(expected: OracleResult) -> None:
    assert expected.incidents == []


def test_karb_makes_the_trades_the_oracle_makes(expected: OracleResult, karb_result: Mapping[str, Any]) -> None:
    told, worked_out = karb_rows(karb_result)[0], oracle_rows(expected)[0]
    for ours, theirs in zip(told, worked_out, strict=False):  # the first row that differs says more than the lists
        assert ours[:-2] == theirs[:-2]
        assert ours.funding == theirs.funding
        assert ours.net == theirs.net
    assert len(told) == len(worked_out)


def test_karb_ends_with_the_lots_the_oracle_ends_with(expected: OracleResult, karb_result: Mapping[str, Any]) -> None:
    told = karb_open_lots(karb_result)
    assert told == oracle_open_lots(expected)
    assert karb_result["summary"]["open_lots"] == len(told) > 0
    left = [leg["left"] for lot in karb_result["open_lots"] for leg in lot["legs"]]
    assert {_number(amount) for amount in left} == {Decimal(0)}


def test_each_settlement_is_the_oracles(expected: OracleResult, karb_result: Mapping[str, Any]) -> None:
    told, worked_out = karb_settlements(karb_result), oracle_settlements(expected)
    for ours, theirs in zip(told, worked_out, strict=False):  # the first that differs says more than the lists
        assert ours == theirs
    assert len(told) == len(worked_out) > 0


def test_karb_denies_what_the_oracle_denies(expected: OracleResult, karb_result: Mapping[str, Any]) -> None:
    told, worked_out = karb_rows(karb_result)[1], oracle_rows(expected)[1]
    assert sorted(told) == sorted(worked_out)
    for kind, episodes in told.items():
        moments = worked_out[kind]
        assert {first for first, _, _ in episodes} | {last for _, last, _ in episodes} <= set(moments), kind
        assert (min(first for first, _, _ in episodes), max(last for _, last, _ in episodes)) == (
            min(moments),
            max(moments),
        ), kind
    counts = {kind: sum(count for _, _, count in episodes) for kind, episodes in told.items()}
    assert counts == {kind: len(moments) for kind, moments in worked_out.items()}


# -- the oracle against figures by hand ------------------------------------------------------------------------------

START = datetime(2024, 1, 1, tzinfo=UTC)  # a Monday
FAR = {"BTC": 40_000.0, "ETH": 2_000.0, "XRP": 0.5}
DIP, PEAK, HOURS = 479, 490, 496


def recorded(folder: Path, rate: float, last_fixing: datetime, late: tuple[datetime, float] | None = None) -> Path:
    """20 days of BTC premia of +0.1 % and -0.1 % in turn, eleven hours of -1 %, one peak, then none. Others: none."""
    tail = 40_000.0 * (late[1] if late else rate)
    closes = [50_050_000.0 if i % 2 == 0 else 49_950_000.0 for i in range(DIP)]
    closes += [49_500_000.0] * (PEAK - DIP) + [51_200_000.0] + [tail] * (HOURS - PEAK - 1)
    opens = [*closes]
    opens[DIP + 1], opens[PEAK + 1] = 49_510_000.0, 51_190_000.0
    for name in ("candles_1h", "funding_8h", "fx"):
        (folder / name).mkdir()
    for asset, far in FAR.items():
        known = [late[1] if late and START + timedelta(hours=i + 1) >= late[0] else rate for i in range(HOURS)]
        flat = [far * value for value in known]
        near = (opens, closes) if asset == "BTC" else (flat, flat)
        _bars(folder / f"candles_1h/upbit_KRW-{asset}.parquet", *near)
        _bars(folder / f"candles_1h/binance_usdm_{asset}USDT.parquet", [far] * HOURS, [far] * HOURS)
        mark = [far * 1.0025] * HOURS
        _bars(folder / f"candles_1h/binance_usdm_mark_{asset}USDT.parquet", mark, mark)
        settled = [START + timedelta(hours=h) for h in range(0, HOURS, 8)]
        _write(
            folder / f"funding_8h/binance_usdm_{asset}USDT.parquet",
            {"ts": [*settled], "funding_rate": [0.0001] * len(settled)},
        )
    days = [START + timedelta(days=d, hours=15) for d in range(-3, 21)]
    fixings = [(at, rate) for at in days if at.weekday() < 5 and at <= last_fixing] + ([late] if late else [])
    columns = {"published_ts": [at for at, _ in fixings], "usdkrw": [value for _, value in fixings]}
    _write(folder / "fx/ecb_usdkrw_1d.parquet", columns, at="published_ts")
    return folder


def _bars(file: Path, opens: list[float], closes: list[float]) -> None:
    high, low = (
        [max(two) for two in zip(opens, closes, strict=True)],
        [min(two) for two in zip(opens, closes, strict=True)],
    )
    hours = [START + timedelta(hours=i) for i in range(len(opens))]
    _write(file, {"ts": hours, "open": opens, "high": high, "low": low, "close": closes})


def _write(file: Path, columns: Mapping[str, Any], at: str = "ts") -> None:
    pl.DataFrame(columns).with_columns(pl.col(at).dt.cast_time_unit("ms")).write_parquet(file)


def test_a_lot_from_a_dip_to_a_peak_is_what_the_pencil_says(tmp_path: Path) -> None:
    """z = -9.1 at 2024-01-21 00:00: ultra, long, 16,000,000 / 49,514,850 = 0.3231.. -> 0.323 BTC, at the next opens.

    Funding at 00:00 comes before it; 08:00 pays 0.323 x 40,100 x 0.0001. The rate is 1260 from 09:00 on. At 11:00
    p = 51,184,640 / (40,012 x 1260), e = 49,524,853 / (39,988 x 1250): net 2.28 % of a target of 2 %.
    """
    data = recorded(tmp_path, 1250.0, START + timedelta(days=19), (START + timedelta(days=20, hours=9), 1260.0))
    result = run(data)
    assert result.trades == [
        Trade(
            pair="BTC",
            tier="ultra",
            side="long_premium",
            decided_at="2024-01-21T00:00:00.000Z",
            entered_at="2024-01-21T00:00:00.000Z",
            amount=Decimal("0.323"),
            near_entry=Decimal("49524853"),  # 49,510,000 x 1.0003
            far_entry=Decimal("39988"),  # 40,000 x 0.9997
            rate_at_entry=Decimal("1250"),
            fees_krw=Decimal("16262.968604"),  # 7,998.2637595 + 8,264.7048445
            fees_usdt=Decimal("12.92"),  # 6.458062 + 6.461938
            funding=(("2024-01-21T08:00:00.000Z", Decimal("1.29523")),),
            exit_decided_at="2024-01-21T11:00:00.000Z",
            exited_at="2024-01-21T11:00:00.000Z",
            near_exit=Decimal("51174643"),  # 51,190,000 x 0.9997
            far_exit=Decimal("40012"),
            rate_at_exit=Decimal("1260"),
            net=Decimal("492204.471196"),
            premium=Decimal("393953.41"),  # (16,529,409.689 - 12,923.876 x 1260) - (15,996,527.519 - 12,916.124 x 1250)
            rate=Decimal("129161.24"),  # 12,916.124 x 10
            funding_krw=Decimal("1631.9898"),
            fees=Decimal("-32542.168604"),
        )
    ]
    assert result.settlements == [Settlement("2024-01-21T08:00:00.000Z", "BTC", Decimal("1.29523"))]
    assert (result.open_lots, result.denials, result.missed, result.incidents) == ([], [], [], [])
    assert result.balances["KRW"] == 45_000_000 + Decimal("532882.17") - Decimal("16262.968604")
    assert result.balances["USDT"] == pytest.approx(60_000 - 7.752 + 1.29523 - 12.92)
    assert result.balances["BTC"] == 1


def test_a_rate_too_old_denies_for_as_long_as_it_is_asked(tmp_path: Path) -> None:
    result = run(recorded(tmp_path, 1250.0, START + timedelta(days=15)))  # the last one: Monday the 15th, 15:00
    told = [(d.tier, d.side, set(d.rules), d.first_at[5:13], d.last_at[5:13], d.count) for d in result.denials]
    assert told == [
        ("ultra", "long_premium", {"when_closed"}, "01-21T00", "01-21T10", 11),
        ("ultra", "short_premium", {"when_closed"}, "01-21T11", "01-21T11", 1),
    ]
    assert result.trades == []


def test_a_missing_bar_at_the_fill_leaves_the_tier_unspent(tmp_path: Path) -> None:
    data = recorded(tmp_path, 1250.0, START + timedelta(days=19))
    file = data / "candles_1h/upbit_KRW-BTC.parquet"
    pl.read_parquet(file).filter(pl.col("ts") != START + timedelta(hours=DIP + 1)).write_parquet(file)
    result = run(data)
    assert [(m.at, m.what) for m in result.missed] == [("2024-01-21T00:00:00.000Z", "entry ultra")]
    assert [t.entered_at for t in result.trades] == ["2024-01-21T02:00:00.000Z"]  # no row at 01:00


def test_lots_share_one_position_and_opposite_ones_reduce_it() -> None:
    account = Account(read_rules(STRATEGY, DATASET))
    account.far_fill("BTC", Fraction(-2), Fraction(100))  # 200 locked, fee 0.1
    short = account.positions["BTC"]
    assert [short.liquidated_at(Fraction(mark), Fraction("0.025")) for mark in (195, 196)] == [False, True]
    account.far_fill("BTC", Fraction(1), Fraction(90))  # 100 back, 10 won, fee 0.045
    account.far_fill("BTC", Fraction(3), Fraction(80))  # 100 back, 20 won, then 2 long: 160 locked, fee 0.12
    held = account.positions["BTC"]
    assert [held.amount, held.entry, held.margin] == [Fraction(n) for n in (2, 80, 160)]
    assert account.usdt == 60_000 - 130 - Fraction("0.265")


@pytest.mark.parametrize(("dev", "reached"), [(-2, True), (2, True), (1, False)])
def test_a_bound_on_z_is_inclusive(dev: int, reached: bool) -> None:
    assert Z(dev, 1).reaches(Fraction(2)) is reached


@pytest.mark.parametrize(
    ("fill", "amount", "filled"),
    [("100.2", 1, True), ("100.21", 1, False), ("99.9", -1, True), ("99.89", -1, False)],  # 100.24008 and 99.83992
)
def test_a_limit_is_inclusive_and_lies_inside_the_band(fill: str, amount: int, filled: bool) -> None:
    facts = replace(read_rules(STRATEGY, DATASET).pairs[0].far, ticks=((Fraction(0), Fraction("0.1")),))
    assert _within(Fraction(fill), Fraction(amount), Fraction("100.04"), Fraction("0.002"), facts) is filled


@pytest.mark.parametrize(
    ("at", "is_open"),
    [
        ("2024-01-01T14", False),
        ("2024-01-01T15", True),
        ("2024-01-05T14", True),
        ("2024-01-05T15", False),
        ("2024-01-07T15", False),
    ],
)
def test_the_fixing_is_open_from_monday_to_friday(at: str, is_open: bool) -> None:
    assert _fixing_open(int(datetime.fromisoformat(at + ":00+00:00").timestamp()) // 3600) is is_open


def test_the_venues_books_say_what_the_lots_say() -> None:
    """Two months of real hours: won to the last digit; dollars at any mark, whatever netted meanwhile."""
    if not DATA.is_dir():
        pytest.skip(f"no recorded hours at {DATA}")
    rules, until = read_rules(STRATEGY, DATASET), int(datetime(2022, 3, 1, tzinfo=UTC).timestamp()) // 3600
    desk = Desk(rules, DATA, None, until, "reserved")
    result, marks = desk.run(), {"BTC": Fraction(43_000), "ETH": Fraction(2_900), "XRP": Fraction("0.77")}
    won, dollars = rules.krw, rules.usdt
    for t in [*result.trades, *result.open_lots]:
        d, amount = (1 if t.side == "long_premium" else -1), Fraction(t.amount)
        funding = sum((Fraction(usdt) for _, usdt in t.funding), Fraction(0))
        won += d * amount * (Fraction(t.near_exit or 0) - Fraction(t.near_entry)) - Fraction(t.fees_krw)
        left_at = Fraction(t.far_exit) if t.far_exit else marks[t.pair]
        dollars += -d * amount * (left_at - Fraction(t.far_entry)) + funding - Fraction(t.fees_usdt)
    held = desk.account.positions
    worth = desk.account.usdt + sum((p.margin + p.amount * (marks[n] - p.entry) for n, p in held.items()), Fraction(0))
    assert (len(result.trades) > 20, len(result.open_lots) > 0) == (True, True)
    assert won == desk.account.krw
    assert abs(worth - dollars) < Fraction(1, 10**24)


def test_a_rate_is_known_from_its_publication_on(tmp_path: Path) -> None:
    rates = read_rates(recorded(tmp_path, 1250.0, START + timedelta(days=19)))
    first = int((START - timedelta(days=3) + timedelta(hours=15)).timestamp()) // 3600
    assert [rates.at(first - 1), rates.at(first)] == [None, (Fraction(1250), 0)]
