"""Each rule of a strategy file, changed, changes what is decided or sent; those that cannot show here say why."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from karb_core.history.dataset import Dataset
from karb_core.history.span import Span
from karb_core.ledger.ledger import Ledger, open_ledger
from karb_core.ledger.reading import Whose, decisions, orders
from karb_core.plugin.catalogue import Catalogue
from karb_core.rulebook.dataset_check import dataset_of
from karb_core.rules.roles import Role
from karb_core.wiring.backtest_parts import furnish
from tests.wiring.hourly import TIERED_HOURLY, write_hourly
from tests.wiring.tiny import Edit, rulebook, strategy_text

Done = list[object]
_GATE = "  - {use: gates.max_position, at: [entry], with: {of: capital, single: 40%}}\n"
BASE: tuple[Edit, ...] = (*TIERED_HOURLY, (_GATE, _GATE + "  - {use: gates.profit_only_exit, at: [exit]}\n"))


@dataclass(frozen=True, slots=True)
class Change:
    """`edit` writes another value; `beside` is what both files say besides, so that the rule has something to do."""

    edit: Edit
    beside: tuple[Edit, ...] = ()


def to(old: str, new: str, *beside: Edit) -> Change:
    return Change((old, new), beside)


PREMIUM = "premium: {use: fx.recorded, with: {series: usd-krw, max_age: 30h, when_closed: 110h}}"
MONEY = PREMIUM.replace("premium:", "money:")
POSITION = "{use: gates.max_position, at: [entry], with: {of: capital, single: 40%}}"
IN_MONEY = ("profit_by: premium", "profit_by: krw")
SIZING = """\
  use: sizing.by_tier
  with:
    of: pair_share
    counts: near_leg
    normal: {size: 30%, split: {clips: [50%, 30%, 20%], next: 0.05%}}
    extreme: {size: 30%, split: none}
    ultra: {size: 40%, split: none, over_share: true}
    kept_for: none
