"""`karb replay`: three ways, one answer, and the decision that is not the same."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path

import pytest

from karb_core.ledger.ledger import open_ledger
from karb_core.ledger.reading import lived
from karb_core.plugin.catalogue import Catalogue
from karb_core.wiring.recorder import journal_folder, segments
from tests.cli.conftest import Karb
from tests.wiring.recorded_house import BY_MINUTES, MINUTE, START, Happens, House, lived_through, usual
from tests.wiring.scripted_plugin import catalogue
from tests.wiring.tiny import strategy_text


def premium(minute: int) -> float:
    return {1: 0.02, 3: 0.009}.get(minute, usual(minute))


def minute(n: int) -> tuple[int, Happens]:
    def happens(house: House) -> None:
        house.minute(START + n * MINUTE, premium(n))

    return START + n * MINUTE, happens


@pytest.fixture
def lived_one(home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The ledger of one run, with the file that it ran beside it."""
    monkeypatch.setattr(Catalogue, "installed", staticmethod(catalogue))
    (home / "scripted.yaml").write_text(strategy_text(*BY_MINUTES), "utf-8")
    ledger = open_ledger(home / "ledger.sqlite")
    lived_through(ledger, premium, [minute(n) for n in range(1, 5)], (START, START + 4 * MINUTE + MINUTE // 6))
    ledger.close()
    yield home / "ledger.sqlite"


def journal(ledger: Path) -> Path:
    opened = open_ledger(ledger, read_only=True)
    run = next(lived(opened)).run
    opened.close()
    return journal_folder(str(ledger), run.id)


def test_each_way_says_the_same(karb: Karb, lived_one: Path) -> None:
    told = karb("replay", "scripted.yaml", "--ledger", str(lived_one))
    assert (told.code, told.err) == (0, "")
    lines = told.out.strip().split("\n")
    assert [line.split()[0] for line in lines] == ["backtest", "paper", "live"]
    assert all(line.endswith("3 decisions, the same byte for byte") for line in lines)


def test_a_changed_digit_names_the_decision(karb: Karb, lived_one: Path) -> None:
    (segment,) = segments(journal(lived_one))
    lines = segment.read_text("utf-8").splitlines()
    at = next(n for n, line in enumerate(lines) if '"price":"' in line and '"is":"answered"' in line)
    told = json.loads(lines[at])
    price, _, market = told["said"][0]["price"].partition(" ")
    told["said"][0]["price"] = f"{Decimal(price) + 1} {market}"
    segment.write_text("\n".join([*lines[:at], json.dumps(told), *lines[at + 1 :]]) + "\n", "utf-8")
    answer = karb("replay", "scripted.yaml", "--ledger", str(lived_one))
    assert answer.code == 7
    assert "not the same: exit BTC at 2025-01-06T01:02:00Z: `seen." in answer.err


@pytest.mark.parametrize(
    ("spoil", "code", "says"),
    [
        (lambda folder: [each.unlink() for each in segments(folder)], 8, "has no journal"),
        (lambda folder: segments(folder)[0].write_text('{"is":"fill","at_ns":1}\n'), 8, "keeps no inputs"),
    ],
)
def test_what_was_not_kept_is_said(
    karb: Karb, lived_one: Path, spoil: Callable[[Path], object], code: int, says: str
) -> None:
    spoil(journal(lived_one))
    answer = karb("replay", "scripted.yaml", "--ledger", str(lived_one))
    assert answer.code == code
    assert says in answer.err
