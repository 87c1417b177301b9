"""`karb parity RUN`: two results, rows that add up to their difference, and what it says where it cannot."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path

import pytest

from karb_core.errors import StrategyInvalid
from karb_core.ledger.ledger import open_ledger
from karb_core.ledger.reading import lived
from karb_core.ledger.runs import RUNS
from karb_core.plugin.catalogue import Catalogue
from karb_core.rulebook.check import check
from karb_core.rulebook.source import Source
from karb_core.texts.text import render
from karb_core.wiring.divergence.divergence import Divergence
from karb_core.wiring.divergence.rules_tested import rules_of
from karb_core.wiring.recorder import journal_folder, segments
from tests.cli.conftest import Karb
from tests.wiring.recorded_house import BY_MINUTES, MINUTE, SECOND, START, Happens, House, lived_through, usual
from tests.wiring.scripted_plugin import catalogue
from tests.wiring.tiny import Edit, strategy_text

HIGH = {1: 0.020, 3: 0.009, 6: 0.021, 7: 0.021, 8: 0.009}


def premium(minute: int) -> float:
    return HIGH.get(minute, usual(minute))


def minute(n: int) -> tuple[int, Happens]:
    def happens(house: House) -> None:
        house.minute(START + n * MINUTE, premium(n))

    return START + n * MINUTE, happens


@dataclass(frozen=True)
class Lived:
    ledger: Path

    @property
    def runs(self) -> list[str]:
        opened = open_ledger(self.ledger, read_only=True)
        found = [each.run.id for each in lived(opened)]
        opened.close()
        return found

    @property
    def journal(self) -> Path:
        return journal_folder(str(self.ledger), self.runs[-1])


def write(home: Path, name: str, *edits: Edit) -> None:
    (home / name).write_text(strategy_text(*BY_MINUTES, *edits), "utf-8")


@pytest.fixture
def house(home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Lived]:
    """One run of nine minutes on paper, that entered twice and left twice."""
    monkeypatch.setattr(Catalogue, "installed", staticmethod(catalogue))
    write(home, "scripted.yaml")
    place = home / "ledger.sqlite"
    ledger = open_ledger(place)
    lived_through(ledger, premium, [minute(n) for n in range(1, 10)], (START, START + 9 * MINUTE + 10 * SECOND))
    ledger.close()
    yield Lived(place)


def test_it_shows_both_results_and_each_row_with_its_cause(karb: Karb, house: Lived) -> None:
    told = karb("parity", house.runs[0][:6], "--ledger", str(house.ledger))
    assert (told.code, told.err) == (0, "")
    assert "decisions over the same inputs: 6, the same byte for byte" in told.out
    assert "every difference has its cause" in told.out
    heads = [line.split() for line in told.out.splitlines()]
    assert ["lots", "2", "2", "+0"] in heads
    assert "price of the way in" in told.out


def test_it_speaks_korean(karb: Karb, house: Lived) -> None:
    told = karb("--lang", "ko", "parity", house.runs[0], "--ledger", str(house.ledger))
    assert told.code == 0
    assert "같은 입력에 대한 결정: 6건, 한 바이트도 다르지 않습니다" in told.out
    assert "모든 차이에 원인이 있습니다" in told.out
    assert "cost" not in told.out


def test_the_rows_of_the_json_are_the_difference(karb: Karb, house: Lived) -> None:
    told = json.loads(karb("parity", house.runs[0], "--ledger", str(house.ledger), "--format", "json").out)
    assert told["format_version"] == 1
    assert told["holds"] is True
    net = {name: Decimal(amount.removesuffix(" KRW")) for name, amount in told["net"].items()}
    assert net["run"] - net["backtest"] == net["difference"] != 0
    assert sum(Decimal(row["amount"].removesuffix(" KRW")) for row in told["rows"]) == net["difference"]
    assert all(row["why"] and row["pair"] == "BTC" for row in told["rows"])


def test_the_backtest_begins_where_the_run_did(karb: Karb, house: Lived) -> None:
    """An hour of bars lies before, as what the signal looks back on: nothing of it is judged."""
    told = json.loads(karb("parity", house.runs[0], "--ledger", str(house.ledger), "--format", "json").out)
    assert (told["from"], told["until"]) == ("2025-01-06T01:01:00.000Z", "2025-01-06T01:09:00.000Z")


def test_what_was_recorded_is_a_dataset_for_anybody(karb: Karb, house: Lived, home: Path) -> None:
    kept = karb("parity", house.runs[0], "--ledger", str(house.ledger), "--data-out", "kept")
    assert kept.code == 0
    assert kept.err == f"what was recorded is a dataset now: {Path('kept') / 'dataset.yaml'}\n"
    data = ("--data", "kept/dataset.yaml", "--ledger", "study.sqlite")
    ran = karb("run", "scripted.yaml", "--mode", "backtest", "--format", "json", *data)
    assert ran.code == 0, ran.err
    again = karb("parity", house.runs[0], "--ledger", str(house.ledger), "--data-out", "kept")
    assert again.code == 2
    assert "kept is there already" in again.err


def _answered_otherwise(folder: Path) -> None:
    """A fill of the venue's at another price than was recorded."""
    (segment,) = segments(folder)
    lines = segment.read_text("utf-8").splitlines()
    at = next(n for n, line in enumerate(lines) if '"price":"' in line and '"is":"answered"' in line)
    told = json.loads(lines[at])
    price, _, market = told["said"][0]["price"].partition(" ")
    told["said"][0]["price"] = f"{Decimal(price) + 1} {market}"
    segment.write_text("\n".join([*lines[:at], json.dumps(told), *lines[at + 1 :]]) + "\n", "utf-8")


