"""What the owner hears of the house itself: after as much of it as the owner says, once, and that it is over."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field, replace
from decimal import Decimal
from pathlib import Path

import pytest

from karb_core.domain.halt import Halt
from karb_core.domain.instrument import Instrument
from karb_core.domain.market import Top
from karb_core.ledger.check import check
from karb_core.ledger.ledger import open_ledger
from karb_core.ledger.outbox import Outbox
from karb_core.ledger.telling import acknowledgement, tell
from karb_core.ports import Notice
from karb_core.ports.notice_words import words_of
from karb_core.texts.text import Words
from karb_core.wiring.latest import Latest
from karb_core.wiring.outbox_beside import OutboxBeside
from karb_core.wiring.owner_watch import OwnerWatch
from karb_core.wiring.virtual_clock import VirtualClock
from karb_core.wiring.virtual_loop import run
from karb_core.wiring.watching import Wanted, Watching
from tests.ledger.words import RUN

SECOND, HOUR = 1_000_000_000, 3_600_000_000_000
#: A Monday at noon in Seoul.
START = 1_736_132_400 * SECOND
LEG = Instrument("upbit", "BTC", "KRW")
CALLED = {"upbit": Words("Upbit", "업비트")}


def wanted(*kinds: str, escalates_ns: int | None = None, **bounds: int) -> Wanted:
    return Wanted(frozenset(kinds), bounds, escalates_ns)


@dataclass
class Owner:
    """Somebody with channels; `heard`: what each of them was told, in order."""

    channels: dict[str, Wanted]
    heard: list[tuple[str, str]] = field(default_factory=list)
    notices: list[Notice] = field(default_factory=list)
    latched: dict[str, Halt] = field(default_factory=dict)
    latest: Latest = field(default_factory=Latest)
    now_ns: int = START

    def __post_init__(self) -> None:
        self.watching = Watching(
            self.channels, (LEG,), self.latest, CALLED, lambda: self.latched, "paper", self._hears, START
        )

    def _hears(self, notice: Notice, channels: object) -> None:
        self.notices.append(notice)
        self.heard += [(name, notice.kind.value) for name in channels]  # type: ignore[attr-defined]

    def after(self, ns: int) -> list[tuple[str, str]]:
        """What is heard newly once so much has passed."""
        before = len(self.heard)
        self.now_ns += ns
        self.watching.look(self.now_ns)
        return self.heard[before:]

    def fails(self, times: int = 1, venue: str = "upbit") -> list[tuple[str, str]]:
        before = len(self.heard)
        for _ in range(times):
            self.watching.answered(venue, "HTTP 503", self.now_ns)
        return self.heard[before:]

    def price(self) -> None:
        one = Decimal(1)
        self.latest.take(Top(LEG, one, one, one + 1, one, self.now_ns, self.now_ns))


def test_errors_are_told_at_exactly_so_many_in_a_row_and_once_to_each_by_its_own_bound() -> None:
    owner = Owner({"a": wanted("errors", errors=3), "b": wanted("errors", errors=5), "c": wanted("halt")})
    assert owner.fails(2) == []
    assert owner.fails() == [("a", "errors")]
    assert words_of(owner.notices[-1], "ko").headline == "⚠️ 업비트 API 에러 3회 연속"
    assert owner.fails(10) == [("b", "errors")]
    owner.watching.answered("upbit", None, START)
    assert owner.heard[-2:] == [("a", "over"), ("b", "over")]
    assert owner.fails(3) == [("a", "errors")]


def test_an_answer_between_begins_the_count_anew_and_venues_are_counted_apart() -> None:
    owner = Owner({"a": wanted("errors", errors=3)})
    owner.fails(2)
    owner.watching.answered("upbit", None, START)
    owner.fails(2)
    owner.fails(2, "bithumb")
    assert owner.heard == []


def test_a_leg_without_prices_is_told_at_the_bound_and_that_they_came_again() -> None:
    owner = Owner({"a": wanted("silence", silence=60 * SECOND)})
    owner.price()
    assert owner.after(60 * SECOND - 1) == []
    assert owner.after(1) == [("a", "silence")]
    assert owner.after(HOUR) == []
    owner.price()
    assert owner.after(1) == [("a", "over")]


def test_one_of_which_no_price_ever_came_is_silent_since_the_beginning() -> None:
    owner = Owner({"a": wanted("silence", silence=60 * SECOND)})
    assert owner.after(60 * SECOND) == [("a", "silence")]


def test_no_news_is_news_after_so_long_and_any_other_news_is_enough() -> None:
    owner = Owner({"a": wanted("heartbeat", heartbeat=12 * HOUR)})
    owner.price()
    assert owner.after(12 * HOUR - 1) == []
    assert owner.after(1) == [("a", "heartbeat")]
    owner.watching.told(["a"], owner.now_ns + 6 * HOUR)
    assert owner.after(12 * HOUR) == []
    assert owner.after(6 * HOUR) == [("a", "heartbeat")]


def test_what_nobody_acknowledged_in_time_is_told_where_it_escalates() -> None:
    pager = wanted("halt", "errors", errors=3, escalates_ns=600 * SECOND)
    owner = Owner({"a": wanted("errors", errors=3), "pager": pager})
    owner.price()
    owner.fails(3)
    owner.latched["news"] = Halt.NO_ENTRIES
    owner.after(1)
    assert owner.after(600 * SECOND - 2) == []
    assert owner.after(1) == [("pager", "errors")]
    assert owner.after(1) == [("pager", "halt")]
    assert owner.after(HOUR) == []
    owner.watching.answered("upbit", None, owner.now_ns)
    assert owner.heard[-2:] == [("a", "over"), ("pager", "over")]


def test_what_was_acknowledged_escalates_no_more_and_what_comes_anew_does() -> None:
    owner = Owner({"pager": wanted("halt", escalates_ns=600 * SECOND)})
    owner.latched["news"] = Halt.NO_ENTRIES
    owner.after(1)
    assert [owner.watching.acknowledge(), owner.watching.acknowledge()] == [1, 0]
    assert owner.after(HOUR) == []
    owner.latched["the breaker"] = Halt.NO_ENTRIES
    owner.after(1)
    assert owner.after(HOUR) == [("pager", "halt")]
    owner.latched.clear()
    owner.after(1)
    owner.latched["news"] = Halt.NO_ENTRIES
    owner.after(1)
    assert owner.after(HOUR) == [("pager", "halt")]


@dataclass
class Told:
    put: list[Notice] = field(default_factory=list)

    def __call__(self, notice: Notice, by: object) -> None:
        self.put.append(notice)


@pytest.mark.parametrize("restarts", [False, True])
def test_a_day_is_summed_up_once_after_its_midnight_in_korea_also_over_a_restart(
    tmp_path: Path, restarts: bool
) -> None:
    ledger = open_ledger(tmp_path / "karb.ledger")
    ledger.begin(RUN, START).end("done", START + 1)
    told = Told()

    def made() -> OwnerWatch:
        kept = OutboxBeside(Outbox(ledger, RUN.account, RUN.strategy), lambda: False)
        watch = OwnerWatch(kept, told, VirtualClock(), "paper", RUN.id, {"a": wanted("summary")})
        watch.watching = Watching(watch.wanted, (), Latest(), {}, dict, "paper", watch.tells, VirtualClock().now_ns())
        return watch

    async def lives() -> None:
        watch = made()
        for _ in range(59):
            await asyncio.sleep(HOUR / SECOND)
            if restarts:
                watch.kept.close()
                watch = made()
                watch._made = len(told.put)
            await watch.round()
        watch.kept.close()

    run(lives(), START, START + 61 * HOUR)
    assert [n.facts["day"] for n in told.put] == ["2025-01-06", "2025-01-07"]
    assert "entries 0, refusals 0" in words_of(told.put[0], "en").whole
    assert [n.short for n in told.put] == [f"{RUN.id[:4]}-w{n}" for n in range(2)]
    assert len(Outbox(ledger, RUN.account, RUN.strategy).waiting("a", 10)) == 2
    assert all(not proved.broken for proved in check(ledger))
    ledger.close()


D = Decimal
MILLION = D(1_000_000)


def test_a_balance_is_told_below_each_owners_line_once_and_that_it_is_over() -> None:
    low = {
        name: Wanted(frozenset({"balance"}), {}, None, {"KRW": line}) for name, line in (("a", MILLION), ("b", D("5")))
    }
    owner = Owner({**low, "c": wanted("halt")})

    def free(amount: str, asset: str = "KRW") -> list[tuple[str, str]]:
        before = len(owner.heard)
        owner.watching.free("upbit", asset, D(amount), owner.now_ns)
        return owner.heard[before:]

    assert free("1000000") == []
    assert free("999999.99") == [("a", "balance")]
    assert words_of(owner.notices[-1], "ko").headline == "⚠️ 업비트 잔고 부족: 1,000,000원"
    assert free("1") == [("b", "balance")]
    assert free("1") == free("0", "BTC") == []
    assert free("1000000") == [("b", "over"), ("a", "over")]
    assert free("7") == [("a", "balance")]


def test_a_position_is_told_at_its_distance_from_liquidation_and_is_over_when_it_is_gone() -> None:
    owner = Owner({"a": Wanted(frozenset({"liquidation"}), {}, None, {}, D("0.15"))})
    owner.watching.distant(LEG, D("0.1501"), START)
    assert owner.heard == []
    owner.watching.distant(LEG, D("0.15"), START)
    owner.watching.distant(LEG, D("0.05"), START)
    owner.watching.distant(LEG, None, START)
    assert owner.heard == [("a", "liquidation"), ("a", "over")]
    assert words_of(owner.notices[0], "ko").headline == "🚨 업비트 BTC/KRW 청산가까지 15%"


def test_a_key_is_told_before_it_ends() -> None:
    owner = Owner({"a": wanted("keys", keys=14 * 24 * HOUR)})
    owner.watching.key_ends("upbit", START + 15 * 24 * HOUR, START)
    assert owner.heard == []
    owner.watching.key_ends("upbit", START + 15 * 24 * HOUR, START + 2 * 24 * HOUR)
    assert owner.heard == [("a", "keys")]
    assert words_of(owner.notices[0], "en").headline == "🔑 The key at Upbit ends in 13 days"


def test_a_balance_escalates_as_errors_do_and_not_once_it_was_acknowledged() -> None:
    late = Wanted(frozenset({"balance"}), {}, 600 * SECOND, {"KRW": MILLION})
    for acknowledged in (False, True):
        owner = Owner({"a": replace(late, escalates_ns=None), "b": late})
        owner.watching.free("upbit", "KRW", D("1"), START)
        if acknowledged:
            assert owner.watching.acknowledge() == 1
        assert owner.after(600 * SECOND) == ([] if acknowledged else [("b", "balance")])


def test_a_halt_that_was_acknowledged_before_a_restart_is_told_no_further_and_one_that_is_stronger_is() -> None:
    owner = Owner({"a": wanted("halt", escalates_ns=600 * SECOND)})
    owner.latched = {"news": Halt.NO_ENTRIES, "a leg": Halt.REDUCE_ONLY}
    owner.watching.known([("news", Halt.NO_ENTRIES)])
    owner.after(0)
    assert owner.after(600 * SECOND) == [("a", "halt")]
    assert owner.notices[-1].facts["reason"] == "a leg"
    owner.latched = {"news": Halt.FLATTEN}
    owner.after(0)
    assert owner.after(600 * SECOND) == [("a", "halt")]


@pytest.mark.parametrize("acknowledged", [False, True])
def test_a_halt_that_somebody_acknowledged_stays_so_over_a_restart(tmp_path: Path, acknowledged: bool) -> None:
    """The ledger has both, and the next process looks there before it tells anybody."""
    ledger = open_ledger(tmp_path / "ledger.sqlite")
    journal = ledger.begin(RUN, START)
    journal.halt("no-entries", "news", "ann@phone", START + 1)
    journal.end("done", START + 2)
    if acknowledged:
        tell(ledger, acknowledgement(RUN.account, RUN.strategy, "c1", "ann@phone", START + 3))
    told = Told()

    async def lives() -> None:
        kept = OutboxBeside(Outbox(ledger, RUN.account, RUN.strategy), lambda: False)
        watch = OwnerWatch(
            kept, told, VirtualClock(), "paper", RUN.id, {"a": wanted("halt", escalates_ns=600 * SECOND)}
        )
        halts = {"news": Halt.NO_ENTRIES}
        watch.watching = Watching(watch.wanted, (), Latest(), {}, lambda: halts, "paper", watch.tells, START)
        for _ in range(20):
            await asyncio.sleep(60)
            await watch.round()
        kept.close()

    run(lives(), START, START + HOUR)
    assert [notice.facts["reason"] for notice in told.put] == ([] if acknowledged else ["news"])
    ledger.close()
