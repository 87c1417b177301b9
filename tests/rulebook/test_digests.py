"""What an approval covers: every rule, whatever its spelling; and nothing else."""

from __future__ import annotations

import re
from decimal import Decimal
from functools import cache

import pytest

from karb_core.rulebook.digests import Digests
from karb_core.rulebook.rule_lines import RuleLine
from karb_core.rulebook.rulebook import Rulebook
from karb_core.rules.roles import Role
from tests.rulebook.shipped import NAMES, checked, edited, section, shipped

# Another value of each choice that stands in a shipped file.
OTHERS = {
    "paper": "live",
    "backtest": "paper",
    "close": "mid",
    "sides": "closes",
    "any": "agrees",
    "all": "any",
    "short_premium": "none",
    "long_premium": "none",
    "premium": "krw",
    "krw": "premium",
    "net": "gross",
    "counted": "ignored",
    "tell": "exit",
    "exit": "tell",
    "stop_entries": "refuse",
    "with_open": "ended",
    "file": "pair",
    "capital": "pair_share",
    "near_leg": "both_legs",
    "both_legs": "near_leg",
    "pair_share": "capital",
    "together": "near",
    "production": "demo",
    "isolated": "cross",
    "usd-krw": "usd-krw-2",
    "usdt-krw": "usdt-krw-2",
    "00:00 KST": "01:00 KST",
    "halt": "{retry: {band: 1%, for: 1s}}",
    "../datasets/sample.yaml": "../datasets/other.yaml",
}
# Values whose other is a matter of the line they stand in: by the line's last name and what it says.
BY_PLACE = {
    ("exit_when", "any"): "all",
    ("enter", "short_premium"): "long_premium",
    ("enter", "long_premium"): "short_premium",
    ("watch", "30s"): "15s",
    ("bar", "1m"): "150s",
}
# What may be written where a shipped file says `none`, by the line's last name.
INSTEAD_OF_NONE = {
    "fx_source": "{premium: {use: upbit.usdt_krw, with: {max_age: 10s}}, money: {use: upbit.usdt_krw, with: {max_age: 10s}}}",
    "inventory": "{upbit: [1 BTC]}",
    "min_premium": "0.5%",
    "max_open": "1",
    "rearm": "{below_z: 1.0}",
    "below": "{premium: -1.0%, enter: long_premium, leave_at: 0%}",
    "leave_at": "1.0%",
    "funding_above": "0%",
    "take_profit": "0.4%",
    "exit_z": "0.5",
    "stop_loss": "2%",
    "split": "{clips: [100%], next: 1%}",
    "kept_for": "{ultra: 40%}",
}
# No other value can be written: the format's number, the only answer to an unknown order, the one fill of the model.
ONLY_ONE = {"/karb", "/execution/on_unknown/then", "/simulate/backtest/with/fill", "/sizing/with/ultra/over_share"}


def book(text: str) -> Rulebook:
    found = checked(text)
    assert found.rulebook is not None, [f"{f.code} {f.mark}" for f in found.errors]
    return found.rulebook


@cache
def digests(text: str) -> Digests:
    return book(text).digests


def ruled_lines() -> list[tuple[str, RuleLine]]:
    return [
        (name, line)
        for name in NAMES
        for line in book(shipped(name)).lines
        if line.ruled and line.pointer not in ONLY_ONE and not line.pointer.endswith("/use")
    ]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("# Every figure here is yours.", "# 완전히 다른 말"),
        ("reserve: 5%   ", "\n\n\nreserve: 5% # why\n"),
        ("min_premium: 0.5%", "min_premium: 50bp"),
        ("min_premium: 0.5%", "min_premium: 0.500 %"),
        ("capital: 40,000,000 KRW", "capital: 40000000.00 KRW"),
        ("capital: 40,000,000 KRW", "capital: '40_000_000 KRW'"),
        ("unhedged_for: 10s", "unhedged_for: 10000ms"),
        ("window: 20d", "window: 480h"),
        ("{z: 2.0, take_profit: 0.8%}", "{take_profit: 80bp, z: 2}"),
        ("{z: 2.0, take_profit: 0.8%}", "{z: 2e0, take_profit: '0.8%'}"),
        (
            "    bar: 5m                        # only closed bars are judged\n    window: 20d ",
            "    window: 20d\n    bar: 300s ",
        ),
        ("about: three-tier reversion", "about: 세 단계"),
        ("premium_sign: any", 'premium_sign: "any"'),
    ],
)
def test_spelling_order_and_comments_change_no_digest(old: str, new: str) -> None:
    assert digests(edited((old, new))) == digests(shipped())


def test_the_order_of_sections_changes_no_digest() -> None:
    signal, costs = section(shipped(), "signal:", "sizing:"), section(shipped(), "costs:", "simulate:")
    text = shipped().replace(signal, "").replace(costs, "") + costs + signal
    assert digests(text) == digests(shipped())


@pytest.mark.parametrize(("name", "line"), ruled_lines(), ids=lambda v: v if isinstance(v, str) else v.pointer)
def test_every_single_rule_changes_the_rules_digest(name: str, line: RuleLine) -> None:
    changed = _with_another_value(shipped(name), line)
    before, after = digests(shipped(name)), digests(changed)
    assert after.rules != before.rules
    assert after.config != before.config
    assert after.assumptions == before.assumptions


