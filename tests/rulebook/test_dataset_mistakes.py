"""One mistake in a dataset file is one error: its code, its place, and what to write instead."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from karb_core.texts.codes import CODES
from karb_core.texts.text import render
from tests.rulebook.datasets import RATE, checked, edited
from tests.rulebook.shipped import place


@dataclass(frozen=True)
class Case:
    """`at`: the text around the place, a `^` before the character that is pointed at."""

    told: str
    old: str
    new: str
    code: str
    at: str
    said: str
    help: str = ""


CASES = [
    Case(
        "a typo in a key",
        "      length: 1h\n      time: {column: opened",
        "      lenght: 1h\n      time: {column: opened",
        "K301",
        "^lenght: 1h",
        "`series.upbit BTC/KRW.bars` has no parameter `lenght`",
        "did you mean `length`?",
    ),
    Case(
        "a key left out",
        "    kind: reference\n",
        "",
        "K302",
        "^usd-krw:",
        "`rates.usd-krw`: required rule `kind` is not set",
    ),
    Case("a section left out", "folder: data\n", "", "K209", "^karb: 1", "the section `folder` is missing"),
    Case(
        "an unknown section",
        "folder: data",
        "folder: data\nmode: live",
        "K202",
        "^mode: live",
        "there is no section `mode`",
    ),
    Case(
        "an instrument that is none",
        "series:\n  upbit BTC/KRW:",
        "series:\n  upbit KRW-BTC:",
        "K303",
        "^upbit KRW-BTC:",
        "`series`: expected an instrument such as `upbit BTC/KRW`, got `upbit KRW-BTC`",
    ),
    Case(
        "a length without a unit",
        "length: 1h\n      time: {column: opened",
        "length: 60\n      time: {column: opened",
        "K303",
        "length: ^60",
        "`series.upbit BTC/KRW.bars.length`: `60` has no unit: write `60s` or `60m`",
    ),
    Case(
        "a part of a millisecond",
        "length: 1h\n      time: {column: opened",
        "length: 0.5ms\n      time: {column: opened",
        "K506",
        "length: ^0.5ms",
        "`length`: `0.5ms` is not a whole number of milliseconds",
    ),
    Case(
        "a zone beside a count",
        "{column: ts, unit: s}",
        "{column: ts, unit: s, zone: UTC}",
        "K506",
        "zone: ^UTC}, rate",
        "`zone`: whole numbers since 1970 are UTC already",
        "delete `zone`, or write `unit: datetime`",
    ),
    Case(
        "money with a comma inside braces",
        "from: 500_000 KRW",
        "from: 500,000 KRW",
        "K112",
        "from: ^500,000 KRW",
        "inside braces and brackets a comma ends the value: this number was split",
    ),
    Case(
        "a day that never was",
        "from: 2025-07-31",
        "from: 2025-02-30",
        "K303",
        "from: ^2025-02-30",
        "`facts.upbit BTC/KRW.spot.from`: expected a day such as `2025-01-31`, got `2025-02-30`",
    ),
    Case(
        "a step in another coin",
        "amount_step: 0.00000001 BTC",
        "amount_step: 0.00000001 ETH",
        "K501",
        "amount_step: ^0.00000001 ETH",
        "`amount_step`: `0.00000001 ETH` is not in BTC",
        "write so much BTC",
    ),
    Case(
        "a tick in another currency",
        "tick: 500 KRW",
        "tick: 500 USDT",
        "K501",
        "tick: ^500 USDT",
        "`tick`: `500 USDT` is not in KRW",
    ),
    Case(
        "a deduction in another asset",
        "deduct: 50 USDT",
        "deduct: 50 KRW",
        "K501",
        "deduct: ^50 KRW",
        "`deduct`: `50 KRW` is not in USDT",
    ),
    Case(
        "a table that does not rise",
        "from: 1_000_000 KRW",
        "from: 500_000.0 KRW",
        "K502",
        "from: ^500_000.0 KRW",
        "`from: 500000 KRW` does not come after the line before it",
    ),
    Case(
        "no maintenance for small positions",
        "{from: 0 USDT, rate",
        "{from: 5 USDT, rate",
        "K502",
        "from: ^5 USDT, rate",
        "the maintenance of a small position is not said: the first tier begins at `5 USDT`",
        "begin with a tier `from: 0 USDT`",
    ),
    Case(
        "facts of another instrument",
        "facts:\n  upbit BTC/KRW",
        "facts:\n  bithumb BTC/KRW",
        "K503",
        "^bithumb BTC/KRW",
        "`bithumb BTC/KRW` has facts but no series",
    ),
    Case(
        "two rates for one component",
        RATE,
        RATE + RATE.replace("usd-krw", "seoul"),
        "K504",
        "",
        "`fx.frankfurter` is served by `usd-krw` already",
    ),
    Case("a rate of won in won", "base: USD", "base: KRW", "K504", "quote: ^KRW", "a rate of KRW in KRW is no rate"),
    Case(
        "funding of a spot market",
        "    marks: none\n    funding: none",
        "    marks: none\n    funding: {file: f.csv, settled: {column: at}, rate: r}",
        "K505",
        "^funding: {file: f.csv",
        "`upbit BTC/KRW` is spot: it has no `funding`",
    ),
    Case(
        "both kinds of facts",
        "  binance_usdm BTC/USDT:\n    perpetual:",
        "  binance_usdm BTC/USDT:\n    spot: none\n    perpetual:",
        "K303",
        "    ^spot: none",
        "`facts.binance_usdm BTC/USDT`: write exactly one of `spot`, `perpetual`; got 2 keys",
    ),
    Case(
        "files and a generator",
        "folder: data",
        "folder: data\ngenerate: {use: replay.sample}",
        "K202",
        "^folder: data",
        "there is no section `folder`",
    ),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.told)
def test_a_mistake_is_told_where_it_stands(case: Case) -> None:
    text = edited(case.old, case.new)
    found = checked(text)
    assert found.dataset is None
    told = {render(f.said): f for f in found.errors}
    assert case.said in told, list(told)
    finding = told[case.said]
    assert finding.code == case.code
    if case.at:
        assert (finding.mark.line, finding.mark.column) == place(text, case.at)
    if case.help:
        assert finding.help is not None
        assert render(finding.help) == case.help
    assert render(finding.said, "ko")


def test_one_mistake_is_told_once() -> None:
    several = {"facts of another instrument", "files and a generator"}
    for case in CASES:
        count = len(checked(edited(case.old, case.new)).errors)
        assert count == 1 or case.told in several, case.told


def test_a_perpetual_without_funding_is_a_warning() -> None:
    found = checked(edited("funding: {file: funding.csv, settled: {column: ts, unit: s}, rate: rate}", "funding: none"))
    assert found.dataset is not None
    assert [(f.code, f.is_error) for f in found.findings] == [("K505", False)]
    assert render(found.findings[0].said).startswith("`binance_usdm BTC/USDT` is a perpetual without `funding`")


def test_every_code_has_a_page() -> None:
    said = {f.code for case in CASES for f in checked(edited(case.old, case.new)).findings}
    assert said <= CODES.keys()
    assert {f"K50{n}" for n in range(1, 9)} <= CODES.keys()
