"""`premium.when`: entries of one signal where others agree, cited by all their lines; its exits are its own."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from karb_core.domain.decisions import DecisionKind, ProposalKind
from karb_core.errors import PluginUnusable
from karb_core.history.dataset import Dataset
from karb_core.history.span import Span
from karb_core.ledger.decision_log import decision_log_bytes
from karb_core.ledger.ledger import Ledger, open_ledger
from karb_core.ledger.reading import Whose, decisions
from karb_core.plugin.catalogue import Catalogue
from karb_core.ports import Judgement, Moment, Signal, Standing
from karb_core.rulebook.check import check
from karb_core.rulebook.dataset_check import dataset_of
from karb_core.rulebook.signal_facts import signal_facts
from karb_core.rulebook.source import Source
from karb_core.testing.scene import TERMS, lot
from karb_core.testing.series import series
from karb_core.testing.signal_contract import moments, piece
from karb_core.wiring.backtest_parts import furnish
from karb_core.wiring.strategy_of import built
from tests.wiring.hourly import HOURLY, write_hourly
from tests.wiring.tiny import rulebook, strategy_text

TEXT = strategy_text(*HOURLY)
_LINES = TEXT.splitlines(keepends=True)
_FIRST = _LINES.index("signal:\n")
_LAST = _LINES.index("sizing:\n")
#: The signal of the file, without its heading.
BLOCK = "".join(_LINES[_FIRST + 1 : _LAST])


def one(entry: str, **changes: str) -> str:
    """The file's signal with another bound on |z|."""
    text = BLOCK.replace("entry: 2.0", f"entry: {entry}")
    for name, value in changes.items():
        (line,) = [each for each in text.splitlines() if each.strip().startswith(f"{name}:")]
        text = text.replace(line, f"    {name}: {value}")
    return text


def indented(block: str, by: int) -> str:
    return "".join(" " * by + line for line in block.splitlines(keepends=True))


def listed(*blocks: str) -> str:
    """As a list under a parameter."""
    return "".join("      - " + indented(block, 6).removeprefix("        ") for block in blocks) if blocks else ""


def section(opens: str, **others: tuple[str, ...]) -> str:
    text = "signal:\n  use: premium.when\n  with:\n    opens:\n" + indented(opens, 4)
    for name in ("all_of", "any_of", "not"):
        blocks = others.get(name.replace("not", "not_"), ())
        text += f"    {name}:\n{listed(*blocks)}" if blocks else f"    {name}: none\n"
    return text


def when(opens: str, **others: tuple[str, ...]) -> str:
    return "".join(_LINES[:_FIRST]) + section(opens, **others) + "".join(_LINES[_LAST:])


def signal(text: str) -> Signal:
    made: Signal = built(rulebook(text).seats_of("signal")[0])
    return made


def alone(block: str) -> Signal:
    return signal("".join(_LINES[:_FIRST]) + "signal:\n" + block + "".join(_LINES[_LAST:]))


STANDINGS = (
    Standing(),
    *(Standing((lot(side, target="0.02", tier=None),)) for side in ("short_premium", "long_premium")),
)
WIDE, NARROW, FAR_OUT = one("0.7"), one("1.0"), one("1.25")


def judged(of: Signal, standing: Standing) -> dict[int, tuple[Moment, Judgement]]:
    made = series(of.rows())
    return {row: (at, of.judge(at, standing, TERMS)) for row, at in moments(made, of.features(made))}


def enters(of: Signal, standing: Standing = STANDINGS[0]) -> dict[int, set[str]]:
    """By row, the sides on which it would enter."""
    return {
        row: {p.side for p in each.proposals if p.kind is ProposalKind.ENTRY}
        for row, (_, each) in judged(of, standing).items()
    }


def test_all_of_them_must_want_the_same_side() -> None:
    mine, others = enters(alone(WIDE)), [enters(alone(each)) for each in (NARROW, FAR_OUT)]
    found = enters(signal(when(WIDE, all_of=(NARROW, FAR_OUT))))
    assert found == {row: sides & others[0][row] & others[1][row] for row, sides in mine.items()}
    assert any(found.values())
    assert found != mine


def test_at_least_one_of_them_must() -> None:
    mine, others = enters(alone(WIDE)), [enters(alone(each)) for each in (NARROW, FAR_OUT)]
    found = enters(signal(when(WIDE, any_of=(FAR_OUT, NARROW))))
    assert found == {row: sides & (others[0][row] | others[1][row]) for row, sides in mine.items()}
    assert found == enters(signal(when(WIDE, all_of=(NARROW,))))  # the wider of two is enough


def test_none_of_them_may_and_what_is_not_known_yet_is_no_no() -> None:
    mine, other = enters(alone(WIDE)), enters(alone(FAR_OUT))
    found = enters(signal(when(WIDE, not_=(FAR_OUT,))))
    made = alone(FAR_OUT)
    told = series(made.rows())
    z = made.features(told)["z"]
    known = {row: bool(z[row] == z[row]) for row in mine}
    assert found == {row: (sides - other[row] if known[row] else set()) for row, sides in mine.items()}
    assert any(found.values())
    assert enters(signal(when(WIDE, not_=(WIDE,)))) == {row: set() for row in mine}


def test_a_signal_that_is_not_warm_says_neither_yes_nor_no() -> None:
    """Its window is ten times as long as that of the one that would enter."""
    longer = one("1.0", window="20d")
    both = signal(when(WIDE, not_=(longer,)))
    made = series(alone(WIDE).rows())
    for _, at in moments(made, both.features(made)):
        assert both.judge(at, Standing(), TERMS).proposals == ()


