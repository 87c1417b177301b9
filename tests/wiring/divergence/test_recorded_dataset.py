"""A recorded market written as a dataset is read back as what it was: bars, rates, settlements and facts."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from karb_core.domain.instrument import InstrumentFacts, InstrumentKind
from karb_core.domain.market import Bar
from karb_core.errors import DataUnusable, UsageMistake
from karb_core.history.load import load
from karb_core.plugin.catalogue import Catalogue
from karb_core.rulebook.dataset_check import dataset_of
from karb_core.wiring.divergence.kept_market import KeptMarket, KeptRate
from karb_core.wiring.divergence.recorded_dataset import write_dataset
from karb_core.wiring.input_line import HouseRun
from tests.venue.accounts import PERPETUAL, SPOT
from tests.wiring.recorded_house import FACTS, MINUTE, START, rate, scripted

D = Decimal
MS = 1_000_000
#: No number of 64 bits; a desk reckons with the nearest one.
ODD = D("1380.123456789012345678")


def kept(*facts: InstrumentFacts) -> KeptMarket:
    run = HouseRun(
        "paper:x", "x", "paper", "kt", "sha256:0", 0, ("upbit", "binance_usdm"), facts or tuple(FACTS.values())
    )
    market = KeptMarket(run)
    for instrument, price in ((SPOT, D(132_000_000)), (PERPETUAL, D("95000.1"))):
        bars = [
            Bar(
                instrument,
                START + n * MINUTE,
                START + (n + 1) * MINUTE,
                price,
                price + 2,
                price - n,
                price + 1,
                D("3.5"),
                0,
            )
            for n in (0, 1, 3)
        ]
        market.bars[instrument] = {(bar.start_ns, MINUTE): bar for bar in bars}
    market.rates["premium"] = KeptRate(rate("premium", START), [(START // MS - 5, ODD), (START // MS, D(1381))])
    market.rates["money"] = KeptRate(rate("money", START), [(START // MS, D(1400))])
    market.settled[PERPETUAL] = {START + MINUTE: D("-0.0001")}
    return market


def written(market: KeptMarket, folder: Path) -> Path:
    return write_dataset(market, scripted(), MINUTE, "run-x", folder)


def test_it_is_read_back_as_it_was(tmp_path: Path) -> None:
    described = dataset_of(str(written(kept(), tmp_path / "data")), Catalogue.installed())
    data = load(described, [SPOT, PERPETUAL], ["usd-krw"])
    assert data.facts == {i: replace(f, taker_fee=None, maker_fee=None, valid_from_ns=0) for i, f in FACTS.items()}
    bars = data.series[PERPETUAL].bars
    assert bars.opened_at.tolist() == [(START + n * MINUTE) // MS for n in (0, 1, 3)]
    assert (bars.length_ms, bars.close.tolist(), bars.low.tolist()) == (
        60_000,
        [95001.1] * 3,
        [95000.1, 94999.1, 94997.1],
    )
    funding = data.series[PERPETUAL].funding
    assert funding is not None
    assert (funding.times.tolist(), funding.values.tolist()) == ([(START + MINUTE) // MS], [-0.0001])
    assert data.series[SPOT].funding is None
    points = data.rates["usd-krw"].points
    assert (points.times.tolist(), points.values.tolist()) == ([START // MS - 5, START // MS], [float(ODD), 1381.0])


def test_a_folder_with_something_in_it_stays_as_it_is(tmp_path: Path) -> None:
    (tmp_path / "mine.csv").write_text("1")
    with pytest.raises(UsageMistake, match="is there already"):
        written(kept(), tmp_path)
    with pytest.raises(UsageMistake, match="is there already"):
        written(kept(), tmp_path / "mine.csv")
    assert [each.name for each in tmp_path.iterdir()] == ["mine.csv"]


def test_what_no_backtest_could_hold_is_refused(tmp_path: Path) -> None:
    unknown = [replace(f, maintenance=()) if f.kind is InstrumentKind.PERPETUAL else f for f in FACTS.values()]
    with pytest.raises(DataUnusable, match="was not told the margin of binance_usdm BTC/USDT"):
        written(kept(*unknown), tmp_path / "a")
    silent = kept()
    silent.bars[SPOT].clear()
    with pytest.raises(DataUnusable, match="no bar of upbit BTC/KRW was recorded"):
        written(silent, tmp_path / "b")
