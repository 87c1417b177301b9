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
#: Rules that nothing shows yet, and why. This may only become shorter.
NOT_YET: Mapping[str, str] = {
    "/execution/on_unknown/then": "one word can stand there",
}
#: Rules of which another value is refused, by the check of the file or by the run, and does nothing else that a replay
#: could show: what is refused trades nothing. This may only become shorter.
ONLY_REFUSED: Mapping[str, str] = {
    "/mode": "what it may be run in: nothing is judged where it may not",
    "/feeds/0/use": "a feed of another venue leaves a leg without prices",
    "/feeds/1/use": "as above",
    "/signal/with/price": "a dataset of trades has no other prices",
    "/risk_gates/2/at": "the gate can stand at entries only",
    "/risk_gates/3/at": "the gate can stand at exits only",
    "/execution/unhedged_for": "the ladder is as long as its steps: a bound that is shorter refuses the file",
    "/execution/on_one_leg/3": "a ladder ends in a halt",
    "/executors/0/use": "an executor of another venue leaves a leg without one",
    "/executors/1/use": "as above",
    "/executors/1/with/margin": "no simulation of ours knows margin that is shared",
}
#: Files of which no rule was looked for yet. This may only become shorter.
NOT_LOOKED_AT = frozenset(FILES) - {"kimp_zscore"}
ROWS = table()


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
        assert {rule for _, rule, _ in rules - mine} <= NOT_YET.keys()


def test_what_is_not_shown_yet_is_not_shown() -> None:
    assert not {row.rule for row in ROWS} & NOT_YET.keys()


def test_a_rule_of_which_another_value_is_only_refused_says_why() -> None:
    assert {row.rule for row in ROWS if row.differs.startswith("refused")} == ONLY_REFUSED.keys()


def test_each_scenario_that_was_written_for_a_rule_shows_one() -> None:
    shown = {row.replay.removeprefix("scenario ") for row in ROWS}
    assert shown >= ONLY_MINE


@pytest.mark.parametrize("file", sorted(set(FILES) - NOT_LOOKED_AT))
def test_the_rows_of_a_file_hold(file: str, replays: Replays) -> None:
    rows = [row for row in taken(ROWS) if row.file == file]
    assert not fails(replays, rows)
    replays.forget()