@pytest.mark.parametrize("standing", STANDINGS)
def test_ways_out_are_the_first_ones_whoever_disagrees(standing: Standing) -> None:
    own, found = judged(alone(WIDE), standing), judged(signal(when(WIDE, not_=(WIDE,))), standing)
    leaves = 0
    for row, (_, each) in own.items():
        exits = [p for p in each.proposals if p.kind is ProposalKind.EXIT]
        got = [p for p in found[row][1].proposals if p.kind is ProposalKind.EXIT]
        assert [replace(p, rules=()) for p in got] == [replace(p, rules=()) for p in exits]
        assert [p.rules for p in got] == [tuple(f"opens.with.{rule}" for rule in p.rules) for p in exits]
        leaves += len(got)
    assert leaves or not standing.lots


def test_an_entry_names_the_lines_of_all_that_agreed() -> None:
    of = signal(when(WIDE, all_of=(NARROW,), any_of=(FAR_OUT, NARROW), not_=(one("9.0"),)))
    rules = {rule for _, each in judged(of, Standing()).values() for p in each.proposals for rule in p.rules}
    assert {"opens.with.entry", "all_of.0.with.entry", "any_of.1.with.entry", "not.0.use"} <= rules
    assert all(rule.split(".")[0] in ("opens", "all_of", "any_of", "not") for rule in rules)


@pytest.mark.parametrize("standing", STANDINGS)
def test_it_wakes_wherever_it_acts_and_rests_on_no_more_than_its_lookback(standing: Standing) -> None:
    of = signal(when(WIDE, all_of=(one("1.2", window="1d"),)))
    made = series(of.rows())
    features = of.features(made)
    wakes = of.wakes(features, standing, TERMS)
    for row, at in moments(made, features):
        assert wakes[row] or of.judge(at, standing, TERMS) == Judgement()
    lookback, row = of.rows().lookback, len(made.closed_at_ms) - 1
    assert lookback == max(alone(WIDE).rows().lookback, alone(one("1.2", window="1d")).rows().lookback)
    cut = of.features(piece(made, row + 1 - lookback, row + 1))
    assert {name: bytes(column[-1:]) for name, column in cut.items()} == {
        name: bytes(column[row : row + 1]) for name, column in features.items()
    }


def test_signals_on_other_rows_are_refused_in_one_sentence() -> None:
    with pytest.raises(PluginUnusable, match="judged on the same rows"):
        signal(when(WIDE, all_of=(one("1.0", bar="2h"),)))


def test_what_the_file_says_of_the_signal_is_what_the_first_one_says() -> None:
    plain, found = (signal_facts(rulebook(text)) for text in (TEXT, when(BLOCK, all_of=(NARROW,))))
    assert plain is not None
    assert found is not None
    assert found.exit == plain.exit
    assert dict(found.sides) == {side: ("opens", "with", *path) for side, path in plain.sides.items()}
    assert [tier.target for tier in found.tiers.values()] == [tier.target for tier in plain.tiers.values()]


def test_a_file_that_asks_nobody_else_is_told_so() -> None:
    found = check(Source.of_text(when(BLOCK), "when.yaml"), Catalogue.installed())
    assert "K402" in [finding.code for finding in found.findings]


def test_each_bound_of_each_of_them_is_explained_under_its_own_line() -> None:
    of: Any = signal(when(WIDE, all_of=(FAR_OUT,)))
    made = series(of.rows())
    row, at = max(moments(made, of.features(made)), key=lambda each: each[0])
    rules = [bound.rule for bound in of.explain(at, Standing(), TERMS).bounds]
    assert {"opens.with.entry", "all_of.0.with.entry"} <= set(rules), row


@pytest.fixture(scope="module")
def market(tmp_path_factory: pytest.TempPathFactory) -> Dataset:
    return dataset_of(str(write_hourly(tmp_path_factory.mktemp("market"), "parquet")), Catalogue.installed())


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    opened = open_ledger(tmp_path / "ledger.sqlite")
    yield opened
    opened.close()


def ran(ledger: Ledger, market: Dataset, text: str, *, every_row: bool = False) -> tuple[bytes, list[dict[str, Any]]]:
    made = furnish(rulebook(text), market, ledger, Span(), 1, every_row=every_row, quiet=True)
    asyncio.run(made.backtest.run())
    made.backtest.end("done", 2)
    found = decisions(ledger, Whose(made.run.account, run_id=made.run.id))
    entered = [json.loads(json.dumps(d.document())) for d in found if d.kind is DecisionKind.ENTRY]
    return decision_log_bytes(ledger, made.run), entered


def test_a_run_over_data_cites_the_lines_in_the_file_and_is_the_same_judged_at_every_row(
    ledger: Ledger, market: Dataset
) -> None:
    text = when(one("1.5"), all_of=(one("2.0"),))
    fast, entered = ran(ledger, market, text)
    assert ran(ledger, market, text, every_row=True)[0] == fast
    assert entered
    cited = {line["rule"] for each in entered for line in each["cited"]}
    assert {"/signal/with/opens/with/entry", "/signal/with/all_of/0/with/entry"} <= cited
    _, alone_entered = ran(
        ledger, market, "".join(_LINES[:_FIRST]) + "signal:\n" + one("1.5") + "".join(_LINES[_LAST:])
    )
    assert all(abs(float(each["seen"]["z"])) >= 2 for each in entered)
    assert not all(abs(float(each["seen"]["z"])) >= 2 for each in alone_entered)
