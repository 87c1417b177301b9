"""Every gate is asked, every refusal kept, and what cannot be computed is refused."""

from __future__ import annotations

from typing import Any

import pytest

from karb_core.domain.decisions import Denied, Passed, ProposalKind, Share
from karb_core.engine.gatehouse import ask
from karb_core.engine.strategy import GateSeat, RateRule
from karb_core.ports import AccountView
from tests.engine.scene import NOW, SECOND, TERMS, Proposes, cited, moment, plan, rate, strategy, view

ACCOUNT = AccountView(TERMS, {}, {})
BOTH = frozenset({"entry", "exit"})


class Answers:
    def __init__(self, answer: Any) -> None:
        self.answer = answer
        self.asked = 0

    def check(self, *_: object) -> Any:
        self.asked += 1
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer


def seat(answer: Any, at: frozenset[str] = BOTH, number: int = 0) -> GateSeat:
    return GateSeat(f"g{number}", Answers(answer), at, lambda n: cited(f"/risk_gates/{number}/with/{n}"))


def denials(*seats: GateSeat, leaving: bool = False) -> list[tuple[str, str]]:
    way = plan(shares=(Share("lot", TERMS.capital.value),)) if leaving else plan()
    assert way.proposals[0].kind is (ProposalKind.EXIT if leaving else ProposalKind.ENTRY)
    denied = ask(strategy(Proposes(), gates=seats), way, view(moment()), ACCOUNT)
    return [(d.rule, d.observed) for d in denied]


def test_all_are_asked_and_all_refusals_kept_under_their_lines() -> None:
    seats = (
        seat(Denied("limit", "6s", "5s"), number=0),
        seat(Passed(), number=1),
        seat(Denied("use", "x", "y"), number=2),
    )
    assert denials(*seats) == [("/risk_gates/0/with/limit", "6s"), ("/risk_gates/2/with/use", "x")]
    assert [s.gate.asked for s in seats if isinstance(s.gate, Answers)] == [1, 1, 1]


@pytest.mark.parametrize("broken", [ZeroDivisionError("by zero"), KeyError("BTC"), RecursionError("deep")])
def test_a_gate_that_raises_denies_and_the_next_is_asked(broken: Exception) -> None:
    seats = (seat(broken, number=0), seat(Denied("limit", "6s", "5s"), number=1))
    told = denials(*seats)
    assert [rule for rule, _ in told] == ["/risk_gates/0/with/use", "/risk_gates/1/with/limit"]
    assert told[0][1].startswith(type(broken).__name__)


@pytest.mark.parametrize("answer", [None, True, False, "passed", 1, cited("limit"), Passed])
def test_what_is_no_verdict_denies(answer: object) -> None:
    assert [rule for rule, _ in denials(seat(answer))] == ["/risk_gates/0/with/use"]


def test_a_denial_that_names_nothing_readable_still_denies() -> None:
    odd = GateSeat("g", Answers(Denied("limit", "6s", "5s")), BOTH, lambda n: cited(n) if n == "use" else cited(n[99]))
    assert [rule for rule, _ in denials(odd)] == ["use"]


@pytest.mark.parametrize(("at", "entry", "leaving"), [("entry", 1, 0), ("exit", 0, 1)])
def test_a_gate_is_asked_only_where_it_stands(at: str, entry: int, leaving: int) -> None:
    one = seat(Denied("limit", "6s", "5s"), frozenset({at}))
    assert (len(denials(one)), len(denials(one, leaving=True))) == (entry, leaving)


def aged(age_s: float, *, is_open: bool = True, closed_s: int | None = 100) -> list[str]:
    rule = RateRule(
        "premium",
        10 * SECOND,
        None if closed_s is None else closed_s * SECOND,
        lambda _: is_open,
        lambda n: cited(f"/fx/{n}"),
    )
    seen = moment(rates={"premium": rate(at_ns=NOW - int(age_s * SECOND))})
    return [d.rule for d in ask(strategy(Proposes(), rates=(rule,)), plan(), view(seen), ACCOUNT)]


@pytest.mark.parametrize(
    ("age_s", "denied"),
    [(0, []), (9.999999999, []), (10, []), (10.000000001, ["/fx/max_age"]), (-0.000000001, ["/fx/max_age"])],
)
def test_a_rate_may_be_exactly_so_old_and_never_of_the_future(age_s: float, denied: list[str]) -> None:
    assert aged(age_s) == denied


@pytest.mark.parametrize(("age_s", "denied"), [(100, []), (100.000000001, ["/fx/when_closed"])])
def test_while_its_market_is_closed_the_other_age_counts(age_s: float, denied: list[str]) -> None:
    assert aged(age_s, is_open=False) == denied


@pytest.mark.parametrize("age_s", [0, 50])
def test_closed_and_refused_denies_however_young(age_s: float) -> None:
    assert aged(age_s, is_open=False, closed_s=None) == ["/fx/when_closed"]


def test_a_rate_that_never_came_denies_an_entry_and_no_exit() -> None:
    rule = RateRule("premium", 10, 10, lambda _: True, lambda n: cited(f"/fx/{n}"))
    of = strategy(Proposes(), rates=(rule,))
    seen = view(moment(rates={}))
    assert [d.observed for d in ask(of, plan(), seen, ACCOUNT)] == ["no rate is known yet"]
    assert ask(of, plan(shares=(Share("lot", TERMS.capital.value),)), seen, ACCOUNT) == ()


def test_a_calendar_that_cannot_be_read_holds_entries_back() -> None:
    def torn(_: int) -> bool:
        raise LookupError("the calendar has run out")

    rule = RateRule("premium", 10 * SECOND, None, torn, lambda n: cited(f"/fx/{n}"))
    seen = view(moment(rates={"premium": rate(at_ns=NOW)}))
    denied = ask(strategy(Proposes(), rates=(rule,)), plan(), seen, ACCOUNT)
    assert [d.rule for d in denied] == ["/fx/max_age"]
    assert "the calendar has run out" in denied[0].observed
