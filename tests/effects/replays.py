"""The replays in which rules show: made-up markets that a file is carried out over, and bad days that are put on."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

from karb_core.cli import run_command
from karb_core.errors import KarbError
from karb_core.history.dataset import Dataset
from karb_core.history.load import LoadedDataset
from karb_core.history.span import Span
from karb_core.ports import Changes
from karb_core.rulebook.changed import changed, places_of
from karb_core.rulebook.check import check_again, check_document
from karb_core.rulebook.dataset_check import dataset_of
from karb_core.rulebook.reader import Document, read
from karb_core.rulebook.rulebook import Rulebook
from karb_core.rulebook.source import Source
from karb_core.wiring.backtest import Backtest
from karb_core.wiring.made_columns import MadeColumns
from karb_core.wiring.market_data import MarketData, market_data, market_data_of, need_bars_of
from karb_core.wiring.rehearsal import rehearse
from karb_core.wiring.strategy_of import built, need_runnable, strategy_of
from karb_core.wiring.trades import trades_of
from karb_research.director import Director
from karb_research.scenario import Scenario
from karb_sim.depth import DepthFills
from tests.effects.done import Done, Noted, of_rehearsal, refused
from tests.effects.market import HOUR, MINUTE, Market, write_market
from tests.rulebook.shipped import STRATEGIES, installed

_NS = 1_000_000
HERE = Path(__file__).parent
HOUSE = HERE.parents[1]

MARKETS: Mapping[str, Market] = {
    "five-minutes": Market(5 * MINUTE, days=23, warm=20, every=42, steady=0.014),
    "hours": Market(HOUR, days=48, warm=20, every=36, steady=0.014, fixed=True),
    "hours-told": Market(HOUR, days=32, warm=2, every=36, steady=0.012),
    "few-days": Market(5 * MINUTE, days=3, warm=1, every=42, steady=0.014),
    "week": Market(5 * MINUTE, days=7, warm=1, every=42, steady=0.014),
    "rough-days": Market(5 * MINUTE, days=3, warm=1, every=42, steady=0.004, rough=True),
    "quiet-five-minutes": Market(5 * MINUTE, days=21, warm=21, every=42, steady=0.004),
    "quiet-hours": Market(HOUR, days=21, warm=21, every=36, steady=0.012),
}
#: Where a file's rules are looked for, by how its name begins.
OF_FILE: Mapping[str, str] = {
    "abc/": "hours",
    "canary": "week",
    "kimp_simple": "hours-told",
    "kimp_threshold": "hours-told",
    "kimp_tiered_1h": "hours",
}
#: Files that no market here is for: they are judged on tops, or trade what is not made up here.
WITHOUT_MARKET = frozenset({"cash_and_carry", "kimp_multi_timeframe"})
#: What is looked for in bad days first.
IN_SCENARIOS = (
    "/execution/on_unknown", "/execution/unhedged_for", "/execution/on_one_leg/2/unwind/for", "/execution/on_one_leg/3",
    "/risk_gates/0", "/risk_gates/1",
)  # fmt: skip
SCENARIOS = {
    path.stem: path for path in sorted((*(HOUSE / "scenarios").glob("*.yaml"), *HERE.glob("scenarios/*.yaml")))
}
ONLY_MINE = frozenset(path.stem for path in HERE.glob("scenarios/*.yaml"))


@dataclass(slots=True)
class Read:
    """One market, read once."""

    dataset: Dataset
    loaded: dict[frozenset[str], LoadedDataset] = field(default_factory=dict)
    made: MadeColumns = field(default_factory=MadeColumns)

    def given(self, rulebook: Rulebook) -> MarketData:
        for loaded in self.loaded.values():
            given = market_data_of(rulebook, self.dataset, loaded)
            if given is not None:
                return given
        given = market_data(rulebook, self.dataset, Span())
        self.loaded[frozenset(map(str, given.data.series)) | frozenset(given.data.rates)] = given.data
        return given


class Replays:
    """Carries files out, and remembers what they came to. Use it in a `with`: markets lie in a folder until it ends."""

    def __init__(self) -> None:
        self._folder = TemporaryDirectory()
        self._read: dict[str, Read] = {}
        self._known: dict[tuple[str, Changes, str], Done] = {}
        self._files: dict[str, tuple[Document, Rulebook]] = {}

    def __enter__(self) -> Replays:
        return self

    def __exit__(self, *_: object) -> None:
        self._folder.cleanup()

    def file(self, name: str) -> tuple[Document, Rulebook]:
        """A shipped file as it is: its name is its path below `strategies/`."""
        if name not in self._files:
            document = read(Source.of_text((STRATEGIES / f"{name}.yaml").read_text("utf-8"), f"{name}.yaml"))
            rulebook = check_document(document, installed()).rulebook
            assert rulebook is not None, name
            self._files[name] = document, rulebook
        return self._files[name]

    def done(self, name: str, changes: Changes, replay: str) -> Done:
        """What the file with these lines written otherwise comes to in a replay."""
        key = (name, changes, replay)
        if key not in self._known:
            self._known[key] = self._done(name, changes, replay)
        return self._known[key]

    def forget(self) -> None:
        """What files came to."""
        self._known.clear()

    def _done(self, name: str, changes: Changes, replay: str) -> Done:
        document, whole = self.file(name)
        found = check_again(changed(document, changes), whole, places_of(document, changes), installed())
        if found.errors or found.rulebook is None:
            return Done(refused=", ".join(sorted({finding.code for finding in found.errors})))
        try:
            return self._carried(found.rulebook, replay)
        except KarbError as e:
            return refused(e.said)

    def _carried(self, rulebook: Rulebook, replay: str) -> Done:
        kind, _, named = replay.partition(" ")
        return {"market": self._over, "scenario": self._through, "asked": _asked}[kind](rulebook, named)

    def _over(self, rulebook: Rulebook, market: str) -> Done:
        need_runnable(rulebook, "backtest", tells=False)
        read_ = self._market(market)
        given = read_.given(rulebook)
        strategy = strategy_of(rulebook, given.data.facts)
        rows = strategy.signal.rows()
        need_bars_of(rows, given.place)
        whole, noted = given.whole(rows.length_ns // _NS), Noted()
        run = Backtest(rulebook, strategy, given.data, given.rates, whole, noted, "bt", made=read_.made)
        asyncio.run(run.run())
        return noted.done([trade.net for trade in trades_of(run.desk.books.closed, strategy.terms.book)])

    def _through(self, rulebook: Rulebook, named: str) -> Done:
        """A scenario goes on where a market's quiet days end."""
        text = SCENARIOS[named].read_text("utf-8")
        scenario = Scenario.model_validate(read(Source.of_text(text)).data)
        given = self._market(_quiet_for(rulebook)).given(rulebook)
        venues = DepthFills.under
        return of_rehearsal(rehearse(rulebook, given, lambda setting: Director(scenario, setting), venues))

    def _market(self, name: str) -> Read:
        if name not in self._read:
            folder = Path(self._folder.name) / name
            folder.mkdir()
            self._read[name] = Read(dataset_of(str(write_market(folder, MARKETS[name])), installed()))
        return self._read[name]


def _quiet_for(rulebook: Rulebook) -> str:
    rows = built(rulebook.seats_of("signal")[0]).rows()
    return "quiet-hours" if rows.length_ns >= HOUR * _NS else "quiet-five-minutes"


def _asked(rulebook: Rulebook, mode: str) -> Done:
    """What `karb run FILE --mode MODE` answers before it begins."""
    return Done(outcomes=(run_command._mode("it", rulebook, mode),))


def replays_of(file: str, rule: str) -> tuple[str, ...]:
    """Where a rule is looked for, likelier ones first."""
    market = next((found for name, found in OF_FILE.items() if file.startswith(name)), "five-minutes")
    bad = tuple(f"scenario {name}" for name in SCENARIOS if name in ONLY_MINE)
    over = f"market {'rough-days' if file == 'canary' and rule.startswith('/risk_gates/5') else market}"
    if rule == "/mode":
        return "asked paper", "asked live"
    return (*bad, over) if rule.startswith(IN_SCENARIOS) else (over,)
