"""Model, schema and places hold for files that nobody wrote: a bounded part of bench/fuzz_rulebook.py."""

from __future__ import annotations

import pytest

from bench.fuzz_rulebook import FILES, campaign, edited, judge, shipped

EDITS = 120
#: Beyond what the campaign of a release tries first, so that the two try different edits.
FIRST = 1_000_000


@pytest.mark.parametrize("name", FILES)
def test_random_edits_break_no_promise(name: str) -> None:
    tally = campaign(name, range(FIRST, FIRST + EDITS))
    assert tally.violations == []
    assert sum(tally.ends.values()) == EDITS
    for end in ("accepted", "refused by a model", "refused by the reader"):
        assert tally.ends[end] > EDITS // 20, f"the edits hardly try what is {end}: {tally.ends}"


@pytest.mark.parametrize("name", FILES)
def test_the_shipped_file_itself_is_accepted(name: str) -> None:
    assert judge(shipped(name)) == ("accepted", [])


def test_an_edit_follows_from_its_number_alone() -> None:
    assert edited("quickstart", 7) == edited("quickstart", 7)
    assert len({edited("quickstart", n) for n in range(50)}) > 40


@pytest.mark.parametrize(
    ("old", "new"),
    [
        # Each of these once made the models and the schema say different things, or raised.
        ("karb: 1\n", "karb: true\n"),
        ("karb: 1\n", "karb: 1.0\n"),
        ("over_share: true", "over_share: 1"),
        ("over_share: true", "over_share: false"),
        ("- 7.5 ETH", "- ETH worth 20,000,000 KRW at start"),
        ("  on_one_leg:  ", "  on_one_leg: | "),
        ("stop_loss: none", "stop_loss:"),
        ("leverage: 1,", "leverage: 1.0,"),
        ("leverage: 1,", "leverage: true,"),
        ("{z: 2.0,", "{z: true,"),
        ("at: [entry],", "at: [entry, entry],"),
        ("at: [entry],", "at: [],"),
        ("window: 20d", "window: 10000000d"),
        ("capital: 40,000,000 KRW", "capital: 0.000 KRW"),
        ("capital: 40,000,000 KRW", "capital: 4٠ KRW"),
        ("reserve: 5%", "reserve: 0.0000000000000000001%"),
        ("name: kimp-tiered", "name: 'kimp\\n'"),
        ('about: three-tier', 'about: "x\\ny" #'),
        ("with: {book: 2s, between_legs: 1s}", "with: {}"),
        ("gates.profit_only_exit, at: [exit]}", "gates.profit_only_exit, at: [exit], with: {}}"),
        ("gates.profit_only_exit, at: [exit]}", "gates.profit_only_exit, at: [exit], with: none}"),
        ("gates.profit_only_exit, at: [exit]}", "gates.profit_only_exit, at: [exit], with: }"),
        ("id: fresh_in", "id: "),
        ("kept_for: none", "kept_for: {}"),
        ("kept_for: none", "kept_for: {ultra: none}"),
        ("- {use: upbit.stream}", "- {use: upbit.stream, with: {}}"),
        ("{use: upbit.stream}", "none"),
        ("- halt\n", "- {retry: {band: 1%, for: 1s}, unwind: {band: 1%, for: 1s}}\n    - halt\n"),
        ("- halt\n", "- {}\n    - halt\n"),
        ("- halt\n", "- {retry: }\n    - halt\n"),
        ("  paper: {use: sim.depth", "  live: none\n  paper: {use: sim.depth"),
        ("share: 40%}", "share: 40%, about: 1}"),
        ("normal: {z: 2.0", "'': {z: 2.0"),
    ],
)  # fmt: skip
def test_models_and_schema_agree_at_the_edges(old: str, new: str) -> None:
    text = shipped("kimp_tiered").replace(old, new, 1)
    assert text != shipped("kimp_tiered")
    assert judge(text)[1] == []
