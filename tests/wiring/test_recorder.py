"""What a run was given is kept beside its ledger, in order, and can be read back as it was."""

from __future__ import annotations

import asyncio
import json
import sys
from dataclasses import replace
from decimal import Decimal
from math import isnan
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from karb_core.domain.decisions import DecisionKind
from karb_core.domain.orders import Fill
from karb_core.errors import LedgerUnusable
from karb_core.ledger.reading import decisions, incomes
from karb_core.ledger.runs import RUNS
from karb_core.ports import Fired, Income, Moment, Recorder, Standing
from karb_core.ports.recorder import Free
from karb_core.wiring.breaking_off import breaking_off
from karb_core.wiring.journal_line import fill_line, income_line, moment_line, moment_of
from karb_core.wiring.looked_at import looked_at
from karb_core.wiring.recorder import SEGMENT_BYTES, SegmentedRecorder, journal_folder, segments
from tests.plugins.scene import FAR, LEGS, NEAR, NOW, lot, rates, tops
from tests.wiring.tiny import TIERED, Ran, prepared, ran


def journal_of(run: Ran) -> Path:
    return journal_folder(run.ledger.name, run.made.run.id)


def lines(folder: Path) -> list[str]:
    return [line for path in segments(folder) for line in path.read_text("utf-8").splitlines()]


def moment(at_ns: int = NOW, **features: float) -> Moment:
    return Moment("BTC", at_ns, features, LEGS, tops(at_ns=at_ns), rates())


class Both:
    """Keeps what it was given, and hands it on."""

    def __init__(self, to: Recorder) -> None:
        self._to = to
        self.given: list[tuple[Moment, Standing]] = []

    def moment(self, moment: Moment, standing: Standing, free: Free | None) -> None:
        self.given.append((moment, standing))
        self._to.moment(moment, standing, free)

    def forced(self, moment: Moment, standing: Standing, free: Free) -> None:
        self._to.forced(moment, standing, free)

    def income(self, income: Income) -> None:
        self._to.income(income)

    def fill(self, fill: Fill) -> None:
        self._to.fill(fill)

    def flush(self) -> None:
        self._to.flush()


def test_two_runs_write_the_same_bytes(once: Ran, market: Path, tmp_path: Path) -> None:
    again = ran(market, tmp_path / "again.sqlite")
    mine, other = segments(journal_of(once)), segments(journal_of(again))
    assert [p.name for p in mine] == [p.name for p in other] == ["000001.jsonl"]
    assert [p.read_bytes() for p in mine] == [p.read_bytes() for p in other]
    again.ledger.close()


def test_each_decision_has_the_moment_that_it_was_made_of(once: Ran) -> None:
    told = [json.loads(line) for line in lines(journal_of(once))]
    taken = {(t["pair"], t["at_ns"]): t for t in told if t["is"] == "moment"}
    decided = list(decisions(once.ledger, once.whose))
    assert len(decided) > 10
    for decision in decided:
        found = taken[decision.pair, decision.first_at_ns]
        assert found["free"] is not None
        if decision.kind is DecisionKind.ENTRY:
            assert Decimal(decision.document()["seen"]["z"]) == Decimal(found["features"]["z"])


def test_what_was_given_is_in_the_order_of_time_and_settlements_are_in_it(once: Ran) -> None:
    told = [json.loads(line) for line in lines(journal_of(once))]
    times = [t["at_ns"] for t in told]
    assert times == sorted(times)
    settled = [t["income"]["received"] for t in told if t["is"] == "income"]
    assert settled == [booked.received.text() for booked in incomes(once.ledger, once.whose)]
    assert settled


def test_each_line_is_canonical(once: Ran) -> None:
    for line in lines(journal_of(once)):
        assert json.dumps(json.loads(line), sort_keys=True, ensure_ascii=False, separators=(",", ":")) == line