def test_a_decision_that_is_not_the_same_ends_it_with_seven_and_is_listed(karb: Karb, house: Lived) -> None:
    _answered_otherwise(house.journal)
    told = karb("parity", house.runs[0], "--ledger", str(house.ledger))
    assert told.code == 7
    assert "decisions over the same inputs: 6, not the same in" in told.out
    assert "exit BTC at 2025-01-06T01:02:00Z: `seen." in told.out
    assert "decisions over the same inputs differ, 0 rows have no cause, 0 KRW is in no row" in told.err


@pytest.mark.parametrize(
    ("gone", "says"),
    [
        ("why", "0 decisions over the same inputs differ, 1 rows have no cause, 0 KRW is in no row"),
        ("row", "0 rows have no cause"),
    ],
)
def test_a_difference_without_a_cause_ends_it_with_seven(
    karb: Karb, house: Lived, monkeypatch: pytest.MonkeyPatch, gone: str, says: str
) -> None:
    """A reason that nobody found, and an amount that no row has: neither goes by in silence."""
    from karb_core.wiring.divergence import divergence as room

    found: Callable[..., Divergence] = room.divergence

    def lacking(*given: object) -> Divergence:
        whole = found(*given)
        first, *others = whole.rows
        rows = (replace(first, why=None), *others) if gone == "why" else tuple(others)
        return replace(whole, rows=rows)

    monkeypatch.setattr(room, "divergence", lacking)
    told = karb("parity", house.runs[0], "--ledger", str(house.ledger))
    assert told.code == 7
    assert says in told.err
    assert ("no cause was found" if gone == "why" else "without a cause") in told.out
    assert "every difference has its cause" not in told.out


def test_a_file_may_differ_in_its_assumptions_and_in_nothing_else(karb: Karb, house: Lived, home: Path) -> None:
    write(home, "dear.yaml", ("slippage: 3bp", "slippage: 30bp"))
    write(home, "other.yaml", ("entry: 2.0", "entry: 2.1"))
    told = [
        karb("parity", house.runs[0], "--ledger", str(house.ledger), "--file", name)
        for name in ("scripted.yaml", "dear.yaml", "other.yaml")
    ]
    assert [each.code for each in told] == [0, 0, 2]
    assert told[0].out != told[1].out
    assert "other.yaml has other rules than run" in told[2].err


