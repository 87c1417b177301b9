"""Gates that count results: a day that lost enough, and how far below the best it stands."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from karb_core.domain.decisions import Denied, Passed
from karb_core.domain.halt import Halt
from karb_core.engine.strategy import GateSeat
from karb_core.ports import AccountView, Demand, MarketView
from karb_gates.daily_loss import DailyLoss
from karb_gates.drawdown import Drawdown
from tests.engine import scene as engine
from tests.engine.test_desk import take
from tests.plugins.karb_gates.asked import built, full_account, rule_of
from tests.plugins.karb_gates.test_counts import MIDNIGHT, ended
from tests.plugins.scene import NOW, leaving, lot, plan, tops, view

#: Of 40,000,000 KRW 2 % are 800,000.
LOSS = "800000"


def day(
    *nets: str | None, counts: str = "ended", at_ns: int = NOW, lots: tuple[Any, ...] = (), then: str = "refuse",
    at: MarketView | None = None, begins: str = "00:00 KST",
) -> Any:  # fmt: skip
    gate = built(DailyLoss, f"{{most: 2%, day: '{begins}', counts: {counts}, then: {then}}}")
    told = tuple(ended(f"l{n}", ended_ns=at_ns, net=net) for n, net in enumerate(nets))
    of = full_account(*lots, ended=told)
    return gate.check(plan(), at or view(), of) if then == "refuse" else gate.watch(at or view(), of)


@pytest.mark.parametrize(
    ("nets", "denied"),
    [
        ((f"-{LOSS}",), None),
        ((f"-{LOSS}.00000001",), "most"),
        ((f"-{LOSS}", "-1", "1"), None),
        (("-900000", "100000"), None),
        (("-900000", "99999"), "most"),
        (("900000", "-900000", "-800001"), "most"),
        ((), None),
        ((None,), "most"),
    ],
)
def test_a_day_may_lose_so_much_with_its_gains_made_up_for(nets: Any, denied: str | None) -> None:
    assert rule_of(day(*nets)) == denied


@pytest.mark.parametrize(("ended_ns", "denied"), [(MIDNIGHT - 1, None), (MIDNIGHT, "most")])
def test_a_lot_counts_on_the_day_on_which_it_ended(ended_ns: int, denied: str | None) -> None:
    assert rule_of(day("-800001", at_ns=ended_ns)) == denied


def test_a_denial_tells_the_loss_since_when_and_the_limit() -> None:
    assert day("-800001") == Denied("most", "800001 KRW lost since 1970-01-11T15:00:00Z", "800000 KRW")


def test_open_lots_count_where_the_owner_says_so() -> None:
    """Sold at 103,000 and bought back at 110,000: 7,000 less 105 of fees, ten of them."""
    held, dear = lot(amount="120"), view(*tops("110000"))
    assert day(lots=(held,), at=dear) == Passed()
    assert rule_of(day(lots=(held,), at=dear, counts="with_open")) == "most"
    assert rule_of(day("100000", lots=(held,), at=dear, counts="with_open")) is None
    assert rule_of(day(lots=(held,), at=view(*tops()[:1]), counts="with_open")) == "most"  # it cannot be told


def test_a_way_out_is_never_asked_what_the_day_lost() -> None:
    gate = built(DailyLoss, "{most: 2%, day: '00:00 KST', counts: ended, then: refuse}")
    held = lot()
    assert gate.check(leaving(held), view(), full_account(held, ended=(ended(net="-999999999"),))) == Passed()


@pytest.mark.parametrize(
    ("then", "strength"), [("stop_entries", Halt.NO_ENTRIES), ("reduce", Halt.REDUCE_ONLY), ("flatten", Halt.FLATTEN)]
)
def test_beyond_the_limit_it_demands_what_the_owner_wrote(then: str, strength: Halt) -> None:
    assert day("-800000", then=then) is None
    told = day("-800001", then=then)
    assert told == Demand(strength, "most", "800001 KRW lost since 1970-01-11T15:00:00Z", "800000 KRW")
    assert day(None, then=then) is None  # what cannot be told stops nothing, and refuses entries


def below(
    *nets: str | None, most: str = "10%", counts: str = "ended", lots: tuple[Any, ...] = (), at: Any = None
) -> Any:
    gate = built(Drawdown, f"{{most: {most}, counts: {counts}, then: refuse}}")
    told = tuple(ended(f"l{n}", net=net) for n, net in enumerate(nets))
    return gate.check(plan(), at or view(), full_account(*lots, ended=told))


@pytest.mark.parametrize(
    ("nets", "denied"),
    [
        (("-4000000",), None),  # of the capital itself
        (("-4000001",), "most"),
        (("10000000", "-5000000"), None),  # of 50,000,000
        (("10000000", "-5000001"), "most"),
        (("10000000", "-5000001", "1"), None),
        (("-4000001", "1"), None),
        ((None,), "most"),
    ],
)
def test_it_may_lie_so_far_below_its_best(nets: Any, denied: str | None) -> None:
    assert rule_of(below(*nets)) == denied


def test_what_was_not_taken_raises_no_best_but_lowers_where_it_stands() -> None:
    held = lot(amount="600")
    gain, loss = view(*tops("90000")), view(*tops("110000"))
    assert below(lots=(held,), at=gain, counts="with_open") == Passed()
    assert rule_of(below(lots=(held,), at=loss, counts="with_open")) == "most"
    assert below(lots=(held,), at=loss) == Passed()


def test_a_denial_tells_how_far_below_which_best() -> None:
    assert below("10000000", "-10000000") == Denied("most", "20% below the best of 50000000 KRW", "10%")


@given(st.lists(st.integers(-5_000_000, 5_000_000), max_size=8), st.integers(1, 60), st.integers(1, 60))
def test_a_tighter_limit_never_lets_more_through(nets: list[int], a: int, b: int) -> None:
    tight, wide = sorted((a, b))
    if below(*map(str, nets), most=f"{tight}%") == Passed():
        assert below(*map(str, nets), most=f"{wide}%") == Passed()


# -- at a desk ---------------------------------------------------------------------------------------------------------


class Wants:
    """A gate that demands what it is told to, once it is told."""

    def __init__(self, strength: Halt | Exception | None = None) -> None:
        self.strength, self.seen = strength, 0

    def check(self, *_: object) -> Passed:
        return Passed()

    def watches(self) -> bool:
        return True

    def watch(self, view: MarketView, account: AccountView) -> Demand | None:
        self.seen += 1
        if isinstance(self.strength, Exception):
            raise self.strength
        return None if self.strength is None else Demand(self.strength, "most", f"seen {self.seen}", "less")


def desk(gate: Any, *ways: Any, lots: tuple[Any, ...] = ()) -> engine.Scene:
    seat = GateSeat("gates.wants", gate, frozenset({"entry"}), lambda name: engine.cited(f"/risk_gates/0/with/{name}"))
    return engine.scene(engine.strategy(engine.Proposes(*ways), gates=(seat,)), lots=lots)


def told(of: engine.Scene, after: int = 0) -> list[str]:
    return [c.decided.decision.kind.value for c in take(of, engine.NOW + after * engine.SECOND)]


def test_what_it_demands_stops_the_desk_once_and_until_somebody_resumes() -> None:
    gate = Wants()
    of = desk(gate, engine.proposal())
    assert told(of) == ["entry"]
    gate.strength = Halt.NO_ENTRIES
    assert [told(of, n) for n in (1, 2, 3)] == [[], [], []]
    assert of.desk.halted == ["/risk_gates/0/with/most: seen 2; allowed: less"]
    assert len(of.trace.of("halt")) == 1
    of.desk.halts.resume("looked at it", "owner", engine.NOW)
    assert told(of, 4) == []  # it is still true
    gate.strength = None
    of.desk.halts.resume("looked at it", "owner", engine.NOW)
    assert told(of, 5) == ["entry"]


def test_a_stronger_demand_of_the_same_line_is_heard() -> None:
    gate = Wants(Halt.NO_ENTRIES)
    of = desk(gate, engine.proposal())
    told(of)
    gate.strength = Halt.REDUCE_ONLY
    told(of, 1)
    assert of.desk.halts.strength() is Halt.REDUCE_ONLY
    assert len(of.trace.of("halt")) == 2


def test_a_demand_to_flatten_leaves_what_is_open_at_that_very_moment_and_no_gate_is_asked() -> None:
    of = desk(Wants(Halt.FLATTEN), lots=(engine.lot("a", "-10", "10"),))
    assert told(of) == ["exit"]
    assert of.books.open_lots() == ()


def test_where_nothing_is_proposed_it_is_asked_all_the_same() -> None:
    gate = Wants()
    of = desk(gate)
    told(of)
    told(of, 1)
    assert gate.seen == 2


def test_a_watch_that_raises_stops_entries() -> None:
    of = desk(Wants(ZeroDivisionError("by zero")), engine.proposal())
    assert told(of) == []
    assert of.desk.halted == ["/risk_gates/0/with/use: ZeroDivisionError: by zero; allowed: a gate that can compute"]
    assert of.desk.halts.strength() is Halt.NO_ENTRIES


def test_a_desk_that_only_leaves_by_older_rules_watches_nothing() -> None:
    gate = Wants(Halt.FLATTEN)
    of, main = desk(gate), desk(Wants())
    of.desk.beside = main.desk
    of.desk.watch(engine.view(engine.moment()))
    assert gate.seen == 0
    assert replace(of.desk.strategy, gates=()).watched is False