def test_each_moment_and_where_its_pair_stood_are_read_back_as_they_were_given(market: Path, tmp_path: Path) -> None:
    one = prepared(market, tmp_path / "given.sqlite", *TIERED)
    both = Both(one.run.recorder)
    one.run.desk.recorder = both
    asyncio.run(one.run.run())
    one.run.end("done", 2)
    standing = [n for n, (_, s) in enumerate(both.given) if s.lots]
    assert any(s.fired for _, s in both.given)
    assert len(standing) > 10
    for n in [*range(0, len(both.given), 29), *standing[:: len(standing) // 10]]:
        seen, stood = both.given[n]
        found = looked_at(one.ledger, one.made.run, seen.pair, seen.at_ns)
        assert found.moment == seen
        assert found.standing == stood
        later = [m.at_ns for m, _ in both.given if m.pair == seen.pair and m.at_ns > seen.at_ns]
        assert found.next_ns == min(later, default=None)
    one.ledger.close()


def test_between_two_moments_it_is_the_first_and_before_all_none(once: Ran) -> None:
    at = [t["at_ns"] for t in map(json.loads, lines(journal_of(once))) if t["is"] == "moment" and t["pair"] == "BTC"]
    between = looked_at(once.ledger, once.made.run, "BTC", at[1] - 1)
    assert (between.moment is not None and between.moment.at_ns, between.next_ns) == (at[0], at[1])
    before = looked_at(once.ledger, once.made.run, "BTC", at[0] - 1)
    assert (before.moment, before.next_ns) == (None, at[0])
    after = looked_at(once.ledger, once.made.run, "BTC", at[-1] + 1)
    assert (after.moment is not None and after.moment.at_ns, after.next_ns) == (at[-1], None)


def test_lines_do_not_wait_in_memory_for_a_segment_to_be_full(tmp_path: Path) -> None:
    recorder, given = SegmentedRecorder(tmp_path / "run"), []
    while not segments(tmp_path / "run"):
        given.append(moment(len(given)))
        recorder.moment(given[-1], Standing(), None)
    assert sum(len(line) + 1 for line in lines(tmp_path / "run")) == pytest.approx(256 * 1024, rel=0.01)
    recorder.moment(moment(7), Standing(), None)
    recorder.flush()
    assert [json.loads(line)["at_ns"] for line in lines(tmp_path / "run")] == [*range(len(given)), 7]


@settings(max_examples=60)
@given(st.floats(allow_nan=True, allow_infinity=True), st.integers(-(2**63), 2**63 - 1), st.booleans())
def test_features_come_back_bit_for_bit(real: float, whole: int, flag: bool) -> None:
    given_moment = moment(real=real, whole=whole, flag=flag)
    read = moment_of(json.loads(moment_line("moment", given_moment, Standing(), None))).moment
    assert (read.features["whole"], read.features["flag"]) == (whole, flag)
    assert isinstance(read.features["real"], float)
    assert read.features["real"] == real or (isnan(real) and isnan(read.features["real"]))
    assert replace(read, features={}) == replace(given_moment, features={})


def test_lots_what_fired_and_free_balances_are_kept() -> None:
    fired = (Fired("normal", NOW - 1, Decimal("0.0301"), complete=False), Fired("", NOW, None, complete=True))
    standing = Standing((lot(name="a"), lot(name="b")), fired, frozenset({"b"}))
    from karb_core.domain.holdings import Account

    free = {Account("upbit", "KRW"): Decimal("45000000.50")}
    read = moment_of(json.loads(moment_line("moment", moment(z=1.0), standing, free)))
    assert (read.lot_ids, read.reminded) == (("a", "b"), {"b"})
    assert (read.lot_ids, read.fired, read.free) == (("a", "b"), fired, {"upbit KRW": Decimal("45000000.5")})


def test_what_a_venue_told_beside_is_kept_with_both_clocks() -> None:
    fill = Fill(
        order_id="liq-1", venue_trade_id="t1", instrument=FAR, side=lot().legs[1].side, amount=FAR.amount(Decimal(1)),
        price=FAR.price(Decimal("99.5")), fee=lot().legs[1].entered_cost, venue_at_ns=NOW - 5, received_at_ns=NOW,
    )  # fmt: skip
    told = json.loads(fill_line(fill))
    assert (told["is"], told["at_ns"], told["fill"]["venue_at_ns"]) == ("fill", NOW, NOW - 5)
    assert (told["fill"]["order_id"], told["fill"]["price"]) == ("liq-1", fill.price.text())
    income = Income("f1", "funding", FAR, NEAR.amount(Decimal("-0.25")), NOW)
    told = json.loads(income_line(income))
    assert (told["is"], told["income"]["id"], told["income"]["received"]) == ("income", "f1", "-0.25 BTC")


def test_a_full_segment_begins_the_next_and_no_line_is_lost(tmp_path: Path) -> None:
    whole, cut = SegmentedRecorder(tmp_path / "whole"), SegmentedRecorder(tmp_path / "cut", segment_bytes=3000)
    for recorder in (whole, cut):
        for n in range(40):
            recorder.moment(moment(NOW + n, z=n / 7), Standing(), None)
            if n % 9 == 0:
                recorder.flush()
        recorder.flush()
        recorder.flush()
    assert lines(tmp_path / "cut") == lines(tmp_path / "whole")
    assert len(lines(tmp_path / "cut")) == 40
    cuts = segments(tmp_path / "cut")
    assert len(cuts) > 5
    assert [p.name for p in cuts[:2]] == ["000001.jsonl", "000002.jsonl"]
    assert all(p.stat().st_size <= 3000 for p in cuts)
    assert SEGMENT_BYTES > 3000


def test_a_line_longer_than_a_segment_stands_alone(tmp_path: Path) -> None:
    recorder = SegmentedRecorder(tmp_path / "run", segment_bytes=10)
    for n in range(3):
        recorder.moment(moment(NOW + n), Standing(), None)
    recorder.flush()
    assert [len(p.read_text("utf-8").splitlines()) for p in segments(tmp_path / "run")] == [1, 1, 1]


def test_what_an_earlier_run_of_that_name_left_is_replaced(tmp_path: Path) -> None:
    for times in (3, 1):
        recorder = SegmentedRecorder(tmp_path / "run", segment_bytes=10)
        for n in range(times):
            recorder.moment(moment(NOW + n), Standing(), None)
        recorder.flush()
    assert len(segments(tmp_path / "run")) == 1


def test_beside_a_file_and_at_home_for_a_database_elsewhere(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("KARB_HOME", str(tmp_path / "home"))
    assert journal_folder(str(tmp_path / "ledger.sqlite"), "r1") == tmp_path / "journal" / "r1"
    assert journal_folder("postgresql+psycopg://me:***@db/karb", "r1") == tmp_path / "home" / "journal" / "r1"


def test_a_place_that_cannot_be_written_is_told_in_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "journal").write_text("a file", "utf-8")
    with pytest.raises(LedgerUnusable, match=r"the run's journal .*journal.* cannot be written: ") as told:
        SegmentedRecorder(tmp_path / "journal" / "r1")
    assert told.value.exit_code == 8
    assert "\n" not in str(told.value)


FULL = Path("/dev/full")
on_linux = pytest.mark.skipif(sys.platform != "linux" or not FULL.exists(), reason="a disk that is always full")


@on_linux
def test_a_full_disk_is_told_and_what_waited_is_written_once_there_is_room(tmp_path: Path) -> None:
    recorder = SegmentedRecorder(tmp_path / "run")
    (tmp_path / "run" / "000001.jsonl").symlink_to(FULL)
    recorder.moment(moment(), Standing(), None)
    with pytest.raises(LedgerUnusable, match="No space left on device"):
        recorder.flush()
    (tmp_path / "run" / "000001.jsonl").unlink()
    recorder.moment(moment(NOW + 1), Standing(), None)
    recorder.flush()
    assert [json.loads(line)["at_ns"] for line in lines(tmp_path / "run")] == [NOW, NOW + 1]


@on_linux
def test_a_run_whose_journal_cannot_be_kept_has_failed_and_says_so(market: Path, tmp_path: Path) -> None:
    one = prepared(market, tmp_path / "full.sqlite")
    (journal_of(one) / "000001.jsonl").symlink_to(FULL)
    with pytest.raises(LedgerUnusable, match="No space left"), breaking_off(one.run, lambda: 3):
        asyncio.run(one.run.run())
        one.run.end("done", 2)
    with one.ledger.reading() as connection:
        assert connection.execute(select(RUNS.c.ended)).scalar_one() == "failed"
    assert list(decisions(one.ledger, one.whose))
    one.ledger.close()


@pytest.fixture
def short(market: Path, tmp_path: Path) -> Ran:
    one = prepared(market, tmp_path / "short.sqlite")
    one.run.recorder.moment(moment(), Standing(), None)
    one.run.end("done", 2)
    return one


def test_a_line_that_a_kill_cut_short_is_passed_over(short: Ran) -> None:
    with segments(journal_of(short))[0].open("a", encoding="utf-8") as file:
        file.write('{"at_ns":1,"is":"mom')
    found = looked_at(short.ledger, short.made.run, "BTC", NOW)
    assert found.moment is not None
    assert found.moment.at_ns == NOW
    short.ledger.close()


@pytest.mark.parametrize("line", ["{", "[]", "{}", '{"is":"moment","at_ns":1,"pair":"BTC"}', "\udcff"])
def test_a_damaged_journal_is_told_and_never_guessed_at(line: str, short: Ran) -> None:
    path = segments(journal_of(short))[0]
    path.write_bytes(line.encode("utf-8", "surrogateescape") + b"\n" + path.read_bytes())
    with pytest.raises(LedgerUnusable, match="is damaged"):
        looked_at(short.ledger, short.made.run, "BTC", NOW)
    short.ledger.close()


def test_a_journal_that_is_gone_is_told(short: Ran) -> None:
    segments(journal_of(short))[0].unlink()
    with pytest.raises(LedgerUnusable, match="has no journal"):
        looked_at(short.ledger, short.made.run, "BTC", NOW)
    short.ledger.close()
