"""`karb report`: the same books as `karb pnl`, by period, in three forms; nothing is lost between rows."""

from __future__ import annotations

import csv
import json
import shutil
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from tests.cli.conftest import Karb
from tests.wiring.hourly import TIERED_HOURLY, write_hourly
from tests.wiring.tiny import strategy_text

LEDGER = "books.sqlite"
PARTS = ("premium", "fees", "funding", "rate", "residual")


@pytest.fixture(scope="module")
def market(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("report")
    write_hourly(folder)
    (folder / "tiny.yaml").write_text(strategy_text(*TIERED_HOURLY), "utf-8")
    return folder


@pytest.fixture
def ran(karb: Karb, home: Path, market: Path) -> Karb:
    """A strategy that closed lots, and its ledger."""
    shutil.copytree(market, home, dirs_exist_ok=True)
    assert karb("run", "tiny.yaml", "--data", "market.yaml", "--quiet", "--ledger", LEDGER).code in (0, 10)
    return karb


def rows(karb: Karb, period: str) -> list[dict[str, str]]:
    told = karb("report", "tiny.yaml", "--period", period, "--format", "csv", "--ledger", LEDGER)
    assert told.code == 0, told.all
    return list(csv.DictReader(told.out.splitlines()))


@pytest.mark.parametrize("period", ["day", "week", "month"])
def test_each_row_is_the_sum_of_its_parts_and_all_of_them_what_pnl_says(ran: Karb, period: str) -> None:
    found = rows(ran, period)
    assert found
    for row in found:
        assert sum((Decimal(row[part]) for part in PARTS), Decimal(0)) == Decimal(row["net"])
    for began in {row["from"] for row in found}:
        mine = [row for row in found if row["from"] == began]
        (whole,) = [row for row in mine if not row["pair"]]
        pairs = [row for row in mine if row["pair"] and not row["tier"]]
        for name in ("lots", "won", "net", *PARTS):
            assert sum(Decimal(row[name]) for row in pairs) == Decimal(whole[name])
    told = json.loads(ran("pnl", "--ledger", LEDGER, "--format", "json").out)
    (total,) = told["total"]
    assert sum(Decimal(row["net"]) for row in found if not row["pair"]) == Decimal(total["net"].split()[0])
    assert sum(int(row["lots"]) for row in found if not row["pair"]) == total["lots"]


def test_a_day_a_week_from_monday_and_a_month_have_their_own_ends(ran: Karb) -> None:
    for row in rows(ran, "day"):
        assert row["from"] == row["to"]
    for row in rows(ran, "week"):
        began, ended = date.fromisoformat(row["from"]), date.fromisoformat(row["to"])
        assert (began.weekday(), (ended - began).days) == (0, 6)
    for row in rows(ran, "month"):
        began, ended = date.fromisoformat(row["from"]), date.fromisoformat(row["to"])
        assert (began.day, ended.month) == (1, began.month)
        assert date.fromordinal(ended.toordinal() + 1).day == 1


@pytest.mark.parametrize("lang", ["en", "ko"])
def test_markdown_and_the_page_have_every_row_in_both_languages(ran: Karb, lang: str, home: Path) -> None:
    found = rows(ran, "month")
    told = ran("--lang", lang, "report", "tiny.yaml", "--period", "month", "--ledger", LEDGER)
    assert told.code == 0, told.all
    assert sum(line.startswith("| 20") for line in told.out.splitlines()) == len(found)
    words = ("--period", "month", "--format", "html", "--out", "books.html", "--ledger", LEDGER)
    assert ran("--lang", lang, "report", "tiny.yaml", *words).code == 0
    page = (home / "books.html").read_text("utf-8")
    assert page.count("<tr") == len(found) + 1
    assert "http" not in page, "it loads nothing"


def test_a_place_that_cannot_be_written_is_said(ran: Karb) -> None:
    words = ("report", "tiny.yaml", "--period", "day", "--ledger", LEDGER, "--out", "no/such/folder.md")
    told = ran(*words)
    assert told.code == 2
    assert "cannot be written" in told.err