"""
SHARE = "  use: sizing.share\n  with: {of: pair_share, counts: near_leg, size: 30%}\n"
CLIPS = "split: {clips: [50%, 30%, 20%], next: 0.05%}"

CHANGES: dict[str, Change] = {
    "/capital": to("capital: 40,000,000 KRW", "capital: 41,000,000 KRW"),
    "/reserve": to("reserve: 5%", "reserve: 95%"),
    "/inventory/upbit": to(
        "  upbit:\n    - 0.25 BTC\n    - 10,500 XRP\n\n", "  upbit:\n    - 0.01 BTC\n    - 10,500 XRP\n\n"
    ),
    "/pairs/BTC/near": to("BTC: {near: upbit BTC/KRW", "BTC: {near: upbit BTC/USDT"),
    "/pairs/BTC/far": to("far: binance_usdm BTC/USDT", "far: upbit BTC/USDT"),
    "/pairs/BTC/share": to("share: 40%", "share: 30%"),
    "/pairs/XRP/near": to("XRP: {near: upbit XRP/KRW", "XRP: {near: upbit XRP/USDT"),
    "/pairs/XRP/far": to("far: binance_usdm XRP/USDT", "far: upbit XRP/USDT"),
    "/pairs/XRP/share": to("share: 25%", "share: 20%"),
    "/fx_source/premium/use": to(PREMIUM, "premium: {use: fx.dunamu, with: {max_age: 30h, when_closed: 110h}}"),
    "/fx_source/premium/with/max_age": to(PREMIUM, PREMIUM.replace("max_age: 30h", "max_age: 5h")),
    "/fx_source/premium/with/when_closed": to(PREMIUM, PREMIUM.replace("110h", "5h")),
    "/fx_source/money/use": to(MONEY, "money: {use: fx.dunamu, with: {max_age: 30h, when_closed: 110h}}", IN_MONEY),
    "/fx_source/money/with/max_age": to(MONEY, MONEY.replace("max_age: 30h", "max_age: 5h")),
    "/fx_source/money/with/when_closed": to(MONEY, MONEY.replace("110h", "refuse")),
    "/signal/with/bar": to("bar: 1h", "bar: 2h"),
    "/signal/with/window": to("window: 2d", "window: 3d"),
    "/signal/with/min_present": to("min_present: 95%", "min_present: 50%"),
    "/signal/with/sigma_floor": to("sigma_floor: 0.05%", "sigma_floor: 2%"),
    "/signal/with/min_premium": to("min_premium: 0.5%", "min_premium: 2%"),
    "/signal/with/premium_sign": to("premium_sign: any", "premium_sign: agrees"),
    "/signal/with/when_high": to("when_high: short_premium", "when_high: none"),
    "/signal/with/when_low": to("when_low: long_premium", "when_low: none"),
    "/signal/with/max_open": to("max_open: none", "max_open: 1"),
    "/signal/with/tiers/normal/z": to("normal: {z: 1.5", "normal: {z: 1.7"),
    "/signal/with/tiers/normal/take_profit": to("z: 1.5, take_profit: 0.2%", "z: 1.5, take_profit: 1.5%"),
    "/signal/with/tiers/extreme/z": to("extreme: {z: 2.25", "extreme: {z: 2.6"),
    "/signal/with/tiers/extreme/take_profit": to("z: 2.25, take_profit: 0.4%", "z: 2.25, take_profit: 3%"),
    "/signal/with/tiers/ultra/z": to("ultra: {z: 3.0", "ultra: {z: 2.6"),
    "/signal/with/tiers/ultra/take_profit": to("z: 3.0, take_profit: none", "z: 3.0, take_profit: 0.1%"),
    "/signal/with/rearm/below_z": to("below_z: 1.0", "below_z: 0.2"),
    "/signal/with/exit/profit_by": to(*IN_MONEY),
    "/signal/with/exit/profit": to("profit: net\n", "profit: gross\n"),
    "/signal/with/exit/funding": to("funding: counted", "funding: ignored"),
    "/signal/with/exit/exit_z": to("exit_z: 0.1", "exit_z: 0.8"),
    "/signal/with/exit/exit_when": to("exit_when: any", "exit_when: all"),
    "/signal/with/exit/stop_loss": to("stop_loss: 1.5%", "stop_loss: 0.1%"),
    "/signal/with/exit/max_holding/for": to("{for: 90h, then: stop_entries}", "{for: 2h, then: stop_entries}"),
    "/signal/with/exit/max_holding/then": to("then: stop_entries}", "then: exit}", ("{for: 90h", "{for: 2h")),
    "/sizing/use": to(SIZING, SHARE),
    "/sizing/with/of": to("of: pair_share\n    counts", "of: capital\n    counts"),
    "/sizing/with/counts": to("counts: near_leg", "counts: both_legs"),
    "/sizing/with/kept_for": to("kept_for: none", "kept_for: {ultra: 85%}"),
    "/sizing/with/normal/size": to("normal: {size: 30%", "normal: {size: 20%"),
    "/sizing/with/normal/split/clips": to("clips: [50%, 30%, 20%]", "clips: [40%, 30%, 30%]"),
    "/sizing/with/normal/split/next": to("next: 0.05%", "next: 0.5%"),
    "/sizing/with/extreme/size": to("extreme: {size: 30%", "extreme: {size: 20%"),
    "/sizing/with/extreme/split": to("extreme: {size: 30%, split: none", f"extreme: {{size: 30%, {CLIPS}"),
    "/sizing/with/ultra/size": to("ultra: {size: 40%", "ultra: {size: 30%"),
    "/sizing/with/ultra/split": to("ultra: {size: 40%, split: none", f"ultra: {{size: 40%, {CLIPS}"),
    "/sizing/with/ultra/over_share": to(
        ", over_share: true", "", ("ultra: {size: 40%", "ultra: {size: 100%"), ("ultra: {z: 3.0", "ultra: {z: 2.3")
    ),
    "/risk_gates/2/use": to(
        POSITION.replace("40%", "13%"),
        "{use: gates.fresh, id: more, at: [entry], with: {book: 5m, between_legs: 5m}}",
        (POSITION, POSITION.replace("40%", "13%")),
    ),
    "/risk_gates/2/with/of": to("with: {of: capital", "with: {of: pair_share"),
    "/risk_gates/2/with/single": to("single: 40%", "single: 13%"),
    "/risk_gates/3/use": to(
        "{use: gates.profit_only_exit, at: [exit]}",
        "{use: gates.fresh, id: more, at: [exit], with: {book: 5m, between_legs: 5m}}",
    ),
    "/execution/first": to("first: together", "first: near"),
    "/execution/price/band": to("price: {band: 20bp}", "price: {band: 40bp}"),
    "/execution/on_one_leg/0/retry/band": to("retry: {band: 50bp", "retry: {band: 90bp"),
    "/execution/on_one_leg/0/retry/for": to("{band: 50bp, for: 2s}", "{band: 50bp, for: 1s}"),
    "/execution/on_one_leg/1/retry/band": to("retry: {band: 100bp", "retry: {band: 60bp"),
    "/execution/on_one_leg/1/retry/for": to("{band: 100bp, for: 2s}", "{band: 100bp, for: 1s}"),
    "/execution/on_one_leg/2/unwind/band": to("unwind: {band: 200bp", "unwind: {band: 150bp"),
    "/executors/1/with/leverage": to("leverage: 1,", "leverage: 20,", ("31,000 USDT", "2,000 USDT")),
    "/costs/upbit/taker": to("upbit: {taker: 0.05%}", "upbit: {taker: 0.3%}"),
    "/costs/binance_usdm/taker": to("binance_usdm: {taker: 0.05%}", "binance_usdm: {taker: 0.3%}"),
}

#: Why a rule cannot show in a backtest over bars, whatever the market.
UNSHOWN: dict[str, str] = {
    "/mode": "it says what the file may be run as; a backtest is the tamest",
    "/feeds/0/use": "a dataset stands for every feed",
    "/signal/with/price": "bars of a dataset are of trades: `mid` is refused",
    "/risk_gates/0/use": "a close that is judged is never old: `gates.fresh` always passes",
    "/risk_gates/0/at": "as above",
    "/risk_gates/0/with/book": "as above",
    "/risk_gates/0/with/between_legs": "as above",
    "/risk_gates/1/use": "as above",
    "/risk_gates/1/at": "as above",
    "/risk_gates/1/with/book": "as above",
    "/risk_gates/1/with/between_legs": "as above",
    "/risk_gates/2/at": "the gate stands at entries only",
    "/risk_gates/3/at": "the gate stands at exits only",
    "/execution/unhedged_for": "a file whose ladder is longer is refused; a ladder that is shorter ends before it",
    "/execution/on_one_leg/2/unwind/for": "the unwind is the last step before the halt",
    "/execution/on_one_leg/3": "a ladder that does not end in a halt or an unwind is refused",
    "/execution/on_unknown/ask_for": "a simulated venue over bars answers every order",
    "/execution/on_unknown/then": "as above",
    "/executors/0/use": "the simulation takes the executors' place",
    "/executors/1/use": "as above",
    "/executors/1/with/margin": "simulated margin is isolated",
}


@dataclass(slots=True)
class Runs:
    """Runs files over one market into one ledger; a file that was run is not run again."""

    dataset: Dataset
    ledger: Ledger
    known: dict[str, Done]

    def of(self, *edits: Edit) -> Done:
        text = strategy_text(*edits)
        if text not in self.known:
            self.known[text] = self._run(text)
        return self.known[text]

    def _run(self, text: str) -> Done:
        made = furnish(rulebook(text), self.dataset, self.ledger, Span(), 1, every_row=False, quiet=True)
        asyncio.run(made.backtest.run())
        made.backtest.end("done", 2)
        return done(self.ledger, Whose(made.run.account, run_id=made.run.id))


def done(ledger: Ledger, whose: Whose) -> Done:
    """What was decided and sent, without what only repeats the file: lines cited, limits, digests, ids."""
    told: Done = []
    for decision in decisions(ledger, whose):
        said = decision.document()
        names = [denied["rule"] for denied in said["denied"]]
        told.append((said["at_ns"], said["kind"], said["pair"], said["tier"], said["side"], said["legs"], names))
    told += [(at_ns, o.leg, o.instrument, o.side, o.amount, o.limit) for o, at_ns in orders(ledger, whose)]
    return told


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Runs]:
    folder = tmp_path_factory.mktemp("rules")
    dataset = dataset_of(str(write_hourly(folder, "parquet")), Catalogue.installed())
    ledger = open_ledger(folder / "ledger.sqlite")
    yield Runs(dataset, ledger, {})
    ledger.close()


@pytest.mark.parametrize("rule", CHANGES)
def test_a_rule_changed_changes_what_is_done(rule: str, runs: Runs) -> None:
    change = CHANGES[rule]
    before = runs.of(*BASE, *change.beside)
    assert runs.of(*BASE, *change.beside, change.edit) != before


def test_every_rule_of_the_file_is_here_or_says_why_not() -> None:
    lines = rulebook(strategy_text(*BASE)).lines
    rules = {line.pointer for line in lines if line.role is Role.RULE}
    assert rules - {"/signal/use"} == CHANGES.keys() | UNSHOWN.keys()
    assert not CHANGES.keys() & UNSHOWN.keys()
