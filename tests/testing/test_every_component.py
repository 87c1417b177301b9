"""Every component that karb ships is held to its port's contract; one that nobody holds fails here by its name."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path

import pytest

from karb_core.plugin.catalogue import Catalogue
from karb_core.plugin.offer import Offer
from karb_core.testing.component_contract import ComponentContract

ROOT = Path(__file__).parents[2]
#: Shown by tests of their own, and not yet held to the contract. A new component may not join them.
OWED: frozenset[str] = frozenset(
    [
        "alerts.email",
        "binance_usdm.orders",
        "binance_usdm.stream",
        "bithumb.orders",
        "bithumb.stream",
        "fx.chain",
        "fx.dunamu",
        "fx.exchangerate_host",
        "fx.frankfurter",
        "fx.koreaexim",
        "fx.open_er_api",
        "fx.recorded",
        "fx.yahoo",
        "premium.when",
        "replay.dataset",
        "replay.sample",
        "sim.bars",
        "sim.depth",
        "sim.tops",
        "telegram.bot",
        "upbit.stream",
        "upbit.usdt_krw",
    ]
)


def shipped() -> list[Offer]:
    return [offer for offer in Catalogue.installed().offers() if offer.source.ours]


def held() -> set[type[object]]:
    """What a class of the tests names that pytest collects as a contract."""
    found: set[type[object]] = set()
    for path in sorted((ROOT / "tests" / "plugins").rglob("test_*.py")):
        if "Contract" in path.read_text("utf-8"):
            module = import_module(".".join(path.relative_to(ROOT).with_suffix("").parts))
            found |= {made.component for made in vars(module).values() if _is_contract(made, module.__name__)}
    return found


def _is_contract(made: object, module: str) -> bool:
    named = isinstance(made, type) and made.__name__.startswith("Test") and made.__module__ == module
    return named and issubclass(made, ComponentContract)  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def kept() -> set[type[object]]:
    pytest.importorskip("aiohttp", reason="needs karb[live]")
    return held()


@pytest.mark.parametrize("offer", shipped(), ids=lambda offer: offer.use)
def test_it_is_held_to_the_contract_of_its_port(offer: Offer, kept: set[type[object]]) -> None:
    assert (offer.component in kept) is (offer.use not in OWED), (
        "hold it to its contract, or take it out of what is owed"
    )