def test_without_a_simulation_for_a_backtest_it_says_what_to_name(house: Lived) -> None:
    bars = "{use: sim.bars, with: {fill: next_open, slippage: 3bp, legs_apart: 0s}}"
    depth = "{use: sim.depth, with: {order_latency: 80ms, answer_latency: 60ms}}"
    edits = (
        ("mode: backtest", "mode: paper"),
        (f"backtest: {bars}", "backtest: none"),
        ("paper: none", f"paper: {depth}"),
    )
    bare = check(Source.of_text(strategy_text(*BY_MINUTES, *edits), "scripted.yaml"), catalogue()).rulebook
    assert bare is not None
    ledger = open_ledger(house.ledger, read_only=True)
    run = next(lived(ledger)).run
    with pytest.raises(StrategyInvalid) as refused:
        rules_of(ledger, replace(run, rules_digest=bare.digests.rules), bare)
    ledger.close()
    assert refused.value.help is not None
    assert render(refused.value.help) == "name a file of the same rules that has one: --file FILE"


def test_a_run_that_did_not_end_is_none(karb: Karb, house: Lived) -> None:
    place = open_ledger(house.ledger)
    with place.writing() as connection:
        connection.execute(RUNS.update().values(ended_at_ns=None, ended=None))
    place.close()
    told = karb("parity", house.runs[0], "--ledger", str(house.ledger))
    assert told.code == 2
    assert "has not ended, or was killed" in told.err


@pytest.mark.parametrize(
    ("spoil", "code", "says"),
    [
        (lambda folder: [each.unlink() for each in segments(folder)], 8, "has no journal"),
        (lambda folder: segments(folder)[0].write_text('{"is":"fill","at_ns":1}\n'), 8, "keeps no inputs"),
    ],
)
def test_what_was_not_kept_is_said(
    karb: Karb, house: Lived, spoil: Callable[[Path], object], code: int, says: str
) -> None:
    spoil(house.journal)
    answer = karb("parity", house.runs[0], "--ledger", str(house.ledger))
    assert answer.code == code
    assert says in answer.err


def test_a_run_that_nobody_knows_and_one_over_data_are_no_runs_of_a_desk(karb: Karb, house: Lived, home: Path) -> None:
    assert karb("parity", "zzzz", "--ledger", str(house.ledger)).code == 2
    karb("parity", house.runs[0], "--ledger", str(house.ledger), "--data-out", "kept")
    ran = karb(
        "run",
        "scripted.yaml",
        "--mode",
        "backtest",
        "--format",
        "json",
        "--data",
        "kept/dataset.yaml",
        "--ledger",
        str(house.ledger),
    )
    told = karb("parity", json.loads(ran.out)["run"], "--ledger", str(house.ledger))
    assert told.code == 2
    assert "is a backtest: it recorded no market of its own" in told.err


def test_what_an_earlier_run_opened_is_told_apart(karb: Karb, house: Lived) -> None:
    """Seven minutes and a lot that is open, then two in which a second run leaves it: the first one's journal is gone by then."""
    place = house.ledger.with_name("two.sqlite")
    ledger = open_ledger(place)
    cut = START + 7 * MINUTE + 20 * SECOND
    lived_through(ledger, premium, [minute(n) for n in range(1, 8)], (START, cut))
    lived_through(
        ledger, premium, [minute(n) for n in range(8, 10)], (cut + 5 * SECOND, START + 9 * MINUTE + 10 * SECOND)
    )
    ledger.close()
    first, second = Lived(place).runs
    before = json.loads(karb("parity", first, "--ledger", str(place), "--format", "json").out)
    for segment in segments(journal_folder(str(place), first)):
        segment.unlink()
    told = json.loads(karb("parity", second, "--ledger", str(place), "--format", "json").out)
    assert before["holds"] is told["holds"] is True
    (row,) = [each for each in told["rows"] if each["cause"] == "earlier"]
    assert row["at"] == "2025-01-06T01:06:00.000Z"
    assert told["lots"] == {"run": 1, "backtest": 0}
    assert told["net"]["run"] == row["amount"]
    assert before["lots"]["run"] == 2
