"""When a trial was survived, when the owner's lines left a leg alone, and when it was not survived, and why."""

from __future__ import annotations

from decimal import Decimal

import pytest

from karb_core.domain.decisions import DecisionKind
from karb_core.domain.halt import Halt
from karb_core.ports import NoticeKind, Rehearsed
from karb_core.texts.text import LANGUAGES, render
from karb_research.verdict import Trial, Verdict, judged
from tests.plugins.karb_research.stages import (
    LINES,
    SECOND,
    came,
    decision,
    notice,
    open_legs,
    scenario,
    setting,
    uneven,
)  # fmt: skip

TOLD = (notice(NoticeKind.ENTRY), notice(NoticeKind.EXIT), notice(NoticeKind.HALT))
STRANDED = open_legs("0.1")


def trial(result: Rehearsed, **changes: object) -> Trial:
    return judged(scenario(**changes), setting(), dict(LINES), result)


def why(found: Trial) -> list[str]:
    assert all(render(words, lang) for words in (*found.why, *found.notes) for lang in LANGUAGES)
    return [render(words) for words in found.why]


def test_entered_left_told_and_even_is_survived():
    found = trial(came())
    assert (found.verdict, found.why, found.notes) == (Verdict.SURVIVED, (), ())


@pytest.mark.parametrize(("lasted_ns", "verdict"), [(10 * SECOND, Verdict.SURVIVED), (10 * SECOND + 1, Verdict.FAILED)])
def test_exactly_the_owners_bound_holds(lasted_ns: int, verdict: Verdict):
    assert trial(came(uneven=(uneven(lasted_ns),))).verdict is verdict


def test_a_bound_that_the_scenario_does_not_ask_for_is_only_shown():
    assert trial(came(uneven=(uneven(99 * SECOND),)), must_hold=[]).verdict is Verdict.SURVIVED


def test_never_entering_is_no_survival_and_says_what_refused():
    refused = decision(DecisionKind.REFUSAL, "/fx_source/money/with/max_age")
    found = trial(came(decisions=(refused, refused)))
    assert found.verdict is Verdict.FAILED
    told = "nothing was ever entered, so nothing was tried; refused by /fx_source/money/with/max_age (2)"
    assert why(found) == [told]
    assert why(trial(came(decisions=()))) == [
        "nothing was ever entered, so nothing was tried; nothing was proposed either"
    ]


def test_a_notice_that_had_to_come_and_did_not():
    assert why(trial(came(notices=TOLD[:1]))) == ["no notice of kind `exit` came"]


def test_books_that_say_something_else_than_the_venue():
    both = open_legs("0.1", "-0.1")
    found = trial(came(left_open=both, booked=open_legs("0.1")))
    assert why(found) == ["binance_usdm BTC/USDT: the venue shows -0.1 open, karb's books say 0"]


def test_a_hedged_position_may_stay():
    both = open_legs("0.1", "-0.1")
    found = trial(came(left_open=both, booked=both))
    assert found.verdict is Verdict.SURVIVED
    assert [render(words) for words in found.notes] == [
        "still holds, even: upbit BTC/KRW 0.1, binance_usdm BTC/USDT -0.1"
    ]


def test_a_leg_that_no_line_left_open_is_a_failure():
    found = trial(came(left_open=STRANDED, booked=STRANDED))
    assert why(found) == ["a leg is open at the end and no line of yours says so: 0.1 BTC"]


@pytest.mark.parametrize(("base", "verdict"), [("0.00004", Verdict.SURVIVED), ("0.00005", Verdict.FAILED)])
def test_what_no_venue_would_take_is_even(base: str, verdict: Verdict):
    """At 101,000,000 a least order of 5,000 KRW is 0.0000495 BTC."""
    dust = open_legs(base)
    assert trial(came(left_open=dust, booked=dust)).verdict is verdict


@pytest.mark.parametrize("reason", ["/execution/on_one_leg/1", "/execution/on_one_leg"])
def test_the_owners_halt_leaves_a_leg_open_by_choice_and_is_named(reason: str):
    lasted = (uneven(99 * SECOND),)
    halted = came(left_open=STRANDED, booked=STRANDED, halts={reason: Halt.NO_ENTRIES}, notices=TOLD, uneven=lasted)
    found = trial(halted)
    assert found.verdict is Verdict.LEFT_OPEN
    assert found.by == (LINES["/execution/on_one_leg/1"],)
    assert render(found.notes[0]) == "0.1 BTC stays open by your line mine.yaml:83 `halt`"
    assert why(found) == []


def test_a_halt_that_nobody_was_told_of_is_a_failure():
    silent = came(left_open=STRANDED, booked=STRANDED, halts={"/execution/on_one_leg/1": Halt.NO_ENTRIES})
    assert why(trial(silent)) == ["a leg was left open and nobody was told"]


def test_a_halt_with_nothing_open_is_survived_and_said():
    found = trial(came(halts={"/execution/on_one_leg/1": Halt.NO_ENTRIES}, notices=TOLD))
    assert found.verdict is Verdict.SURVIVED
    assert [render(words) for words in found.notes] == ["entries stay stopped by your line mine.yaml:83 `halt`"]


def test_a_stop_that_is_no_line_of_the_owners_is_a_failure():
    assert why(trial(came(halts={"a mistake": Halt.NO_ENTRIES}, notices=TOLD))) == ["it stopped: a mistake"]


def test_legs_are_summed_by_coin_to_the_last_digit():
    legs = open_legs("0.10000001", "-0.1")
    assert trial(came(left_open=legs, booked=legs)).verdict is Verdict.SURVIVED
    assert sum(legs.values()) == Decimal("0.00000001")
