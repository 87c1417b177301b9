"""The same file over the same data decides the same, to the byte, whoever else is installed."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from importlib.metadata import EntryPoint
from pathlib import Path

import pytest

from karb_core.domain.decisions import DecisionKind
from karb_core.ledger.reading import decisions, fills, incomes, orders, outcomes
from karb_core.plugin.catalogue import Catalogue
from tests.plugin.site import GOOD, Site
from tests.wiring.tiny import ROOT, TIERED, Edit, Ran, ran


def test_the_run_is_worth_comparing(once: Ran) -> None:
    """Both sides trade, tiers are re-armed, something is refused, and funding was paid: else equal logs show little."""
    decided = list(decisions(once.ledger, once.whose))
    kinds = {(d.kind, d.side) for d in decided}
    sides = ("long_premium", "short_premium")
    assert {(k, s) for k in (DecisionKind.ENTRY, DecisionKind.EXIT, DecisionKind.REFUSAL) for s in sides} <= kinds
    assert (DecisionKind.REARM, "") in kinds
    assert any(d.times > 1 for d in decided)
    assert len(list(incomes(once.ledger, once.whose))) > 10


def test_twice_over_the_same_data_gives_the_same_bytes(once: Ran, market: Path, tmp_path: Path) -> None:
    again = ran(market, tmp_path / "again.sqlite")
    assert again.log == once.log
    assert again.made.run == once.made.run
    for rows in (orders, outcomes, fills, incomes):
        assert list(rows(again.ledger, again.whose)) == list(rows(once.ledger, once.whose))
    again.ledger.close()


def test_a_second_run_into_the_same_ledger_is_one_of_its_own(market: Path, tmp_path: Path, once: Ran) -> None:
    first = ran(market, tmp_path / "both.sqlite")
    second = ran(market, tmp_path / "both.sqlite")
    assert first.made.run.id != second.made.run.id
    assert first.log == second.log == once.log
    first.ledger.close()
    second.ledger.close()


def test_every_bar_decides_as_the_wakes_do(once: Ran, market: Path, tmp_path: Path) -> None:
    judged = ran(market, tmp_path / "every.sqlite", every_row=True)
    assert judged.log == once.log
    judged.ledger.close()


OTHERS: dict[str, tuple[Edit, ...]] = {
    "tiers": TIERED,
    "in money": (("profit_by: premium", "profit_by: krw"), ("stop_loss: none", "stop_loss: 0.5%")),
    "all exits together": (("exit_z: none", "exit_z: 1.0"), ("exit_when: any", "exit_when: all")),
}


@pytest.mark.parametrize("edits", OTHERS.values(), ids=list(OTHERS))
def test_every_bar_decides_as_the_wakes_do_by_other_rules(
    edits: tuple[Edit, ...], market: Path, tmp_path: Path
) -> None:
    woken, judged = (ran(market, tmp_path / f"{every}.sqlite", *edits, every_row=every) for every in (False, True))
    assert woken.log == judged.log
    assert woken.run.desk.books.closed
    woken.ledger.close()
    judged.ledger.close()


def test_what_is_no_rule_changes_no_byte(once: Ran, market: Path, tmp_path: Path) -> None:
    edits: tuple[Edit, ...] = (
        ("about: a first run on synthetic data", "about: another sentence"),
        ("entry: 2.0\n", "entry: 2   # written shorter\n"),
        ("size: 100%", "size: 10000bp"),
    )
    other = ran(market, tmp_path / "other.sqlite", *edits)
    strip = [json.loads(line) for line in once.log.splitlines()]
    told = [json.loads(line) for line in other.log.splitlines()]
    # What was written is cited as it was written; nothing else may differ.
    for one, two in zip(strip, told, strict=True):
        assert {k: v for k, v in one.items() if k != "cited"} == {k: v for k, v in two.items() if k != "cited"}
        assert [c["rule"] for c in one.get("cited", ())] == [c["rule"] for c in two.get("cited", ())]
    other.ledger.close()


SCRIPT = """
import hashlib, json, sys
from pathlib import Path
from tests.wiring.tiny import ran
from karb_core.plugin.catalogue import Catalogue
done = ran(Path(sys.argv[1]), Path(sys.argv[2]))
heavy = {"alembic", "structlog", "pyarrow", "aiohttp", "ccxt"} & set(sys.modules)
told = {"log": hashlib.sha256(done.log).hexdigest(), "names": Catalogue.installed().names(), "heavy": sorted(heavy)}
print(json.dumps(told))
"""


def test_an_unrelated_plugin_changes_no_byte_and_nothing_needless_is_imported(
    once: Ran, market: Path, tmp_path: Path
) -> None:
    import hashlib

    folder = tmp_path / "site"
    folder.mkdir()
    site = Site(folder)
    with pytest.MonkeyPatch.context() as patched:
        patched.syspath_prepend(str(folder))
        site.install("stranger", GOOD)
    kept = {k: v for k, v in os.environ.items() if k != "KARB_PLUGINS"}
    path = os.pathsep.join([str(folder), str(ROOT), str(ROOT / "plugins")])
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT, str(market), str(tmp_path / "stranger.sqlite")],
        env=kept | {"PYTHONPATH": path},
        capture_output=True,
        encoding="utf-8",
        check=False,
        cwd=tmp_path,
    )
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert "stranger" in told["names"]
    assert told["log"] == hashlib.sha256(once.log).hexdigest()
    assert told["heavy"] == []


def test_the_installed_points_are_metadata_only() -> None:
    assert Catalogue([EntryPoint("x", "nowhere", "karb.plugins")]).names() == ["x"]


def outcome(of: Ran) -> list[object]:
    """What was decided and sent, without the lines that are cited and the ids that the rules' digest is part of."""
    said: list[object] = []
    for decided in decisions(of.ledger, of.whose):
        told = decided.document()
        kept = {k: v for k, v in told.items() if k not in ("cited", "rules_digest", "intent_id", "lot_ids", "seen")}
        kept["denied"] = [(d["rule"], d["observed"]) for d in told["denied"]]
        said.append(kept)
    said += [(o.instrument, o.side, o.amount, o.limit) for o, _ in orders(of.ledger, of.whose)]
    return said


