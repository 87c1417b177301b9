"""`karb status`, `karb positions`, `karb pnl`: what a ledger says stands, while a desk runs, after it, and of backtests."""

from __future__ import annotations

import asyncio
import json
import shutil
import time
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from karb_core.domain.amount import Amount
from karb_core.ledger.lease import Holder, take
from karb_core.ledger.ledger import open_ledger
from tests.cli.conftest import Karb
from tests.cli.hourly import LEDGER, furnished, one_sentence
from tests.cli.shipped import ROOT
from tests.engine.scene import NOW, SECOND, TERMS, moment, view
from tests.wiring.hourly import TIERED_HOURLY, write_hourly
from tests.wiring.steered import ACCOUNT, Steered, started, told
from tests.wiring.tiny import strategy_text

DESK = "desk.sqlite"
MINUTE = 60 * SECOND
PARTS = ("premium", "rate", "fees", "funding", "net")


def said(karb: Karb, *arguments: str, ledger: str = LEDGER) -> dict[str, Any]:
    answer = karb(*arguments, "--ledger", ledger, "--format", "json")
    assert (answer.code, answer.err) == (0, "")
    document: dict[str, Any] = json.loads(answer.out)
    assert document["format_version"] == 1
    return document


@pytest.fixture(scope="module")
def tiers(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a strategy of three tiers, clips and stops, and its market."""
    folder = tmp_path_factory.mktemp("tiers")
    write_hourly(folder)
    (folder / "tiny.yaml").write_text(strategy_text(*TIERED_HOURLY), "utf-8")
    return folder


@pytest.fixture
def ran(karb: Karb, home: Path, tiers: Path) -> dict[str, Any]:
    """What `karb run` itself said of the run whose ledger is here."""
    shutil.copytree(tiers, home, dirs_exist_ok=True)
    answer = karb("run", "tiny.yaml", "--quiet", "--ledger", LEDGER, "--format", "json")
    assert answer.code == 0, answer.all
    document: dict[str, Any] = json.loads(answer.out)
    assert len(document["trades"]) > 5
    return document


def total(amounts: list[str]) -> Amount:
    out = Amount.zero("KRW")
    for amount in amounts:
        out = out + Amount.read(amount)
    return out


@pytest.mark.parametrize("by", ["day", "tier", "pair"])
def test_pnl_is_what_the_run_said_to_the_last_digit_however_it_is_grouped(
    karb: Karb, ran: dict[str, Any], by: str
) -> None:
    found = said(karb, "pnl", "--by", by)
    (whole,) = found["total"]
    assert {name: whole[name] for name in PARTS} == {name: ran["summary"][name] for name in PARTS}
    assert whole["lots"] == len(ran["trades"])
    for name in PARTS:
        assert total([group[name] for group in found["closed"]]).text() == whole[name]
    for group in found["closed"]:
        assert total([group[name] for name in PARTS[:-1]]).text() == group["net"]
    assert (found["unrated"], found["open"]["lots"]) == ([], len(ran["open_lots"]))


def test_pnl_of_a_tier_is_that_of_its_trades(karb: Karb, ran: dict[str, Any]) -> None:
    found = said(karb, "pnl", "--by", "tier")
    tiers = {group["group"]: group["net"] for group in found["closed"]}
    assert len(tiers) > 1
    for tier, net in tiers.items():
        assert total([t["net"] for t in ran["trades"] if t["tier"] == tier]).text() == net


def test_a_lot_counts_on_the_korean_day_on_which_it_ended_unless_told_otherwise(
    karb: Karb, ran: dict[str, Any]
) -> None:
    korean = {g["group"] for g in said(karb, "pnl")["closed"]}
    universal = {g["group"] for g in said(karb, "pnl", "--zone", "UTC")["closed"]}
    assert universal == {trade["exited_at"][:10] for trade in ran["trades"]}
    assert korean != universal
    late = next(t["exited_at"] for t in ran["trades"] if t["exited_at"][11:13] >= "15")
    day = int(late[8:10]) + 1
    assert f"{late[:8]}{day:02d}" in korean


def test_pnl_is_a_table_whose_numbers_are_rounded(karb: Karb, ran: dict[str, Any]) -> None:
    shown = karb("pnl", "--by", "pair", "--ledger", LEDGER)
    lines = shown.out.splitlines()
    assert lines[0].split() == ["pair", "lots", "premium", "captured", "exchange", "rate", "fees", "funding", "net"]
    assert [line.split()[0] for line in lines[1:4]] == ["BTC", "XRP", "total"]
    net = Decimal(said(karb, "pnl")["total"][0]["net"].split()[0])
    assert f"{net:,.0f} KRW" in lines[3]


def test_positions_of_a_backtest_are_what_the_run_left_open(karb: Karb, ran: dict[str, Any]) -> None:
    assert ran["open_lots"]
    found = said(karb, "positions")
    kept = [{name: lot[name] for name in ran["open_lots"][0]} for lot in found["lots"]]
    assert kept == ran["open_lots"]
    assert all(lot["uneven"] == [] for lot in found["lots"])
    for instrument, amount in found["sums"].items():
        opens = [leg["open"] for lot in found["lots"] for leg in lot["open"] if leg["instrument"] == instrument]
        assert Decimal(amount.split()[0]) == sum(Decimal(one.split()[0]) for one in opens)


@pytest.fixture
def desk(home: Path) -> Iterator[Steered]:
    ledger = open_ledger(DESK)
    yield started(ledger, "1", "1")
    ledger.close()


def entered(desk: Steered) -> None:
    async def day() -> None:
        await desk.obeying.look()
        await desk.desk.take(moment(), view(moment()))
        await desk.desk.journal.durable()

    asyncio.run(day())


def test_an_open_lot_is_told_leg_by_leg_with_price_fees_and_age(karb: Karb, desk: Steered) -> None:
    entered(desk)
    (lot,) = said(karb, "positions", ledger=DESK)["lots"]
    assert (lot["pair"], lot["side"], lot["uneven"]) == ("ADA", "up", [])
    assert lot["open"] == [
        {"instrument": "korbit ADA/EUR", "open": "-100 ADA", "entry_price": lot["open"][0]["entry_price"]},
        {"instrument": "dydx ADA/USD", "open": "100 ADA", "entry_price": lot["open"][1]["entry_price"]},
    ]
    assert lot["age_s"] == pytest.approx((time.time_ns() - NOW) // SECOND, abs=60)
    assert lot["fees"] == ["0.07 EUR", "0.07 USD"]
    shown = karb("positions", "--ledger", DESK).out
    assert shown.startswith(f"ADA · up  lot {lot['lot']}  open for ")
    assert "korbit ADA/EUR -100 ADA  entered at " in shown
    assert "fees 0.07 EUR, 0.07 USD   funding none" in shown
    assert shown.endswith("together\n  korbit ADA/EUR  -100 ADA\n  dydx ADA/USD  100 ADA\n")
    assert "uneven" not in shown


def test_a_leg_that_stands_alone_is_named(karb: Karb, home: Path) -> None:
    ledger = open_ledger(DESK)
    entered(started(ledger, "1", "0.4", *["no"] * 30))
    ledger.close()
    (lot,) = said(karb, "positions", ledger=DESK)["lots"]
    assert lot["uneven"] == ["-60 ADA", "0 ADA"]
    assert "uneven, beyond the other legs: korbit ADA/EUR -60 ADA" in karb("positions", "--ledger", DESK).out
    status = karb("status", "--ledger", DESK).out
    assert "uneven: lot" in status
    assert "halted: no-entries" in status
    assert (
        "어긋남, 다른 다리보다 더 가진 것: korbit ADA/EUR -60 ADA"
        in karb("--lang", "ko", "positions", "--ledger", DESK).out
    )


def test_status_says_who_holds_the_account_and_what_is_halted_by_whom(karb: Karb, desk: Steered) -> None:
    entered(desk)
    ledger = desk.obeying.ledger
    now = time.time_ns()
    holder = Holder(account=ACCOUNT, run_id=desk.run.id, mark="t1", host="seoul-1", pid=411)
    lease = take(ledger, holder, at_ns=now - 5 * MINUTE, lives_ns=60 * MINUTE)
    lease.beat(now - MINUTE)
    told(ledger, "halt", "reduce-only", reason="news")
    asyncio.run(desk.obeying.look())
    told(ledger, "halt", "flatten", id="c2", reason="enough", author="bob@phone")
    found = said(karb, "status", ledger=DESK)
    assert (found["account"], found["modes"], found["desk"]["state"]) == (ACCOUNT, ["paper"], "running")
    assert (found["desk"]["host"], found["desk"]["pid"], found["desk"]["run"]) == ("seoul-1", 411, desk.run.id)
    (one,) = found["strategies"]
    assert [(h["strength"], h["reason"], h["author"]) for h in one["halted"]] == [("reduce-only", "news", "ann@phone")]
    assert [(c["verb"], c["strength"], c["author"]) for c in one["told"]] == [("halt", "flatten", "bob@phone")]
    (pair,) = one["pairs"]
    assert (pair["pair"], len(pair["open_lots"]), pair["last_decision"]["kind"]) == ("ADA", 1, "entry")
    assert (pair["last_refusal"], one["under_way"], one["ended"]) == (None, [], None)
    text = karb("status", "--ledger", DESK).out
    assert "desk: seoul-1, process 411, since " in text
    assert "last beat 1 min " in text
    assert "halted: reduce-only, since " in text
    assert 'by ann@phone: "news"' in text
    assert "told and not taken yet: halt flatten, at " in text
    assert "open lots: 1, for " in text
    assert "last decision: entry up " in text


@pytest.mark.parametrize(("given_back", "state", "words"), [
    (True, "given_back", "desk: none is running; seoul-1, process 411, ended at "),
    (False, "silent", "desk: none is running; seoul-1, process 411, has been silent since "),
])  # fmt: skip
def test_a_desk_that_is_gone_is_told_as_gone(
    karb: Karb, desk: Steered, given_back: bool, state: str, words: str
) -> None:
    holder = Holder(account=ACCOUNT, run_id=desk.run.id, mark="t1", host="seoul-1", pid=411)
    lease = take(desk.obeying.ledger, holder, at_ns=NOW, lives_ns=SECOND)
    if given_back:
        lease.release(NOW + SECOND)
    assert said(karb, "status", ledger=DESK)["desk"]["state"] == state
    assert words in karb("status", "--ledger", DESK).out


def test_an_order_whose_fate_is_not_known_is_under_way(karb: Karb, home: Path) -> None:
    ledger = open_ledger(DESK)
    desk = started(ledger, "1", "silent")

    async def day() -> None:
        await desk.obeying.look()
        await desk.desk.journal.durable()
        desk.desk.driver.executors["dydx"].find = silent  # type: ignore[method-assign]
        await desk.desk.take(moment(), view(moment()))
        await desk.desk.journal.durable()

    async def silent(order: Any) -> Any:
        raise TimeoutError("no answer")

    asyncio.run(day())
    ledger.close()
    (one,) = said(karb, "status", ledger=DESK)["strategies"]
    (intent,) = one["under_way"]
    assert (intent["kind"], intent["pair"]) == ("entry", "ADA")
    (order,) = intent["orders"]
    assert (order["instrument"], order["side"], order["answer"]) == ("dydx ADA/USD", "buy", "unknown")
    assert (order["amount"], order["filled"]) == ("100 ADA", "0 ADA")
    text = karb("status", "--ledger", DESK).out
    assert "under way: entry ADA, decided " in text
    assert "dydx ADA/USD buy 100 ADA, filled 0 ADA: unknown, to be asked about" in text


def test_status_of_a_backtest(karb: Karb, ran: dict[str, Any]) -> None:
    found = said(karb, "status")
    assert (found["desk"], found["modes"], found["account"]) == (None, ["backtest"], ran["run"])
    (one,) = found["strategies"]
    assert (one["run"], one["ended"], one["halted"]) == (ran["run"], "done", [])
    assert sum(len(pair["open_lots"]) for pair in one["pairs"]) == len(ran["open_lots"])
    assert any(pair["last_refusal"] for pair in one["pairs"])
    text = karb("--lang", "ko", "status", "--ledger", LEDGER).out
    assert "데스크: 없음. 기록된 데이터로 실행한 장부입니다" in text
    assert "마지막 거부: " in text


def test_of_several_runs_one_is_named_or_asked_for(karb: Karb, ran: dict[str, Any]) -> None:
    again = json.loads(karb("run", "tiny.yaml", "--quiet", "--ledger", LEDGER, "--format", "json").out)
    for command in ("status", "positions", "pnl"):
        shown = one_sentence(karb(command, "--ledger", LEDGER), 2)
        assert f"{LEDGER} keeps the books of 2 accounts" in shown
        assert ran["run"][:8] in shown
        assert "--run" in shown
        assert said(karb, command, "--run", again["run"])["account"] == again["run"]
        # The whole id of the first is the beginning of the second's.
        assert said(karb, command, "--run", ran["run"])["account"] == ran["run"]
        assert "begins the ids of several runs" in one_sentence(
            karb(command, "--ledger", LEDGER, "--run", ran["run"][:5]), 2
        )
        assert "no run's id begins with `nosuch`" in one_sentence(
            karb(command, "--ledger", LEDGER, "--run", "nosuch"), 2
        )


def test_the_books_of_a_desk_go_before_those_of_backtests(karb: Karb, desk: Steered, tiers: Path, home: Path) -> None:
    shutil.copytree(tiers, home, dirs_exist_ok=True)
    assert karb("run", "tiny.yaml", "--quiet", "--ledger", DESK).code == 0
    found = said(karb, "status", ledger=DESK)
    assert (found["account"], [one["strategy"] for one in found["strategies"]]) == (ACCOUNT, [TERMS.strategy])


def test_a_ledger_of_the_first_version_is_read_as_it_is(karb: Karb, home: Path) -> None:
    shutil.copy(ROOT / "tests" / "golden" / "0.1.0" / "ledger-0001.sqlite", "old.sqlite")
    before = Path("old.sqlite").read_bytes()
    for command in ("status", "positions", "pnl"):
        assert karb(command, "--ledger", "old.sqlite").code == 0
    assert Path("old.sqlite").read_bytes() == before


@pytest.mark.parametrize("command", ["status", "positions", "pnl"])
def test_what_is_not_there_is_one_sentence(karb: Karb, home: Path, command: str) -> None:
    open_ledger("empty.sqlite").close()
    assert "there is no ledger at" in one_sentence(karb(command, "--ledger", "none.sqlite"), 8)
    assert "empty.sqlite has no run yet" in one_sentence(karb(command, "--ledger", "empty.sqlite"), 2)
    furnished(home, "csv")
    assert karb("run", "tiny.yaml", "--quiet", "--ledger", LEDGER).code == 0
    assert "no run is of a strategy `tyni`" in one_sentence(karb(command, "--ledger", LEDGER, "--strategy", "tyni"), 2)
    assert "--format must be one of" in one_sentence(karb(command, "--ledger", LEDGER, "--format", "csv"), 2)


def test_nothing_open_and_nothing_closed_are_said(karb: Karb, desk: Steered) -> None:
    assert karb("positions", "--ledger", DESK).out == "nothing is open\n"
    assert karb("pnl", "--ledger", DESK).out == "no lot has closed yet\n"
    assert "desk: none has held this account yet" in karb("status", "--ledger", DESK).out
