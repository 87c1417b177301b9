"""The breaker: closed until so many executions in a row went wrong, open for a time, then one try."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from karb_core.domain.decisions import Cause, DecisionKind, Denied, Passed, ProposalKind
from karb_core.engine.strategy import GateSeat
from karb_core.ports import Execution, Stage
from karb_gates.breaker import Breaker
from tests.engine import scene as engine
from tests.engine.test_desk import take
from tests.plugins.scene import NOW, SECOND, account, leaving, lot, plan, view

OPEN_NS = 300 * SECOND
BAD, GOOD = False, True
ENTERS = {"BTC": plan(), "ETH": plan("1", "1", replace(plan().proposals[0], pair="ETH"))}


def breaker(per: str = "pair", failures: int = 3, time: str = "300s") -> Breaker:
    return Breaker(Breaker.Params.model_validate({"failures": failures, "for": time, "per": per}))


def executions(*told: tuple[str, bool], last_ns: int = NOW) -> tuple[Execution, ...]:
    """A second apart, the last one at `last_ns`."""
    return tuple(Execution(pair, last_ns - (len(told) - 1 - i) * SECOND, whole) for i, (pair, whole) in enumerate(told))


def asked(
    told: Iterable[Execution], after_ns: int = 0, *, gate: Breaker | None = None, of: Any = None, under_way: str = ""
) -> Any:
    """What it says so long after NOW."""
    state = replace(account(), executions=tuple(told), under_way=frozenset(under_way.split()))
    return (gate or breaker()).check(of or plan(), view(as_of_ns=NOW + after_ns), state)


def rule_of(verdict: Any) -> str | None:
    return verdict.rule if isinstance(verdict, Denied) else None


BTC_BAD = ("BTC", BAD)
ETH_BAD = ("ETH", BAD)


def test_it_is_stable_and_may_stand_at_both_points() -> None:
    assert Breaker.stage is Stage.STABLE
    assert Breaker.stands == {"entry", "exit"}


@pytest.mark.parametrize(("bad", "denied"), [(0, None), (2, None), (3, "for"), (4, "for")])
def test_it_opens_at_exactly_so_many(bad: int, denied: str | None) -> None:
    assert rule_of(asked(executions(*[BTC_BAD] * bad))) == denied


def test_only_those_in_a_row_count() -> None:
    told = [BTC_BAD, BTC_BAD, ("BTC", GOOD), BTC_BAD, BTC_BAD]
    assert asked(executions(*told)) == Passed()
    assert rule_of(asked(executions(*told, BTC_BAD))) == "for"


@pytest.mark.parametrize(
    ("after_ns", "denied"), [(0, "for"), (OPEN_NS - 1, "for"), (OPEN_NS, None), (OPEN_NS + 1, None), (-SECOND, "for")]
)
def test_it_is_open_for_exactly_the_time_from_the_last_one(after_ns: int, denied: str | None) -> None:
    assert rule_of(asked(executions(*[BTC_BAD] * 3), after_ns)) == denied


def test_a_denial_tells_what_failed_and_until_when() -> None:
    assert asked(executions(*[BTC_BAD] * 3), SECOND) == Denied(
        "for",
        "3 in a row not filled to plan, the last BTC at 1970-01-12T13:46:40Z",
        "nothing until 1970-01-12T13:51:40Z",
    )


def test_each_pair_has_its_own_or_all_have_one() -> None:
    told = executions(BTC_BAD, ETH_BAD, BTC_BAD, ETH_BAD, BTC_BAD)
    by_pair = {pair: rule_of(asked(told, of=of)) for pair, of in ENTERS.items()}
    assert by_pair == {"BTC": "for", "ETH": None}
    for of in ENTERS.values():
        assert rule_of(asked(told, gate=breaker("file", 5), of=of)) == "for"
        assert asked(told, gate=breaker("file", 6), of=of) == Passed()


def test_a_whole_one_of_another_pair_closes_only_what_counts_the_file() -> None:
    told = executions(*[BTC_BAD] * 3, ("ETH", GOOD))
    assert rule_of(asked(told)) == "for"
    assert asked(told, gate=breaker("file")) == Passed()


@pytest.mark.parametrize(
    ("per", "under_way", "denied"),
    [
        ("pair", "", None),
        ("pair", "BTC", "failures"),
        ("pair", "ETH", None),
        ("file", "", None),
        ("file", "ETH", "failures"),
    ],
)
def test_after_the_time_one_may_try_and_no_second(per: str, under_way: str, denied: str | None) -> None:
    told = executions(*[BTC_BAD] * 3)
    assert rule_of(asked(told, OPEN_NS, gate=breaker(per), under_way=under_way)) == denied


def test_while_it_is_closed_it_does_not_matter_what_is_under_way() -> None:
    assert asked(executions(*[BTC_BAD] * 2), under_way="BTC ETH") == Passed()


def test_a_try_that_goes_whole_closes_it_and_one_that_does_not_opens_it_for_the_whole_time() -> None:
    before = executions(*[BTC_BAD] * 3, last_ns=NOW - OPEN_NS)
    assert asked((*before, Execution("BTC", NOW, GOOD))) == Passed()
    again = (*before, Execution("BTC", NOW, BAD))
    assert rule_of(asked(again, OPEN_NS - 1)) == "for"
    assert asked(again, OPEN_NS) == Passed()


def test_a_way_out_is_asked_alike() -> None:
    assert rule_of(asked(executions(*[BTC_BAD] * 3), of=leaving(lot()))) == "for"


@given(st.lists(st.tuples(st.sampled_from(["BTC", "ETH"]), st.booleans()), max_size=12), st.integers(1, 4))
def test_what_an_account_leaves_out_decides_nothing(told: list[tuple[str, bool]], failures: int) -> None:
    """Of each pair an account shows nothing before its last whole one."""
    from karb_core.engine.executions import since_whole

    every = executions(*told)
    kept = since_whole({str(i): execution for i, execution in enumerate(every)}).values()
    for per in ("pair", "file"):
        gate = breaker(per, failures)
        for of in ENTERS.values():
            for after_ns in (0, OPEN_NS):
                assert asked(every, after_ns, gate=gate, of=of) == asked(kept, after_ns, gate=gate, of=of)


# -- at a desk ---------------------------------------------------------------------------------------------------------

REFUSES_ONE_LEG = ("1", *["no"] * 3, "1")  # the other leg fills, is not hedged, and is traded back


def desk(*ways: Any, at: tuple[str, ...] = ("entry",), script: tuple[str, ...] = (), **more: Any) -> engine.Scene:
    seat = GateSeat("b", breaker(), frozenset(at), lambda name: engine.cited(f"/risk_gates/0/with/{name}"))
    return engine.scene(engine.strategy(engine.Proposes(*ways), gates=(seat,)), *script, **more)


def taken(of: engine.Scene, after_ns: int) -> list[str]:
    """What became of a moment so much later."""
    of.clock.now += after_ns
    of.clock.venue_ns, of.clock.slept = of.clock.now, 0
    told = take(of, of.clock.now)
    return [c.decided.decision.kind.value for c in told]


def test_a_venue_that_refuses_one_leg_again_and_again_is_tried_no_more_than_the_owner_says() -> None:
    of = desk(engine.proposal(), script=REFUSES_ONE_LEG * 3)
    assert [taken(of, SECOND) for _ in range(6)] == [["entry"]] * 3 + [["refusal"]] * 3
    assert len(of.trace.of("place")) == len(REFUSES_ONE_LEG) * 3
    assert of.desk.halted == []
    (denied,) = of.trace.of("decision")[-1].denied
    assert denied.rule == "/risk_gates/0/with/for"


def test_after_the_time_one_goes_and_what_came_of_it_decides() -> None:
    of = desk(engine.proposal(), script=(*REFUSES_ONE_LEG * 4, *["1"] * 4))
    for _ in range(3):
        taken(of, SECOND)
    failed_ns = [e.at_ns for e in of.books.executions.values()][-1]
    wait_ns = failed_ns + OPEN_NS - of.clock.now
    assert taken(of, wait_ns - 1) == ["refusal"]
    assert taken(of, 1) == ["entry"]  # and it fails
    assert taken(of, SECOND) == ["refusal"]
    assert taken(of, OPEN_NS) == ["entry"]  # and it is whole
    assert taken(of, SECOND) == ["entry"]


def test_of_two_entries_of_one_moment_one_tries() -> None:
    of = desk(engine.proposal(), script=REFUSES_ONE_LEG * 3)
    for _ in range(3):
        taken(of, SECOND)
    of.desk.strategy = replace(of.desk.strategy, signal=engine.Proposes(engine.proposal(), engine.proposal(tier="b")))
    assert taken(of, OPEN_NS) == ["entry", "refusal"]
    assert [d.rule for d in of.trace.of("decision")[-1].denied] == ["/risk_gates/0/with/failures"]


def test_what_it_denies_never_counts() -> None:
    """However often it denies, the time runs from the last one that was tried."""
    of = desk(engine.proposal(), script=REFUSES_ONE_LEG * 3)
    for _ in range(3):
        taken(of, SECOND)
    before = dict(of.books.executions)
    assert [taken(of, 10 * SECOND) for _ in range(20)] == [["refusal"]] * 20
    assert of.books.executions == before
    assert taken(of, OPEN_NS - 200 * SECOND) == ["entry"]


def churns(at: tuple[str, ...], cause: Cause = Cause.TAKEN) -> list[list[str]]:
    """A way out of which one leg never closes."""
    held = engine.lot("a", "-10", "10")
    way = engine.proposal(ProposalKind.EXIT, "a", cause=cause)
    of = desk(way, at=at, script=REFUSES_ONE_LEG * 5, lots=(held,))
    return [taken(of, SECOND) for _ in range(5)]


def test_a_way_out_that_is_traded_back_again_and_again_ends_where_the_owner_wrote_it() -> None:
    assert churns(("entry", "exit")) == [["exit"]] * 3 + [["refusal"]] * 2
    assert churns(("entry",)) == [["exit"]] * 5


@pytest.mark.parametrize("cause", [Cause.DEMANDED, Cause.FORCED])
def test_a_demanded_or_forced_way_out_is_never_held(cause: Cause) -> None:
    held = engine.lot("a", "-10", "10")
    of = desk(engine.proposal(), at=("entry", "exit"), script=REFUSES_ONE_LEG * 3, lots=(held,))
    for _ in range(3):
        taken(of, SECOND)
    assert taken(of, SECOND) == ["refusal"]
    way = engine.proposal(ProposalKind.EXIT, "a", cause=cause)
    of.desk.strategy = replace(of.desk.strategy, signal=engine.Proposes(way))
    assert taken(of, SECOND) == [DecisionKind.EXIT.value]
