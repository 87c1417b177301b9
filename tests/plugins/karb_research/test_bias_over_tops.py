"""`karb bias` of a strategy on a grid of tops: what looks ahead of a top is found, and nothing of ours is."""

from __future__ import annotations

import importlib
import json
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.cli.run import Answer, answer_of, ours
from tests.cli.shipped import plugins
from tests.plugin.site import Site
from tests.wiring.few_tops import strategy_text, write_tops
from tests.wiring.tiny import Edit

Karb = Callable[..., Answer]
SIGNAL = "  use: premium.zscore\n"
SIMULATE = "use: sim.tops"
REVERTING: Edit = (
    strategy_text()[strategy_text().index("signal:") : strategy_text().index("sizing:")],
    """\
signal:
  use: premium.zscore_reverting
  with:
    watch: 1s
    max_age: 2s
    arm: {bar: 5s, z: 1.0}
    enter: {bar: 1s, reverting: 1}
    window: 1m
    min_present: 75%
    sigma_floor: 0.01%
    min_premium: none
    premium_sign: any
    when_high: short_premium
    when_low: long_premium
    max_open: 1
    take_profit: 0.1%
    rearm: none
    exit: {profit_by: premium, profit: net, funding: counted, exit_z: 0.5, exit_when: any, stop_loss: 1%,
      max_holding: none}
""",
)
#: By what is shipped and judged on a grid.
SHIPPED: dict[str, tuple[Edit, ...]] = {
    "z of the grid": (),
    "no more than is offered": (("amount: any", "amount: offered"),),
    "orders that travel": (("order_latency: 80ms", "order_latency: 1500ms"),),
    "reverting": (REVERTING,),
}


@pytest.fixture
def karb(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Iterator[Karb]:
    """In a folder with a quarter of an hour of tops, where a stranger's plugin is installed beside ours."""
    for name, value in ours(tmp_path).items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("KARB_PLUGINS", ",".join([*plugins(), "planted_tops"]))
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    site = Site(tmp_path / "site")
    site.folder.mkdir()
    monkeypatch.syspath_prepend(str(site.folder))
    module = site.install("planted_tops", Path(__file__).with_name("planted_tops.py").read_text("utf-8"))
    write_tops(tmp_path, seconds=900)
    yield lambda *arguments: answer_of(capfd, arguments)
    sys.modules.pop(module, None)
    importlib.invalidate_caches()


def told(karb: Karb, *edits: Edit, code: int) -> dict[str, Any]:
    Path("grid.yaml").write_text(strategy_text(*edits), "utf-8")
    answer = karb("bias", "grid.yaml", "--data", "tops.yaml", "--format", "json", "--cuts", "10", "--beginnings", "2")
    assert answer.code == code, answer.all
    found: dict[str, Any] = json.loads(answer.out)
    return found


@pytest.mark.parametrize("edits", SHIPPED.values(), ids=SHIPPED)
def test_what_is_shipped_passes(karb: Karb, edits: tuple[Edit, ...]) -> None:
    found = told(karb, *edits, code=0)
    assert found["found"] == []
    assert len(found["cuts"]) == 10
    assert found["later_beginnings"] == 2
    assert found["cuts_with_fills"] >= 3
    assert [note for note in found["notes"] if note.startswith("orders trade at the top that stands when they arrive")]


def test_a_signal_that_uses_the_step_after_the_one_it_judges(karb: Karb) -> None:
    found = told(karb, (SIGNAL, "  use: planted_tops.next_step\n"), code=6)
    assert {(hit["kind"], hit["component"]) for hit in found["found"]} == {("look_ahead", "planted_tops.next_step")}
    assert {hit["what"] for hit in found["found"]} >= {"premium"}


def test_a_fill_at_a_top_that_is_told_after_it(karb: Karb) -> None:
    found = told(karb, (SIMULATE, "use: planted_tops.later_tops"), code=6)
    assert {hit["component"] for hit in found["found"]} == {"planted_tops.later_tops"}
    assert {hit["kind"] for hit in found["found"]} <= {"fill_ahead", "look_ahead"}
