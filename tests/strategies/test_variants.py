"""The variants that `studies/abc.yaml` compares: they pass, say that they are examples, and differ where they say so."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from karb_core.rulebook.reader import read
from karb_core.rulebook.source import Source
from tests.rulebook.shipped import STRATEGIES, checked, shipped

VARIANTS = STRATEGIES / "abc"
STUDY = STRATEGIES.parent / "studies" / "abc.yaml"
NAMES = sorted(path.stem for path in VARIANTS.glob("*.yaml"))
MODELINE = "# yaml-language-server: $schema=../../schemas/strategy.schema.json"
A = "a_wider_sizes"


def text(name: str) -> str:
    return (VARIANTS / f"{name}.yaml").read_text("utf-8")


def rules(source: str) -> dict[str, str]:
    """By pointer, without what no decision follows from."""
    found = checked(source)
    assert found.rulebook is not None
    unsaid = ("/name", "/about")
    return {line.pointer: str(line.value) for line in found.rulebook.lines if line.pointer not in unsaid}


def apart(one: str, other: str) -> set[str]:
    mine, theirs = rules(one), rules(other)
    return {pointer for pointer in mine.keys() | theirs.keys() if mine.get(pointer) != theirs.get(pointer)}


@pytest.mark.parametrize("name", NAMES)
def test_nothing_is_wrong_with_the_file(name: str) -> None:
    found = checked(text(name))
    assert {finding.code for finding in found.findings} <= {"K428"}
    assert found.rulebook is not None


@pytest.mark.parametrize("name", NAMES)
def test_the_file_says_that_it_is_an_example_in_both_languages(name: str) -> None:
    source = text(name)
    assert source.split("\n")[0] == MODELINE
    assert "They are no advice" in source
    assert "권하는 값이 아니며" in source
    assert max(map(len, source.split("\n"))) <= 130
    assert b"\r" not in (VARIANTS / f"{name}.yaml").read_bytes()


def test_the_study_has_every_variant_and_no_other_file() -> None:
    data = read(Source.of_text(STUDY.read_text("utf-8"))).data
    named = {set_: list(files.values()) for set_, files in data["sets"].items()}
    assert {Path(place).stem for files in named.values() for place in files} == set(NAMES)
    assert all((STUDY.parent / place).is_file() for files in named.values() for place in files)
    assert [len(files) for files in named.values()] == [5, 2, 2]


@pytest.mark.parametrize(
    ("one", "other", "where"),
    [
        (A, "conservative", r"/signal/with/max_open|/sizing/with/(normal|extreme|ultra)/(size|over_share)"),
        (A, "b_extremes_only", r"/signal/with/tiers/normal/.*|/sizing/with/normal/.*"),
        (A, "c_one_large_entry", r"/signal/with/max_open|/signal/with/tiers/(extreme|ultra)/.*|/sizing/with/.*"),
        ("c_one_large_entry", "c_and_b", r"/signal/with/tiers/.*|/sizing/with/.*"),
        (A, "a_one_coin", r"/pairs/(ETH|XRP)/.*|/inventory/upbit.*"),
        (A, "a_split_entry", r"/sizing/with/normal/split.*"),
    ],
)
def test_variants_differ_where_they_say_so_and_nowhere_else(one: str, other: str, where: str) -> None:
    found = apart(text(one), text(other))
    assert found
    assert [pointer for pointer in found if not re.fullmatch(where, pointer)] == []


def test_a_is_the_shipped_hourly_file_but_for_what_lies_at_the_venue() -> None:
    assert apart(text(A), shipped("kimp_tiered_1h")) == {"/balances/upbit"}
