"""What the owner reads of a trial, and what a program does."""

from __future__ import annotations

import json

import pytest

from karb_core.cli.app import TerminalApp
from karb_core.cli.terminal import Terminal
from karb_core.domain.amount import Amount
from karb_core.domain.decisions import DecisionKind
from karb_core.domain.halt import Halt
from karb_core.ports import App, NoticeKind
from karb_research.report import show, summary
from karb_research.report_json import document
from karb_research.verdict import judged
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


def trial(**changes: object):
    rungs = {LINES["/execution/on_one_leg/0"]: 3}
    refused = decision(DecisionKind.REFUSAL, "/balances/upbit")
    decisions = (decision(), decision(), refused, decision(DecisionKind.EXIT))
    result = came(climbed=rungs, uneven=(uneven(1_250_000_000),), decisions=decisions, **changes)
    return judged(scenario(), setting(), dict(LINES), result)


def stranded():
    told = (notice(NoticeKind.ENTRY), notice(NoticeKind.EXIT), notice(NoticeKind.HALT))
    halts = {"/execution/on_one_leg/1": Halt.NO_ENTRIES}
    return trial(left_open=open_legs("0.1"), booked=open_legs("0.1"), halts=halts, notices=told)


@pytest.fixture
def app() -> TerminalApp:
    return TerminalApp(Terminal(color=False))


def test_a_terminal_is_an_app(app: TerminalApp):
    assert isinstance(app, App)


def test_what_the_owner_reads(app: TerminalApp, capsys: pytest.CaptureFixture[str]):
    show(app, trial())
    assert capsys.readouterr().out.splitlines() == [
        "flash-crash  survived",
        "  prices fall 10 % within a minute, and spreads are ten times as wide",
        "  told    entry 1, exit 1  (had to come: entry, exit)",
        "  uneven  BTC 0.1 BTC (10,100,000 KRW), 1.3s",
        "  result  -1,200 KRW  (orders 4, fills 4)",
        "  fired   2 x entry taken long_premium",
        "            mine.yaml:54 entry 2.0",
        "  fired   1 x refusal taken long_premium /balances/upbit",
        "            mine.yaml:54 entry 2.0",
        "  fired   1 x exit taken long_premium",
        "            mine.yaml:54 entry 2.0",
        "  ladder  3 x mine.yaml:82 rung 1 50bp",
        "",
    ]


def test_what_the_owner_reads_in_korean(capsys: pytest.CaptureFixture[str]):
    korean = TerminalApp(Terminal("ko", color=False))
    show(korean, stranded())
    summary(korean, [trial(), stranded()])
    told = capsys.readouterr().out
    assert "flash-crash  당신의 규칙대로 다리가 열린 채 남음" in told
    assert "! 0.1 BTC: 당신의 줄 mine.yaml:83 `halt` 때문에 열린 채 남습니다" in told
    assert told.splitlines()[-1] == "시나리오 2: 살아남음 1, 당신의 규칙대로 다리가 열린 채 남음 1"


def test_what_a_program_reads_has_every_digit():
    told = json.loads(json.dumps(document("mine.yaml", [trial(), stranded()], "en")))
    assert (told["file"], told["survived"]) == ("mine.yaml", False)
    first, second = told["scenarios"]
    assert first["verdict"] == "survived"
    assert first["uneven"][0] == {
        "pair": "BTC", "base": "0.1 BTC", "worth": "10100000 KRW", "lasted_ns": 1_250_000_000,
    }  # fmt: skip
    assert second["verdict"] == "left open"
    assert second["left_open"] == {"upbit BTC/KRW": "0.1"}
    assert [each["line"] for each in second["left_open_by"]] == [83]


def test_a_result_without_a_rate_is_not_guessed(app: TerminalApp, capsys: pytest.CaptureFixture[str]):
    show(app, trial(result=None))
    assert "result  not known: no rate" in capsys.readouterr().out
    assert document("mine.yaml", [trial(result=None)], "en")["scenarios"][0]["result"] is None  # type: ignore[index]


@pytest.mark.parametrize(
    ("ns", "told"), [(1, "0.1s"), (10 * SECOND, "10s"), (60 * SECOND, "1m 00s"), (125 * SECOND, "2m 05s")]
)
def test_times_are_never_shown_shorter_than_they_were(ns: int, told: str):
    from karb_research.shown import lasting, money

    assert lasting(ns) == told
    assert money(Amount.read("0.5 KRW")) != "0 KRW"
