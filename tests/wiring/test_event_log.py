"""The log of a house: one JSON object a line, rotated by size and day, and what changes money by itself."""

from __future__ import annotations

import io
import json
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from karb_core.wiring.event_log import EventLog, under_systemd
from karb_core.wiring.log_events import event_of
from karb_core.wiring.rotated_file import RotatedFile
from tests.engine.scene import Hand

MEGABYTE = 1_000_000
BY = {"run_id": "r1", "ordinal": 3, "strategy": "walker", "account": "paper:walker"}
FILL = {
    **BY, "venue": "upbit", "venue_trade_id": "t1", "order_id": "o1", "instrument": "upbit BTC/KRW", "side": "buy",
    "amount": "0.1", "price": "95000000", "fee": "4750", "fee_asset": "KRW", "venue_at_ns": 5, "received_at_ns": 6,
}  # fmt: skip


class Days:
    """What day it is, as a test says."""

    def __init__(self) -> None:
        self.now = datetime.now(UTC).date()

    def __call__(self) -> date:
        return self.now


def lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


def log_in(folder: Path, **more: Any) -> EventLog:
    files = (RotatedFile(folder / f"{name}.jsonl", MEGABYTE, 7) for name in ("karb", "trades"))
    return EventLog(*files, Hand(), **more)


def test_each_row_of_the_ledger_is_an_event_by_which_it_is_found_and_money_stands_by_itself(tmp_path: Path) -> None:
    log = log_in(tmp_path)
    log.wrote("orders", {**BY, "order_id": "o1", "intent_id": "i1", "leg": 0, "limit_price": None, "at_ns": 4})
    log.wrote("rulebooks", {**BY, "source": "the whole file"})
    log.wrote("fills", FILL)
    log.wrote("incomes", {**BY, "income_id": "f1", "received": "-1.5", "asset": "USDT", "at_ns": 7})
    log.event("house.said", said="안녕")
    log.close()
    told = lines(tmp_path / "karb.jsonl")
    assert [each["event"] for each in told] == ["order.written", "fill.booked", "funding.booked", "house.said"]
    assert told[0] == {
        "at": told[0]["at"],
        "event": "order.written",
        **BY,
        "at_ns": 4,
        "order_id": "o1",
        "intent_id": "i1",
        "leg": 0,
    }
    assert told[1]["price"] == "95000000"
    assert told[3]["said"] == "안녕"
    assert lines(tmp_path / "trades.jsonl") == told[1:3]


def test_a_halt_is_latched_and_a_resume_resumes() -> None:
    row = {**BY, "reason": "news", "author": "file", "at_ns": 1}
    assert event_of("halts", {**row, "strength": "flatten"}) == ("halt.latched", {**row, "strength": "flatten"})
    assert (event_of("halts", {**row, "strength": "none"}) or ("",))[0] == "halt.resumed"


def test_secrets_are_taken_out_and_systemd_gets_the_same_lines(tmp_path: Path) -> None:
    journal = io.StringIO()
    log = log_in(tmp_path, hidden=lambda text: text.replace("s3cret", "***"), stdout=journal)
    log.event("venue.failed", why="the venue said s3cret")
    log.close()
    assert "s3cret" not in (tmp_path / "karb.jsonl").read_text("utf-8")
    assert journal.getvalue() == (tmp_path / "karb.jsonl").read_text("utf-8")
    assert under_systemd({}) is None
    assert under_systemd({"JOURNAL_STREAM": "8:1"}) is not None


def test_a_disk_that_takes_nothing_loses_lines_and_holds_up_nobody(tmp_path: Path) -> None:
    (tmp_path / "log").write_text("a file where a folder should be", "utf-8")
    log = log_in(tmp_path / "log")
    log.event("house.said", said="x")
    log.close()
    assert log.lost == 1


def test_a_file_that_is_full_is_set_aside_and_no_line_is_torn(tmp_path: Path) -> None:
    file = RotatedFile(tmp_path / "karb.jsonl", 100, 7)
    for number in range(10):
        file.line(f"{number:030}".encode())
    file.line(b"x" * 200)
    file.close()
    found = sorted(tmp_path.glob("karb-*.jsonl"))
    assert [path.name.rsplit(".", 2)[1] for path in found] == ["0001", "0002", "0003", "0004"]
    told = b"".join(path.read_bytes() for path in (*found, tmp_path / "karb.jsonl")).splitlines()
    assert told == [*(f"{number:030}".encode() for number in range(10)), b"x" * 200]
    assert all(path.stat().st_size <= 100 for path in found)


def test_a_file_ends_with_its_day_and_is_kept_for_seven(tmp_path: Path) -> None:
    today = Days()
    begun = today.now
    file = RotatedFile(tmp_path / "karb.jsonl", MEGABYTE, 7, today)
    for _ in range(10):
        file.line(str(today.now).encode())
        today.now += timedelta(days=1)
    file.close()
    kept = sorted(path.name for path in tmp_path.glob("karb-*.jsonl"))
    assert kept == [f"karb-{begun + timedelta(days=day)}.0001.jsonl" for day in range(2, 9)]


def test_after_a_restart_it_goes_on_in_the_same_file_and_numbers_on(tmp_path: Path) -> None:
    for _ in range(3):
        file = RotatedFile(tmp_path / "karb.jsonl", 25, 7)
        file.line(b"0123456789")
        file.close()
    assert (tmp_path / "karb.jsonl").read_bytes() == b"0123456789\n"
    assert [path.read_bytes() for path in tmp_path.glob("karb-*.jsonl")] == [b"0123456789\n" * 2]


@pytest.mark.skipif(not hasattr(Path, "owner"), reason="no such rights there")
def test_nobody_else_reads_it(tmp_path: Path) -> None:
    file = RotatedFile(tmp_path / "karb.jsonl", MEGABYTE, 7)
    file.line(b"x")
    file.close()
    assert (tmp_path / "karb.jsonl").stat().st_mode & 0o077 == 0
