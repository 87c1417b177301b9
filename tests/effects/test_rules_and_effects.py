"""Each rule of each shipped file, written otherwise, changes what is decided, what is sent or what comes of it.

`docs/reference/rules-and-effects.csv` names for each where; `python -m tests.effects` finds it anew, and
`python -m tests.effects check` goes through every row. Here a part of them is gone through, each rule of a component
once: a row that stands for the same in another file is left to that command, or to `KARB_EFFECTS=all`.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping

import pytest

from tests.effects.files import FILES, rules_of
from tests.effects.replays import ONLY_MINE, Replays
from tests.effects.row import Row, table
from tests.effects.rows_hold import fails

ALL = os.environ.get("KARB_EFFECTS") == "all"
#: Rules that nothing shows yet, by file and place, and why. This may only become shorter.
NOT_YET: Mapping[tuple[str, str], str] = {
    ("abc/a_one_coin", "/risk_gates/2/use"): "one coin's tiers never come near what the gate allows",
    ("abc/a_one_coin", "/signal/with/premium_sign"): "no market here has a premium below zero that is far out for it",
    ("abc/a_one_coin", "/sizing/with/ultra/over_share"): "its tiers and its share are looked for over other coins",
    ("abc/b_extremes_only", "/signal/with/premium_sign"): "as above",
    ("abc/c_and_b", "/signal/with/premium_sign"): "as above",
    ("abc/c_and_b", "/signal/with/max_open"): "no market here has a second extreme while its one lot is open",
    ("abc/c_and_b", "/risk_gates/2/use"): "its one entry never comes near what the gate allows",
}
#: Of which one word can stand there, in every file.
ONE_WORD = {"/execution/on_unknown/then"}
#: Rules of which another value is refused, by the check of the file or by the run, and does nothing else that a replay
#: could show: what is refused trades nothing. This may only become shorter.
ONLY_REFUSED: Mapping[str, str] = {
    "/mode": "what it may be run in: nothing is judged where it may not",
    "/feeds/0/use": "a feed of another venue leaves a leg without prices",
    "/feeds/1/use": "as above",
    "/signal/with/price": "a dataset of trades has no other prices",
    "/risk_gates/2/at": "the gate can stand at entries only, or at exits only",
    "/risk_gates/3/at": "as above",
    "/execution/unhedged_for": "the ladder is as long as its steps: a bound that is shorter refuses the file",
    "/execution/on_one_leg/3": "a ladder ends in a halt",
    "/executors/0/use": "an executor of another venue leaves a leg without one",
    "/executors/1/use": "as above",
    "/executors/1/with/margin": "no simulation of ours knows margin that is shared",
}
#: Of these files likewise.
ONLY_REFUSED_IN: Mapping[tuple[str, str], str] = {
    ("abc/a_one_coin", "/pairs/BTC/far"): "without other coins the far leg has no other venue here",
    ("abc/a_one_coin", "/reserve"): "of one share no reserve leaves too little",
    ("abc/a_one_coin", "/risk_gates/2/with/of"): "a tier is larger than any less that the gate could allow",
    ("abc/a_one_coin", "/risk_gates/2/with/single"): "as above",
    ("abc/b_extremes_only", "/risk_gates/2/with/of"): "as above",
    ("abc/b_extremes_only", "/risk_gates/2/with/single"): "as above",
    ("abc/c_and_b", "/pairs/BTC/share"): "its one size may go over the share: only shares beyond the whole are refused",
    ("abc/c_and_b", "/pairs/ETH/share"): "as above",
    ("abc/c_and_b", "/pairs/XRP/share"): "as above",
    ("abc/c_and_b", "/risk_gates/2/with/of"): "its one size is larger than any less that the gate could allow",
    ("abc/c_and_b", "/risk_gates/2/with/single"): "as above",
    ("abc/c_and_b", "/sizing/with/kept_for"): "it has one tier: there is none to keep money for",
}
ROWS = table()
#: Files of which no rule was looked for yet. This may only become shorter.
NOT_LOOKED_AT = frozenset(
    {
        "abc/c_one_large_entry",
        "abc/conservative",
        "canary",
        "cash_and_carry",
        "kimp_multi_timeframe",
        "kimp_simple",
        "kimp_threshold",
        "kimp_threshold_carry",
    }
)


def taken(rows: tuple[Row, ...]) -> tuple[Row, ...]:
    """Of rows that say the same of one rule, the first; but each file has one."""
    found: dict[object, Row] = {}
    for row in rows:
        found.setdefault((row.rule, row.changed, row.replay), row)
    kept = set(found.values())
    return tuple(row for row in rows if ALL or row in kept)


@pytest.fixture(scope="module")
def replays() -> Iterator[Replays]:
    with Replays() as made:
        yield made


def test_every_rule_of_every_shipped_file_has_a_row_or_says_why_not(replays: Replays) -> None:
    there = {(row.file, row.rule, row.written) for row in ROWS}
    for file in set(FILES) - NOT_LOOKED_AT:
        rules = {(file, rule.pointer, rule.written) for rule in rules_of(replays.file(file)[1])}
        mine = {row for row in there if row[0] == file}
        assert not mine - rules, "rows of what the file does not say: python -m tests.effects"
        missing = {(file, rule) for _, rule, _ in rules - mine if rule not in ONE_WORD}
        assert missing == {each for each in NOT_YET if each[0] == file}


def test_a_rule_of_which_another_value_is_only_refused_says_why() -> None:
    refused = {(row.file, row.rule) for row in ROWS if row.differs.startswith("refused")}
    assert {each for each in refused if each[1] not in ONLY_REFUSED} == ONLY_REFUSED_IN.keys()
    assert ONLY_REFUSED.keys() <= {rule for _, rule in refused}


def test_each_scenario_that_was_written_for_a_rule_shows_one() -> None:
    shown = {row.replay.removeprefix("scenario ") for row in ROWS}
    assert shown >= ONLY_MINE


@pytest.mark.parametrize("file", sorted(set(FILES) - NOT_LOOKED_AT))
def test_the_rows_of_a_file_hold(file: str, replays: Replays) -> None:
    rows = [row for row in taken(ROWS) if row.file == file]
    assert not fails(replays, rows)
    replays.forget()
