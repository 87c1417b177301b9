"""A short made-up market and a small strategy over it: everything a whole run has, in about a second."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from pathlib import Path

from karb_core.history.span import Span
from karb_core.ledger.decision_log import decision_log_bytes
from karb_core.ledger.ledger import Ledger, open_ledger
from karb_core.ledger.reading import Whose
from karb_core.plugin.catalogue import Catalogue
from karb_core.rulebook.check import check
from karb_core.rulebook.dataset_check import dataset_of
from karb_core.rulebook.rulebook import Rulebook
from karb_core.rulebook.source import Source
from karb_core.wiring.backtest import Backtest
from karb_core.wiring.backtest_parts import Furnished, furnish

ROOT = Path(__file__).parents[2]
Edit = tuple[str, str]

SMALLER: tuple[Edit, ...] = (
    ("window: 20d", "window: 1d"),
    ("../datasets/sample.yaml", "market.yaml"),
    ("take_profit: 0.4%", "take_profit: 0.2%"),
    ("{for: 30d, then: tell}", "{for: 60h, then: exit}"),
    ("  - {use: gates.profit_only_exit, at: [exit]}\n", ""),
    ("  ETH: {near: upbit ETH/KRW, far: binance_usdm ETH/USDT, share: 35%}\n", ""),
)


#: The same with three tiers, clips, and exits of every kind.
TIERED: tuple[Edit, ...] = (
    ("  use: premium.zscore\n", "  use: premium.zscore_tiers\n"),
    (
        "    entry: 2.0\n    take_profit: 0.2%\n",
        "    tiers:\n"
        "      normal: {z: 1.5, take_profit: 0.2%}\n"
        "      extreme: {z: 2.25, take_profit: 0.4%}\n"
        "      ultra: {z: 3.0, take_profit: none}\n",
    ),
    ("exit_z: none", "exit_z: 0.1"),
    ("stop_loss: none", "stop_loss: 1.5%"),
    ("{for: 60h, then: exit}", "{for: 90h, then: stop_entries}"),
    (
        "  use: sizing.share\n  with:\n    of: pair_share\n    counts: near_leg\n    size: 100%\n",
        "  use: sizing.by_tier\n  with:\n    of: pair_share\n    counts: near_leg\n"
        "    normal: {size: 30%, split: {clips: [50%, 30%, 20%], next: 0.05%}}\n"
        "    extreme: {size: 30%, split: none}\n"
        "    ultra: {size: 40%, split: none, over_share: true}\n"
        "    kept_for: none\n",
    ),
)


@dataclass(frozen=True, slots=True)
class Ran:
    made: Furnished
    ledger: Ledger

    @property
    def run(self) -> Backtest:
        return self.made.backtest

    @property
    def whose(self) -> Whose:
        return Whose(self.made.run.account, run_id=self.made.run.id)

    @property
    def log(self) -> bytes:
        return decision_log_bytes(self.ledger, self.made.run)


def edited(text: str, *edits: Edit) -> str:
    for old, new in edits:
        assert text.count(old) == 1, (old, text.count(old))
        text = text.replace(old, new)
    return text


def strategy_text(*edits: Edit) -> str:
    lines = (ROOT / "strategies" / "quickstart.yaml").read_text("utf-8").split("\n")
    plain = "\n".join(line.split("  #")[0].rstrip() for line in lines if not line.startswith("#"))
    return edited(plain.replace("    - 7.5 ETH\n", ""), *SMALLER, *edits)


def write_market(folder: Path, days: int = 10, seed: int = 1) -> Path:
    """`market.yaml`: the shipped sample's shape, shorter, with two coins."""
    text = (ROOT / "datasets" / "sample.yaml").read_text("utf-8")
    text = edited(
        text, ("days: 120, seed: 1, coins: [BTC, ETH, XRP]", f"days: {days}, seed: {seed}, coins: [BTC, XRP]")
    )
    path = folder / "market.yaml"
    path.write_text(text, "utf-8")
    return path


def rulebook(text: str) -> Rulebook:
    made = check(Source.of_text(text, "tiny.yaml"), Catalogue.installed())
    assert made.rulebook is not None, made.findings
    return made.rulebook


def prepared(market: Path, ledger: Path, *edits: Edit, every_row: bool = False) -> Ran:
    opened = open_ledger(ledger)
    dataset = dataset_of(str(market), Catalogue.installed())
    made = furnish(rulebook(strategy_text(*edits)), dataset, opened, Span(), 1, every_row=every_row, quiet=True)
    return Ran(made, opened)


def ran(market: Path, ledger: Path, *edits: Edit, every_row: bool = False) -> Ran:
    one = prepared(market, ledger, *edits, every_row=every_row)
    asyncio.run(one.run.run())
    one.run.end("done", 2)
    return one
