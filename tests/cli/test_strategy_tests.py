"""`karb test`: moments that an owner writes down, and what the rules make of them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from karb_core.rulebook.strategy_file import StrategyFile
from tests.cli.conftest import Karb
from tests.rulebook.shipped import checked, shipped

MARKET = "pair: BTC, before: {around: 1%, by: 0.4%}, far: 100_000 USDT, fx: {premium: 1400 KRW, money: 1400 KRW}"
LOT = "{side: short_premium, amount: 0.1 BTC, near: 144_500_000 KRW, far: 100_000 USDT, held: 3h}"


def test_of(near: str, expect: str, more: str = "", name: str = "one") -> str:
    return f"  - name: {name}\n    given: {{{MARKET}, near: {near} KRW{more}}}\n    expect: {{{expect}}}\n"


test_of.__test__ = False  # type: ignore[attr-defined]


@pytest.fixture
def file(home: Path) -> Path:
    return home / "mine.yaml"


def write(file: Path, *tests: str) -> None:
    file.write_text(shipped("kimp_zscore") + "tests:\n" + "".join(tests), "utf-8")


@pytest.mark.parametrize(
    ("near", "more", "expect"),
    [
        ("144_500_000", "", "decision: entry, side: short_premium, near: 16_000_000 KRW, lines: [/signal/with/entry]"),
        ("138_500_000", "", "decision: entry, side: long_premium, lines: [/signal/with/when_low]"),
        ("141_400_000", "", "decision: nothing"),
        ("142_000_000", f", open: [{LOT}]", "decision: exit, side: short_premium, lines: [/signal/with/take_profit]"),
        ("143_800_000", f", open: [{LOT}]", "decision: nothing"),
        ("144_500_000", ", age: 2s", "decision: entry"),
        ("144_500_000", ", age: 3s", "decision: refusal, lines: [/risk_gates/0/with/book]"),
        ("144_500_000", f", open: [{LOT}]", "decision: nothing"),  # its tier has fired
    ],
)
def test_a_moment_is_judged_sized_and_gated_by_the_rules(
    karb: Karb, file: Path, near: str, more: str, expect: str
) -> None:
    write(file, test_of(near, expect, more))
    told = karb("test", str(file))
    assert told.code == 0, told.out + told.err


MORE = (
    "  - {use: gates.price_jump, at: [entry], with: {move: 5%, within: 60s, then: stop_entries}}\n"
    "  - {use: gates.liquidity, at: [entry], with: {band: 30bp, least: 100_000_000 KRW, max_age: 5s}}\n"
    "  - {use: gates.clock_offset, at: [entry], with: {most: 1s, max_age: 5m}}\n"
    "  - {use: gates.venue_warnings, at: [entry], with: {venue: upbit, ignoring: none, max_age: 5m}}\n"
)
WORD = "  - {use: gates.approval, at: [entry], with: {valid_for: 10m, worse: 0.2%}}\n"


@pytest.mark.parametrize(
    ("lines", "expect"),
    [(MORE, "decision: entry"), (MORE + WORD, "decision: refusal, lines: [/risk_gates/0/with/valid_for]")],
)
def test_what_gates_look_at_beside_prices_stands_in_nobodys_way_but_a_word_is_not_given(
    karb: Karb, file: Path, lines: str, expect: str
) -> None:
    """Of one moment, where prices stood still, books are deep, clocks agree and no venue warns."""
    write(file, test_of("144_500_000", expect.replace("/0/", "/4/")))
    text = file.read_text("utf-8")
    assert text.count("risk_gates:") == 1
    head, _, gates = text.partition("risk_gates:")
    first, rest = gates.split("\n", 1)
    file.write_text(f"{head}risk_gates:{first}\n{lines}{rest}", "utf-8")
    told = karb("test", str(file))
    assert told.code == 0, told.out + told.err


@pytest.mark.parametrize(
    ("expect", "said"),
    [
        ("decision: nothing", "expected nothing, and it is entry"),
        ("decision: entry, side: long_premium", "side: expected long_premium, and it is short_premium"),
        ("decision: entry, near: 15_000_000 KRW", "near: expected 15000000 KRW, and it is 15999999"),
        ("decision: entry, tier: ultra", "tier: expected ultra, and it is none"),
        ("decision: entry, lines: [/signal/with/when_low]", "/signal/with/when_low has no part in it; these have: "),
    ],
)
def test_what_differs_is_said_and_the_code_is_six(karb: Karb, file: Path, expect: str, said: str) -> None:
    write(file, test_of("144_500_000", expect), test_of("141_400_000", "decision: nothing", name="other"))
    told = karb("test", str(file))
    assert told.code == 6
    assert said in told.out
    assert "ok other" in told.out
    assert "1 of 2 tests pass" in told.out


def test_rules_that_no_decision_cites_are_listed(karb: Karb, file: Path) -> None:
    write(file, test_of("144_500_000", "decision: entry"))
    (told,) = json.loads(karb("test", str(file), "--format", "json").out)["files"]
    assert "/signal/with/entry" in told["tests"][0]["lines"]
    assert "/signal/with/when_low" in told["uncited"]
    assert "/signal/with/entry" not in told["uncited"]
    assert len(told["uncited"]) < told["rules"]


@pytest.mark.parametrize(
    ("test", "code", "said"),
    [
        (test_of("1", "decision: nothing").replace("pair: BTC", "pair: DOGE"), 3, "one: there is no pair `DOGE`"),
        (test_of("1", "decision: nothing").replace("1 KRW", "1 USDT"), 3, "one: 1 USDT is not in KRW"),
        (
            test_of("1", "decision: nothing").replace(", fx: {premium: 1400 KRW, money: 1400 KRW}", ""),
            3,
            "one: `fx` is what joins legs of two assets, and these are paid in KRW and USDT",
        ),
        (test_of("1", "decision: maybe"), 3, "`maybe`"),
    ],
)
def test_a_moment_that_cannot_be_is_one_sentence(karb: Karb, file: Path, test: str, code: int, said: str) -> None:
    write(file, test)
    told = karb("test", str(file))
    assert told.code == code
    assert said in told.err


def test_a_file_without_tests_says_so(karb: Karb, file: Path) -> None:
    file.write_text(shipped("kimp_zscore"), "utf-8")
    told = karb("test", str(file))
    assert told.code == 2
    assert "has no `tests:`" in told.err


def test_tests_are_no_part_of_what_is_approved() -> None:
    plain, tested = (
        checked(shipped("kimp_zscore") + more).rulebook
        for more in ("", "tests:\n" + test_of("144_500_000", "decision: entry"))
    )
    assert plain is not None
    assert tested is not None
    assert tested.file.tests is not None
    assert plain.digests == tested.digests
    assert "tests" in StrategyFile.model_fields
