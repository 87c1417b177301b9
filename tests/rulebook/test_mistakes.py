"""One mistake of an owner is one error: its code, its place, and what to write instead."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from karb_core.rulebook.finding import Finding
from karb_core.texts.text import render
from tests.rulebook.shipped import checked, edited, place, section, shipped

FRESH_IN = "id: fresh_in, at: [entry], with: {book: 2s, between_legs: 1s}}"
MAX_POSITION = "{use: gates.max_position, at: [entry], with: {of: capital, single: 40%}}"
GATES = section(shipped(), "risk_gates:", "execution:")
SIGNAL = section(shipped(), "signal:", "sizing:")


@dataclass(frozen=True)
class Case:
    """`at`: the text around the place, a `^` before the character that is pointed at."""

    told: str
    edits: tuple[tuple[str, str], ...]
    code: str
    at: str
    said: str
    help: str


def case(told: str, old: str, new: str, *, code: str, at: str, said: str, help: str) -> Case:  # noqa: A002
    return Case(told, ((old, new),), code, at, said, help)


EIGHT = [
    case(
        "a typo in a parameter", "min_premium:", "min_premiun:",
        code="K301", at="^min_premiun:",
        said="premium.zscore_tiers has no parameter `min_premiun`", help="did you mean `min_premium`?",
    ),
    case(
        "a rule left out", "    min_premium: 0.5%              # of |premium|, at it is enough\n", "",
        code="K302", at="use: ^premium.zscore_tiers",
        said="premium.zscore_tiers: required rule `min_premium` is not set",
        help="no entry while |premium| is below this (at it is enough), or `none`; write `min_premium: 0.5%`. "
        "Rules have no default: the strategy's owner decides",
    ),
    case(
        "a misspelt component", "gates.max_position", "gates.max_positon",
        code="K206", at="use: ^gates.max_positon",
        said="no risk_gate named `gates.max_positon` is installed", help="did you mean `gates.max_position`?",
    ),
    case(
        "a wrong value deep inside", "{z: 3.0, take_profit: 1.5%}", "{z: 3.0, take_profit: 1.5}",
        code="K303", at="z: 3.0, take_profit: ^1.5}",
        said="`tiers.extreme.take_profit`: `1.5` has no unit: write `1.5%` or `150bp`",
        help="leave this tier's lots at this profit, or `none`",
    ),
    case(
        "a key set twice", "    min_present: 95%\n", "    window: 10d\n    min_present: 95%\n",
        code="K103", at="^window: 10d", said="`window` is set twice in the same block", help="delete one of them",
    ),
    case(
        "a word that other readers take for true", "premium_sign: any", "premium_sign: on",
        code="K303", at="premium_sign: ^on ", said="`premium_sign`: must be one of any, agrees; got `on`",
        help="`agrees`: long only below zero, short only above; `any`: the sign of z alone decides",
    ),
    case(
        "a number without a unit", "min_premium: 0.5%", "min_premium: 3",
        code="K303", at="min_premium: ^3 ", said="`min_premium`: `3` has no unit: write `3%` or `300bp`",
        help="no entry while |premium| is below this (at it is enough), or `none`",
    ),
    case(
        "a parameter beside `use:`", FRESH_IN, "id: fresh_in, at: [entry], book: 2s, with: {between_legs: 1s}}",
        code="K204", at="^book: 2s, with", said="unknown key `book` beside `use:`",
        help="if `book` is a parameter of the component, move it under `with:`",
    ),
]  # fmt: skip

SIX = [
    case(
        "a component of another port", "use: gates.fresh, id: fresh_in", "use: alerts.discord, id: fresh_in",
        code="K206", at="use: ^alerts.discord, id", said="no risk_gate named `alerts.discord` is installed",
        help="`alerts.discord` is a notifier, but this section takes a risk_gate",
    ),
    case(
        "a tab for indentation", "    bar: 5m ", "\tbar: 5m ",
        code="K101", at="^\tbar: 5m", said="a tab character is used for indentation",
        help="YAML allows only spaces for indentation",
    ),
    case(
        "a quote that is never closed, with an apostrophe in a comment below it", "about: three", "about: 'three",
        code="K101", at="about: ^'three", said="this quote is never closed", help="close it on the same line",
    ),
    case(
        "a list written as a block", GATES, "risk_gates:\n  use: gates.profit_only_exit\n  at: [exit]\n",
        code="K203", at="^risk_gates:",
        said="`risk_gates` is a list: each entry starts with `- `; got a block of `key: value` lines",
        help="put `- ` before the first key of each entry under `risk_gates:`",
    ),
    case(
        "a number where a length of time is meant", "max_holding: {for: 30d", "max_holding: {for: 30",
        code="K303", at="max_holding: {for: ^30,",
        said="`exit.max_holding.for`: `30` has no unit: write `30s` or `30m`",
        help="how long a lot may stay open",
    ),
    case(
        "a typo behind Korean text", FRESH_IN, "id: 지연시세, at: [entry], with: {bokk: 2s, between_legs: 1s}}",
        code="K301", at="{^bokk:", said="gates.fresh has no parameter `bokk`", help="did you mean `book`?",
    ),
]  # fmt: skip

MORE = [
    case(
        "money with commas inside brackets", "binance_usdm:\n    - 31,000 USDT", "binance_usdm: [31,000 USDT]",
        code="K112", at="[^31,000 USDT]",
        said="inside braces and brackets a comma ends the value: this number was split",
        help="write `31_000 USDT`, or quote it, or give it a line of its own",
    ),
    case(
        "money with commas inside braces, where a ratio is meant", "share: 25%}", "share: 10,000,000 KRW}",
        code="K303", at="share: ^10,000,000 KRW}",
        said="`pairs.XRP.share`: expected a ratio such as `0.8%` or `20bp`, got `10_000_000 KRW`",
        help="the part of the capital this pair may use",
    ),
    case(
        "a bare length of time", "usdt_krw, with: {max_age: 10s}", "usdt_krw, with: {max_age: 10}",
        code="K303", at="{max_age: ^10}", said="`max_age`: `10` has no unit: write `10s` or `10m`",
        help="the oldest rate an entry may rest on",
    ),
    case(
        "a misspelt choice", "when_high: short_premium", "when_high: shrt_premium",
        code="K303", at="when_high: ^shrt_premium",
        said="`when_high`: must be one of short_premium, long_premium, none; got `shrt_premium`",
        help="did you mean `short_premium`?",
    ),
    case(
        "a choice in capitals", "mode: paper ", "mode: Paper ",
        code="K303", at="mode: ^Paper", said="`mode`: must be one of backtest, paper, live; got `Paper`",
        help="did you mean `paper`?",
    ),
    case(
        "a gate that does not say where it stands", MAX_POSITION, MAX_POSITION.replace("at: [entry], ", ""),
        code="K205", at="use: ^gates.max_position", said="`at:` is missing beside `use:`",
        help="Where it is asked: at entries, at exits that your exit policy takes, or both; "
        "write `at: [entry, exit]`. Rules have no default: the strategy's owner decides",
    ),
    case(
        "`at` on a signal", "signal:\n", "signal:\n  at: [entry]\n",
        code="K204", at="signal:\n  ^at:", said="unknown key `at` beside `use:`", help="known here: use, with, id",
    ),
    case(
        "a misspelt ladder step", "- retry: {band: 50bp", "- retri: {band: 50bp",
        code="K301", at="^retri:", said="`execution.on_one_leg.0` has no parameter `retri`",
        help="did you mean `retry`?",
    ),
    case(
        "a misspelt halt", "- halt\n", "- hlat\n",
        code="K303", at="- ^hlat", said="`execution.on_one_leg.3`: `hlat` cannot be used here: did you mean `halt`?",
        help="",
    ),
    case(
        "a ladder step without its bound", "- retry: {band: 50bp, for: 2s}", "- retry: {band: 50bp}",
        code="K302", at="^retry: {band: 50bp}", said="`execution.on_one_leg.0.retry`: required rule `for` is not set",
        help="how long this step may take; write `for: 2s`. Rules have no default: the strategy's owner decides",
    ),
    case(
        "a line left empty where `none` is a word", "stop_loss: none", "stop_loss:",
        code="K303", at="^stop_loss:", said="`exit.stop_loss`: there is no value; write `none` if that is meant",
        help="leave at a loss of this much, measured as the profit is, or `none`",
    ),
    case(
        "a line left empty where a value must stand", "min_present: 95%", "min_present:",
        code="K303", at="^min_present:", said="`min_present`: there is no value",
        help="the part of the window's bars that must be there",
    ),
    case(
        "a tier misspelt in the sizing", "    extreme: {size: 20%", "    extrem: {size: 20%",
        code="K415", at="^extrem:", said="the signal has no tier `extrem`", help="did you mean `extreme`?",
    ),
    case(
        "shares beyond the whole", "share: 25%", "share: 26%",
        code="K404", at="share: ^26%", said="the shares add up to 101% with `XRP`: more than the whole",
        help="write shares that add up to 100% or less",
    ),
    case(
        "a ladder longer than its bound", "unhedged_for: 10s", "unhedged_for: 8999ms",
        code="K405", at="unhedged_for: ^8999ms",
        said="the steps of `on_one_leg` take 9s, longer than `unhedged_for: 8999ms`",
        help="write `unhedged_for: 9s` or more, or shorter steps",
    ),
    case(
        "a ladder without a halt", "    - halt\n", "",
        code="K406", at="- ^unwind:", said="the ladder can end with a leg open and nobody told",
        help="add `- halt` as the last step",
    ),
    case(
        "a step after the halt", "    - halt\n", "    - halt\n    - retry: {band: 200bp, for: 1s}\n",
        code="K406", at="- ^retry: {band: 200bp, for: 1s}", said="a step after `halt` is never reached",
        help="put `halt` last",
    ),
    case(
        "a stop beside the gate that refuses losses", "stop_loss: none", "stop_loss: 2%",
        code="K407", at="stop_loss: ^2%",
        said="a stop loss beside gates.profit_only_exit: "
        "the gate refuses every exit at a loss, so this stop could never act",
        help="write `stop_loss: none`, or take gates.profit_only_exit out of `risk_gates`",
    ),
    case(
        "a venue misspelt in the balances", "  upbit:\n    - 45,000,000", "  upbitt:\n    - 45,000,000",
        code="K427", at="^upbitt:", said="no pair trades at `upbitt`, which stands under `balances`",
        help="did you mean `upbit`?",
    ),
    case(
        "a venue that no pair trades at", "    - 31,000 USDT\n", "    - 31,000 USDT\n  kraken: [1 BTC]\n",
        code="K427", at="^kraken:", said="no pair trades at `kraken`, which stands under `balances`",
        help="delete it, or write the pair that trades at `kraken`",
    ),
    case(
        "a venue misspelt in the inventory", "inventory:                         # your own coins: what short_premium "
        "may sell and must buy back\n  upbit:", "inventory:\n  upbti:",
        code="K427", at="^upbti:", said="no pair trades at `upbti`, which stands under `inventory`",
        help="did you mean `upbit`?",
    ),
    case(
        "paper without a simulation",
        "  paper: {use: sim.depth, with: {order_latency: 80ms, answer_latency: 60ms}}", "  paper: none",
        code="K416", at="  paper: ^none", said="mode paper needs to know how fills are simulated",
        help="write a component at `simulate: paper:`",
    ),
    case(
        "a component of a plugin that is not installed", "use: fx.dunamu", "use: kbank.krw",
        code="K207", at="use: ^kbank.krw", said="`kbank.krw`: no plugin named `kbank` is installed",
        help="install the package that brings it, or correct the name: karb list",
    ),
    case(
        "a key instead of the name of one", "keys: secret:upbit", "keys: A1b2C3",
        code="K303", at="keys: ^A1b2C3",
        said="`keys`: expected the name of a secret, `secret:NAME`; never write the key itself here",
        help="the name of the account's key",
    ),
    case(
        "a permission that is not `true`", "over_share: true", "over_share: 1",
        code="K303", at="over_share: ^1}", said="`ultra.over_share`: only `true` can be written here; got `1`",
        help="this tier may go beyond its pair's share",
    ),
    case(
        "money without its asset", "capital: 40,000,000 KRW", "capital: 40,000,000",
        code="K303", at="capital: ^40,000,000",
        said="`capital`: `40,000,000` has no currency: write `40,000,000 KRW`, or the asset that is meant",
        help="the base of percentages, nothing else",
    ),
    case(
        "a section that is not there", "\nrisk_gates:", "\nrisk_gate:",
        code="K202", at="^risk_gate: ", said="there is no section `risk_gate`", help="did you mean `risk_gates`?",
    ),
    case(
        "a gate where it cannot stand", "gates.profit_only_exit, at: [exit]", "gates.profit_only_exit, at: [entry]",
        code="K424", at="profit_only_exit, at: [^entry]", said="`gates.profit_only_exit` cannot be asked at `entry`",
        help="it stands at: exit",
    ),
    Case(
        "two gates that nothing tells apart", (("id: fresh_in, ", ""), ("id: fresh_out, ", "")),
        "K414", "{use: ^gates.fresh, at: [exit]",
        "two of `gates.fresh` cannot be told apart", "give each an `id:` of its own",
    ),
    case(
        "a limit below a tier's entry", "single: 40%", "single: 39.9%",
        code="K402", at="single: ^39.9%", said="tier `ultra` of BTC is larger than this limit: it can never fire",
        help="raise the limit or make the entry smaller",
    ),
    case(
        "a file of a newer format", "karb: 1\n", "karb: 2\n",
        code="K208", at="karb: ^2", said="this file has format 2; this karb reads up to 1", help="upgrade karb",
    ),
    case(
        "a colon too many", "name: kimp-tiered", "name: kimp: tiered",
        code="K101", at="name: kimp^: tiered", said="there is a second `:` on this line",
        help="put the value in quotes, or give the key a line of its own",
    ),
]  # fmt: skip


def _told(case: Case) -> str:
    return case.told


@pytest.mark.parametrize("case", EIGHT + SIX + MORE, ids=_told)
def test_one_mistake_is_one_error_that_says_what_to_write(case: Case) -> None:
    text = edited(*case.edits)
    (error,) = checked(text).errors
    assert (error.code, error.mark.line, error.mark.column) == (case.code, *place(text, case.at))
    assert render(error.said) == case.said
    assert (render(error.help) if error.help else "") == case.help
    _is_korean_too(error)


def _is_korean_too(error: Finding) -> None:
    for said in filter(None, (error.said, error.help, *(note.said for note in error.notes))):
        assert any("가" <= c <= "힣" for c in render(said, "ko")), render(said, "ko")


def test_a_key_set_twice_shows_both_places() -> None:
    text = edited(("    min_present: 95%\n", "    window: 10d\n    min_present: 95%\n"))
    (error,) = checked(text).errors
    (note,) = error.notes
    assert (note.mark.line, note.mark.column) == place(text, "^window: 20d")
    assert render(note.said) == "first set here"


def test_a_section_of_sixty_lines_pasted_twice_is_one_error() -> None:
    pairs = "pairs:\n" + "".join(
        f"  C{i}: {{near: upbit C{i}/KRW, far: binance_usdm C{i}/USDT, share: 1%}}\n" for i in range(60)
    )
    old = section(shipped(), "pairs:", "feeds:")
    text = edited((old, pairs + "\n" + pairs))
    twice = [error for error in checked(text).errors if error.code == "K103"]
    (error,) = twice
    assert error.mark.line == text[: text.rindex("\npairs:")].count("\n") + 2
    assert error.notes[0].mark.line == text[: text.index("\npairs:")].count("\n") + 2


def test_a_whole_block_of_rules_pasted_twice_is_one_error_and_the_second_is_not_read() -> None:
    text = edited((SIGNAL, SIGNAL + SIGNAL.replace("95%", "wrong")))
    (error,) = checked(text).errors
    assert (error.code, error.mark.line) == ("K103", text[: text.rindex("\nsignal:")].count("\n") + 2)


def test_three_mistakes_are_three_errors_in_the_order_of_the_file() -> None:
    text = edited(
        ("reserve: 5%", "reserve: 5"), ("min_premium:", "min_premiun:"), ("gates.max_position", "gates.max_positon")
    )
    errors = checked(text).errors
    assert [e.code for e in errors] == ["K303", "K301", "K206"]
    assert [(e.mark.line, e.mark.column) for e in errors] == [
        place(text, "reserve: ^5 "), place(text, "^min_premiun"), place(text, "use: ^gates.max_positon"),
    ]  # fmt: skip


def test_a_rule_that_stands_one_level_up_is_not_also_missing_below() -> None:
    text = edited((MAX_POSITION, "{use: gates.max_position, at: [entry], of: capital, with: {single: 40%}}"))
    (error,) = checked(text).errors
    assert (error.code, (error.mark.line, error.mark.column)) == ("K204", place(text, "^of: capital, with"))


def test_the_bound_that_is_suggested_for_a_ladder_would_be_enough() -> None:
    long = ("- unwind: {band: 200bp, for: 5s}", "- unwind: {band: 200bp, for: 1234567.891s}")
    (error,) = checked(edited(long)).errors
    assert error.help is not None
    assert render(error.help) == "write `unhedged_for: 1234571.891s` or more, or shorter steps"
    assert checked(edited(long, ("unhedged_for: 10s", "unhedged_for: 1234571.891s"))).errors == ()


def test_a_ladder_of_a_million_years_is_only_too_long() -> None:
    steps = "    - retry: {band: 50bp, for: 9999999d}\n" * 120
    (error,) = checked(edited(("    - retry: {band: 50bp, for: 2s}\n", steps))).errors
    assert (error.code, render(error.said)) == (
        "K405",
        "the steps of `on_one_leg` take 103679989632007s, longer than `unhedged_for: 10s`",
    )


def test_a_block_of_text_by_mistake_is_shown_in_one_short_line() -> None:
    text = edited(("  on_one_leg:                      #", "  on_one_leg: |                    #"))
    (error,) = checked(text).errors
    assert error.code == "K303"
    assert "\n" not in render(error.said)
    assert len(render(error.said)) < 160


@pytest.mark.parametrize("value", ["true", "True", "1.0", "'1'", "-1", "0"])
def test_only_the_whole_number_one_is_this_format(value: str) -> None:
    (error,) = checked(edited(("karb: 1\n", f"karb: {value}\n"))).errors
    assert (error.code, error.mark.column) == ("K303", 7)


def test_coins_worth_a_sum_at_the_start_are_coins() -> None:
    worth = "BTC worth 20,000,000 KRW at start"
    text = shipped().replace("- 0.25 BTC", f"- {worth}")
    found = checked(text)
    assert found.errors == ()
    assert found.rulebook is not None
    line = found.rulebook.line("/inventory/upbit")
    assert line is not None
    assert line.value == ["BTC worth 20000000 KRW at start", "7.5 ETH", "10500 XRP"]


def test_a_pair_priced_in_an_asset_that_no_rate_joins_is_one_error() -> None:
    text = edited(
        ("far: binance_usdm ETH/USDT", "far: binance_usdm ETH/USDC"),
        ("    - 31,000 USDT", "    - 31,000 USDT\n    - 9,000 USDC"),
    )
    (error,) = checked(text).errors
    assert error.code == "K423"
    assert text.split("\n")[error.mark.line - 1][error.mark.column - 1 :].startswith("binance_usdm ETH/USDC")
    assert render(error.said) == "the two rates join KRW and USDT; `ETH` is priced in other assets"