CHANGES: dict[str, Edit] = {
    "capital": ("capital: 40,000,000 KRW", "capital: 41,000,000 KRW"),
    "reserve": ("reserve: 5%", "reserve: 50%"),
    "balances": ("45,000,000 KRW", "20,000,000 KRW"),
    "inventory": ("inventory:\n  upbit:\n    - 0.25 BTC", "inventory:\n  upbit:\n    - 0.05 BTC"),
    "share": ("share: 40%", "share: 35%"),
    "max_age": (
        "premium: {use: fx.recorded, with: {series: usd-krw, max_age: 30h",
        "premium: {use: fx.recorded, with: {series: usd-krw, max_age: 1h",
    ),
    "window": ("window: 1d", "window: 2d"),
    "sigma_floor": ("sigma_floor: 0.05%", "sigma_floor: 0.5%"),
    "min_premium": ("min_premium: 0.5%", "min_premium: 2%"),
    "premium_sign": ("premium_sign: any", "premium_sign: agrees"),
    "when_high": ("when_high: short_premium", "when_high: none"),
    "max_open": ("max_open: none", "max_open: 1"),
    "entry": ("entry: 2.0", "entry: 2.3"),
    "take_profit": ("take_profit: 0.2%", "take_profit: 0.5%"),
    "rearm": ("rearm: {below_z: 1.0}", "rearm: {below_z: 0.3}"),
    "profit": ("profit: net\n", "profit: gross\n"),
    "exit_z": ("exit_z: none", "exit_z: 0.2"),
    "stop_loss": ("stop_loss: none", "stop_loss: 0.3%"),
    "max_holding": ("{for: 60h, then: exit}", "{for: 20h, then: exit}"),
    "size": ("size: 100%", "size: 90%"),
    "max_position": ("single: 40%", "single: 30%"),
    "band": ("price: {band: 20bp}", "price: {band: 21bp}"),
    "costs": ("costs: {upbit: {taker: 0.05%}", "costs: {upbit: {taker: 0.3%}"),
}


@pytest.mark.parametrize("edit", CHANGES.values(), ids=list(CHANGES))
def test_each_rule_changed_changes_what_is_done(edit: Edit, once: Ran, market: Path, tmp_path: Path) -> None:
    other = ran(market, tmp_path / "other.sqlite", edit)
    assert outcome(other) != outcome(once)
    other.ledger.close()