def _with_another_value(text: str, line: RuleLine) -> str:
    """The text with this one line's value replaced by another that its parameter takes."""
    assert line.mark is not None
    lines = text.split("\n")
    number, column = line.mark.line - 1, line.mark.column - 1
    if line.written is not None and line.written.startswith("["):
        return _with_another_list(lines, number, column, line)
    old = str(line.written)
    assert lines[number][column:].startswith(old), line
    lines[number] = lines[number][:column] + _another(line) + lines[number][column + len(old) :]
    return "\n".join(lines)


def _another(line: RuleLine) -> str:
    last, written = line.name.rpartition(".")[2] or line.name, str(line.written)
    if line.pointer == "/name":
        return written + "-2"
    if written == "none":
        return INSTEAD_OF_NONE[last]
    if (last, written) in BY_PLACE:
        return BY_PLACE[last, written]
    if written in OTHERS:
        return OTHERS[written]
    if written.startswith("secret:"):
        return written + "2"
    if match := re.fullmatch(r"(\w+) (\w+)/(\w+)", written):
        return f"{match[1]} {match[2]}2/{match[3]}"
    number = re.match(r"-?[0-9][0-9,.]*", written)
    assert number is not None, line
    least = Decimal(number[0].replace(",", "")) + 1
    return f"{least}{written[number.end() :]}"


def _with_another_list(lines: list[str], number: int, column: int, line: RuleLine) -> str:
    last = line.name.rpartition(".")[2] or line.name
    if last == "clips":
        lines[number] = lines[number].replace("[40%, 35%, 25%]", "[40%, 34%, 26%]")
    elif last == "at":
        lines[number] = (
            lines[number].replace("at: [entry]", "at: [exit]")
            if "at: [entry]" in lines[number]
            else (lines[number].replace("at: [exit]", "at: [entry, exit]"))
        )
    else:
        value = re.match(r"(- |\[)([0-9][0-9,.]*)", lines[number][column:])
        assert value is not None, line
        one_more = f"{value[1]}{Decimal(value[2].replace(',', '')) + 1}"
        lines[number] = lines[number][:column] + one_more + lines[number][column + value.end() :]
    return "\n".join(lines)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("over_share: true", ""),
        ("split: none, over_share", "split: none, 'over_share'"),
        ("    - halt\n", "    - halt\n    - halt\n"),
        ("    - retry: {band: 50bp, for: 2s}\n", ""),
        ("extreme: {z: 3.0", "extreem: {z: 3.0"),
    ],
)
def test_what_is_granted_added_or_left_out_counts_too(old: str, new: str) -> None:
    text = edited((old, new)) if "extreme" not in old else edited((old, new), ("extreme: {size", "extreem: {size"))
    assert (digests(text).rules == digests(shipped()).rules) is ("'" in new)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("use: fx.dunamu", "use: fx.yahoo"),
        ("use: upbit.usdt_krw, with: {max_age: 10s}", "use: fx.dunamu, with: {max_age: 10s, when_closed: refuse}"),
        ("  - {use: gates.profit_only_exit, at: [exit]}\n", ""),
        ("  - {use: upbit.stream}\n", ""),
    ],
)
def test_another_component_or_none_changes_the_rules(old: str, new: str) -> None:
    before, after = digests(shipped()), digests(edited((old, new)))
    assert after.rules != before.rules
    assert after.assumptions == before.assumptions


@pytest.mark.parametrize("name", NAMES)
def test_naming_a_component_is_a_rule_wherever_it_can_reach_an_order(name: str) -> None:
    roles = {line.pointer: line.role for line in book(shipped(name)).lines if line.name == "use"}
    for pointer, role in roles.items():
        assert role is {"notifiers": Role.TECH, "simulate": Role.ASSUMPTION}.get(pointer.split("/")[1], Role.RULE)


def test_swapped_gates_are_other_rules() -> None:
    fresh_in, fresh_out = (line for line in shipped().split("\n") if "use: gates.fresh" in line)
    text = shipped().replace(fresh_in, "@").replace(fresh_out, fresh_in).replace("@", fresh_out)
    before, after = digests(shipped()), digests(text)
    assert after.rules != before.rules
    assert after.assumptions == before.assumptions


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("    - 31,000 USDT", "    - 32,000 USDT"),
        ("slippage: 3bp", "slippage: 4bp"),
        ("order_latency: 80ms", "order_latency: 81ms"),
        ("  paper: {use: sim.depth, with: {order_latency: 80ms, answer_latency: 60ms}}", "  paper: none"),
    ],
)
def test_an_assumption_changes_the_assumptions_and_no_rule(old: str, new: str) -> None:
    before, after = digests(shipped()), digests(edited((old, new)))
    assert after.rules == before.rules
    assert after.assumptions != before.assumptions
    assert after.config != before.config


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("tell: [entry, exit, refusal, halt]", "tell: [halt]"),
        ("webhook: secret:discord", "webhook: secret:other"),
        ("alerts.discord, with: {webhook: secret:discord, ", "alerts.console, with: {"),
        ("id: fresh_in", "id: fresh_entry"),
    ],
)
def test_who_is_told_and_what_things_are_called_change_only_the_config(old: str, new: str) -> None:
    before, after = digests(shipped()), digests(edited((old, new)))
    assert (after.rules, after.assumptions) == (before.rules, before.assumptions)
    assert after.config != before.config


def test_no_notifier_at_all_changes_only_the_config() -> None:
    text = shipped()[: shipped().index("notifiers:")] + "notifiers: []\n"
    before, after = digests(shipped()), digests(text)
    assert (after.rules, after.assumptions) == (before.rules, before.assumptions)
    assert after.config != before.config


def test_each_shipped_file_is_a_set_of_rules_of_its_own() -> None:
    assert len({digests(shipped(name)).rules for name in NAMES}) == len(NAMES)
