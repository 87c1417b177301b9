"""A blank strategy: complete but for its owner's decisions, and `check` says exactly which those are."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from karb_core.plugin.catalogue import Catalogue
from karb_core.rulebook.check import check
from karb_core.rulebook.source import read_source
from tests.cli.conftest import Karb

USES = (
    "upbit.stream,binance_usdm.stream/fx.dunamu/premium.zscore_tiers/sizing.by_tier"
    "/gates.fresh,gates.max_position/upbit.orders,binance_usdm.orders/alerts.discord"
)


@pytest.mark.parametrize("lang", ["en", "ko"])
@pytest.mark.parametrize("uses", ["", "premium.zscore", USES])
def test_says_what_is_missing_and_nothing_else(karb: Karb, lang, uses):
    assert karb("--lang", lang, "new", "strategy", uses, "-o", "mine.yaml").code == 0
    checked = check(read_source("mine.yaml"), Catalogue.installed())
    assert {f.code for f in checked.findings} <= {"K205", "K209", "K302", "K303"}
    places = [(f.mark.line, f.mark.column, str(f.said)) for f in checked.findings]
    assert len(places) == len(set(places))
    assert karb("--lang", lang, "check", "mine.yaml").code == 3


def test_every_line_left_empty_is_reported_once(karb: Karb):
    karb("new", "strategy", USES, "-o", "mine.yaml")
    lines = Path("mine.yaml").read_text("utf-8").split("\n")
    empty = {i for i, line in enumerate(lines, 1) if _waits(line, lines[i] if i < len(lines) else "")}
    found = [f.mark.line for f in check(read_source("mine.yaml"), Catalogue.installed()).errors]
    assert len(empty) > 50
    assert sorted(found) == sorted(empty)


def _waits(line: str, after: str) -> bool:
    """A key without a value and without a block under it: the owner's to write."""
    code = re.sub(r"\s*#.*", "", line)
    below = re.sub(r"\s*#.*", "", after)
    return code.endswith(":") and not (below.strip() and _indent(below) > _indent(code))


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip())


def test_overwrites_nothing(karb: Karb):
    Path("mine.yaml").write_text("mine", "utf-8")
    answer = karb("new", "strategy", "-o", "mine.yaml")
    assert (answer.code, Path("mine.yaml").read_text("utf-8")) == (2, "mine")


@pytest.mark.parametrize(
    ("file", "name"), [("Kimp 2.yaml", "kimp-2"), ("김프.yaml", "my-strategy"), ("2nd.yaml", "s-2nd")]
)
def test_names_the_strategy_after_its_file(karb: Karb, file, name):
    karb("new", "strategy", "-o", file)
    assert f"\nname: {name}\n" in Path(file).read_text("utf-8")


@pytest.mark.parametrize(("uses", "code"), [("premium.zscor", 2), ("nobody.nothing", 2), ("premium", 2)])
def test_a_component_that_is_not_there_is_said(karb: Karb, uses, code):
    answer = karb("new", "strategy", uses)
    assert (answer.code, answer.out) == (code, "")
    assert answer.err.startswith(f"error: no component named `{uses}` is installed\n   help: ")


def test_the_comments_stand_in_one_column(karb: Karb):
    lines = karb("new", "strategy", "premium.zscore").out.split("\n")
    columns = {
        line.index("# ", 4)
        for line in lines
        if re.match(r"\s*\w+:\s+# ", line) and len(line.split("#")[0].rstrip()) < 34
    }
    assert len(columns) == 1
