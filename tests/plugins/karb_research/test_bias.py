"""`karb bias` as a person calls it: what is planted is found and named, and nothing of ours is."""

from __future__ import annotations

import importlib
import json
import re
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from karb_core.plugin.catalogue import Catalogue
from karb_core.venue.bar_market import OpensOverBars
from tests.cli.run import Answer, answer_of, ours
from tests.cli.shipped import plugins
from tests.plugin.site import Site
from tests.plugins.karb_premium.test_when import BLOCK, section
from tests.plugins.karb_premium.test_when import one as one_of
from tests.plugins.karb_research.stages import HOUSE
from tests.wiring.hourly import HOURLY, TIERED_HOURLY, write_hourly
from tests.wiring.tiny import Edit, strategy_text

Karb = Callable[..., Answer]
SIGNAL = "use: premium.zscore\n"
SIMULATE = "use: sim.bars"
SHORT = ("--cuts", "6", "--beginnings", "1")


@pytest.fixture
def karb(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Iterator[Karb]:
    """In a folder with a small hourly market, where a stranger's plugin is installed beside ours."""
    for name, value in ours(tmp_path).items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("KARB_PLUGINS", ",".join([*plugins(), "planted"]))
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    site = Site(tmp_path / "site")
    site.folder.mkdir()
    monkeypatch.syspath_prepend(str(site.folder))
    module = site.install("planted", Path(__file__).with_name("planted.py").read_text("utf-8"))
    write_hourly(tmp_path)
    yield lambda *arguments: answer_of(capfd, arguments)
    sys.modules.pop(module, None)
    importlib.invalidate_caches()


def told(karb: Karb, *edits: Edit, code: int = 6, more: tuple[str, ...] = SHORT) -> dict[str, Any]:
    Path("tiny.yaml").write_text(strategy_text(*HOURLY, *edits), "utf-8")
    answer = karb("bias", "tiny.yaml", "--format", "json", *more)
    assert answer.code == code, answer.all
    found: dict[str, Any] = json.loads(answer.out)
    assert found["passed"] is (code == 0)
    return found


def signal(name: str) -> Edit:
    return SIGNAL, f"use: planted.{name}\n"


def one(found: dict[str, Any], what: str) -> dict[str, Any]:
    (hit,) = [each for each in found["found"] if each["what"] == what]
    assert isinstance(hit, dict)
    return hit


def test_a_signal_that_uses_the_forming_bar(karb: Karb) -> None:
    found = told(karb, signal("forming"))
    hit = one(found, "premium")
    assert (hit["kind"], hit["component"]) == ("look_ahead", "planted.forming")
    assert (hit["rows"], hit["every_row"], hit["times"]) == (1, False, 6)
    (line,) = hit["lines"]
    assert "planted.forming" in Path("tiny.yaml").read_text("utf-8").split("\n")[line["line"] - 1]
    assert int(hit["with_all"]) - int(hit["with_part"]) == float(hit["apart"])
    assert hit["at"] == hit["part"]


def test_a_rate_before_its_publication(karb: Karb) -> None:
    found = told(karb, signal("days_rate"), more=("--cuts", "12", "--beginnings", "0"))
    assert {each["kind"] for each in found["found"]} == {"rate_early"}
    hit = one(found, "premium")
    assert hit["component"] == "planted.days_rate"
    assert 1 <= hit["rows"] <= 24
    assert any(cut["at"] == hit["part"] and cut["at"].endswith("T14:00:00Z") for cut in found["cuts"])


def test_a_centred_window(karb: Karb) -> None:
    hit = one(told(karb, signal("centred")), "z")
    assert (hit["kind"], hit["component"], hit["rows"]) == ("look_ahead", "planted.centred", 2)


def test_a_z_with_the_deviation_of_the_future(karb: Karb) -> None:
    hit = one(told(karb, signal("all_its_days")), "z")
    assert (hit["kind"], hit["component"]) == ("look_ahead", "planted.all_its_days")
    assert hit["every_row"]
    assert "with what was known by" in hit["said"]


def test_a_fill_at_the_signals_own_price_and_that_the_file_states_it(karb: Karb) -> None:
    found = told(karb, (SIMULATE, "use: planted.fills"), ("fill: next_open", "fill: same_close"))
    (hit,) = found["found"]
    assert (hit["kind"], hit["component"], hit["what"]) == ("own_price", "planted.fills", "fill")
    assert hit["at"] == hit["part"]
    assert hit["with_all"].endswith(hit["with_part"])
    assert "your file states it" in hit["stated"]
    assert "fill: same_close" in hit["stated"]
    assert [line["rule"] for line in hit["lines"]][:2] == ["/simulate/backtest/use", "/simulate/backtest/with/fill"]


def test_the_same_component_where_the_file_states_the_next_open(karb: Karb) -> None:
    found = told(karb, (SIMULATE, "use: planted.fills"), code=0)
    assert found["cuts_with_fills"] > 0


def test_fills_are_booked_at_a_rate_before_it_is_known_because_the_dataset_says_so(karb: Karb) -> None:
    market = Path("market.yaml")
    text = market.read_text("utf-8")
    assert text.count("after: 0s}") == 2
    market.write_text(text.replace("after: 0s}", "after: 3h, filled_after: 0s}"), "utf-8")
    hits = {each["what"]: each for each in told(karb)["found"]}
    assert {each["kind"] for each in hits.values()} == {"booked_early"}
    assert set(hits) == {"premium", "money"}
    assert "market.yaml:" in hits["money"]["stated"]
    assert "filled_after" in hits["money"]["stated"]


def test_a_rate_before_it_is_known_is_found_where_the_one_before_had_the_same_value(karb: Karb) -> None:
    """What the gates are told of its age is not true then."""
    rows = Path("data/usdkrw.csv").read_text("utf-8").split()
    Path("data/usdkrw.csv").write_text(
        "\n".join([rows[0], *(f"{row.partition(',')[0]},1385.0" for row in rows[1:])]), "utf-8"
    )
    market = Path("market.yaml")
    market.write_text(market.read_text("utf-8").replace("after: 0s}", "after: 3h, filled_after: 0s}", 1), "utf-8")
    for hit in told(karb, more=("--cuts", "12", "--beginnings", "0"))["found"]:
        assert hit["kind"] == "booked_early"
        one, other = hit["with_all"].split(", "), hit["with_part"].split(", ")
        assert one[0] == other[0] == "1385.0"
        assert int(one[1].removesuffix("s")) < int(other[1].removesuffix("s"))


def test_a_rate_that_fills_are_booked_at_later_than_it_is_known_passes(karb: Karb) -> None:
    market = Path("market.yaml")
    market.write_text(market.read_text("utf-8").replace("after: 0s}", "after: 1h, filled_after: 2h}"), "utf-8")
    told(karb, code=0)


def test_an_average_without_an_anchor_depends_on_where_the_data_begin(karb: Karb) -> None:
    (hit,) = told(karb, signal("unanchored"))["found"]
    assert (hit["kind"], hit["component"], hit["what"]) == ("recursion", "planted.unanchored", "average")
    assert hit["times"] == 1
    assert hit["part"] < hit["at"]


def test_what_is_drawn_anew_is_not_taken_for_a_look_ahead(karb: Karb) -> None:
    found = told(karb, signal("drawn"))
    (hit,) = found["found"]
    assert (hit["kind"], hit["what"]) == ("unrepeatable", "noise")
    assert (found["cuts"], found["later_beginnings"], found["runs"]) == ([], 0, 1)


def test_a_signal_that_keeps_its_series_is_found_by_what_it_decides(karb: Karb) -> None:
    (hit,) = told(karb, signal("remembering"), more=("--cuts", "12", "--beginnings", "0"))["found"]
    assert (hit["kind"], hit["component"], hit["what"]) == ("look_ahead", "planted.remembering", "decision")


def test_a_rate_that_the_dataset_books_early_hides_no_other_error(karb: Karb) -> None:
    market = Path("market.yaml")
    market.write_text(market.read_text("utf-8").replace("after: 0s}", "after: 3h, filled_after: 0s}"), "utf-8")
    found = told(karb, signal("remembering"), more=("--cuts", "12", "--beginnings", "0"))["found"]
    assert {(hit["kind"], hit["what"]) for hit in found} == {
        ("look_ahead", "decision"), ("booked_early", "premium"), ("booked_early", "money")
    }  # fmt: skip


def test_a_gate_and_a_sizing_that_remember_are_named(karb: Karb) -> None:
    gate = ("risk_gates:", "risk_gates:\n  - {use: planted.hindsight, at: [entry]}")
    (hit,) = told(karb, gate)["found"]
    assert (hit["component"], hit["what"]) == ("planted.hindsight", "decision")
    (hit,) = told(karb, ("use: sizing.share", "use: planted.swelling"))["found"]
    assert (hit["component"], hit["what"]) == ("planted.swelling", "decision")


def test_a_fill_at_a_price_that_is_made_after_it(karb: Karb) -> None:
    hits = told(karb, (SIMULATE, "use: planted.best_of_bar"))["found"]
    assert [(hit["kind"], hit["component"]) for hit in hits] == [("fill_ahead", "planted.best_of_bar")]


def test_prices_to_trade_at_that_are_made_later(karb: Karb) -> None:
    hits = told(karb, (SIMULATE, "use: planted.peeking_tops"))["found"]
    assert ("look_ahead", "top") in {(hit["kind"], hit["what"]) for hit in hits}
    assert {hit["component"] for hit in hits} == {"planted.peeking_tops"}


MONEY = "money: {use: fx.recorded, with: {series: usd-krw, max_age: 30h, when_closed: 110h}}"
LAST_GATE = "  - {use: gates.max_position, at: [entry], with: {of: capital, single: 40%}}\n"
GATES = """\
  - {use: gates.max_order, at: [entry], with: {most: [13_000_000 KRW]}}
  - {use: gates.breaker, at: [entry, exit], with: {failures: 2, for: 3h, per: pair}}
  - {use: gates.profit_only_exit, at: [exit]}
"""


def rate(use: str) -> Edit:
    rules = "{max_age: 30h}" if use == "upbit.usdt_krw" else "{max_age: 30h, when_closed: 110h}"
    if use in ("fx.koreaexim", "fx.exchangerate_host"):
        rules = rules.replace("{", "{key: secret:rates, ")
    return MONEY, f"money: {{use: {use}, with: {rules}}}"


SHELF = """\
  - {use: gates.hours, at: [entry], with: {zone: KST, times: [03:00-24:00], days: none, months: none}}
  - {use: gates.max_trades, at: [entry], with: {most: 5, day: 00:00 KST, per: file}}
  - {use: gates.max_open, at: [entry], with: {per_pair: none, in_all: 3}}
  - {use: gates.max_deployed, at: [entry], with: {counts: both_legs, in_all: 95%, venues: none}}
  - {use: gates.cooldown, id: after_loss, at: [entry], with: {after: loss, for: 30m, per: pair}}
  - {use: gates.free_after, at: [entry], with: {venue: binance_usdm, least: 500 USDT}}
  - {use: gates.max_premium, at: [entry, exit], with: {most: 15%}}
  - {use: gates.spread, at: [entry, exit], with: {most: 100bp}}
  - {use: gates.fx_disagreement, at: [entry], with: {most: 5%}}
  - {use: gates.daily_loss, at: [entry], with: {most: 5%, day: 00:00 KST, counts: ended, then: refuse}}
  - {use: gates.drawdown, at: [entry], with: {most: 20%, counts: ended, then: refuse}}
  - {use: gates.funding_window, at: [entry], with: {before: 10m, after: 1m}}
  - {use: gates.liquidation_distance, at: [entry], with: {least: 10%, then: refuse}}
  - {use: gates.net_exposure, at: [entry], with: {most: 100000 KRW}}
  - {use: gates.price_jump, at: [entry], with: {move: 3%, within: 2h, then: refuse}}
  - {use: gates.min_volume, at: [entry], with: {least: 1 KRW, over: 6h}}
  - {use: gates.correlation, at: [entry], with: {most: 99%, of: changes, window: 6h, min_present: 50%}}
"""
#: Judged on a grid of tops: test_bias_over_tops.py.
OVER_TOPS = {"premium.zscore_reverting"}
FX = ("frankfurter", "dunamu", "koreaexim", "yahoo", "open_er_api", "exchangerate_host")
CHAIN: Edit = (
    MONEY,
    "money:\n    use: fx.chain\n    with:\n      max_age: 30h\n      when_closed: 110h\n      apart: 5%\n      of:\n"
    "        - {use: fx.dunamu, with: {max_age: 30h, when_closed: 110h}}\n"
    "        - {use: fx.frankfurter, with: {max_age: 30h, when_closed: 110h}}",
)
OF_SHARE = "  use: sizing.share\n  with:\n    of: pair_share\n    counts: near_leg\n    size: 100%\n"
KELLY = "{of: capital, counts: both_legs, wins: 60%, average_win: 0.8%, average_loss: 0.9%, fraction: 50%, cap: 20%}"
SIZES = {
    "fixed": ("  use: sizing.fixed\n  with: {amounts: [4_000_000 KRW], counts: near_leg}\n",),
    "kelly": (f"  use: sizing.kelly\n  with: {KELLY}\n",),
    "risk_per_trade": ("  use: sizing.risk_per_trade\n  with: {risk: 0.1%}\n", ("stop_loss: none", "stop_loss: 1.5%")),
}
THRESHOLD: Edit = (
    strategy_text(*HOURLY)[strategy_text(*HOURLY).index("signal:") : strategy_text(*HOURLY).index("sizing:")],
    """\
signal:
  use: premium.threshold
  with:
    bar: 1h
    price: close
    at: sides
    above: {premium: 1.0%, enter: short_premium, leave_at: 0.2%}
    below: {premium: -1.0%, enter: long_premium, leave_at: -0.2%}
    funding_above: none
    max_open: 2
    take_profit: 0.4%
    exit: {profit_by: krw, profit: net, funding: counted, exit_z: none, exit_when: any, stop_loss: 2%,
      max_holding: {for: 60h, then: exit}}
""",
)
CARRY: Edit = (
    THRESHOLD[0],
    """\
signal:
  use: premium.funding_carry
  with:
    bar: 1h
    price: close
    enter: long_premium
    over: 30d
    interval: 8h
    enter_at: -90%
    leave_at: none
    max_open: 2
    take_profit: 0.2%
    exit: {profit_by: krw, profit: net, funding: counted, exit_z: none, exit_when: any, stop_loss: 1%,
      max_holding: {for: 30h, then: exit}}
""",
)
SHIPPED: dict[str, tuple[Edit, ...]] = {
    "one threshold": HOURLY,
    "levels of the premium": (*HOURLY, THRESHOLD),
    "the funding to come": (*HOURLY, CARRY),
    **{name: (*HOURLY, (OF_SHARE, size), *more) for name, (size, *more) in SIZES.items()},
    "a chain of rates": (*TIERED_HOURLY, CHAIN),
    "where others agree": (
        *HOURLY,
        (f"signal:\n{BLOCK}", section(one_of("1.5"), all_of=(one_of("1.8"),), not_=(one_of("4"),))),
    ),
    "three tiers": TIERED_HOURLY,
    "every gate": (*TIERED_HOURLY, (LAST_GATE, LAST_GATE + GATES), ("stop_loss: 1.5%", "stop_loss: none")),
    "gates of the shelf": (*TIERED_HOURLY, (LAST_GATE, LAST_GATE + SHELF)),
    "legs apart": (*HOURLY, ("legs_apart: 0s", "legs_apart: 90m")),
    **{f"fx.{name}": (*TIERED_HOURLY, rate(f"fx.{name}")) for name in FX},
    "upbit.usdt_krw": (*TIERED_HOURLY, rate("upbit.usdt_krw")),
}


@pytest.mark.parametrize("edits", SHIPPED.values(), ids=SHIPPED)
def test_what_is_shipped_passes(karb: Karb, edits: tuple[Edit, ...]) -> None:
    serves_all(Path("market.yaml"))
    Path("tiny.yaml").write_text(strategy_text(*edits), "utf-8")
    answer = karb("bias", "tiny.yaml", "--format", "json", "--cuts", "12")
    assert answer.code == 0, answer.all
    found = json.loads(answer.out)
    assert found["found"] == []
    assert len(found["cuts"]) == 12
    assert found["later_beginnings"] == 2
    assert found["cuts_with_fills"] >= 3
    assert {cut["why"] for cut in found["cuts"]} == {"decision", "publication", "other"}
    assert found["runs"] == 1 + 12 + found["cuts_with_fills"] + 3


def serves_all(market: Path) -> None:
    text = market.read_text("utf-8")
    assert text.count("serves: [fx.dunamu]") == 1
    others = ", ".join(f"fx.{name}" for name in FX if name != "frankfurter")
    market.write_text(text.replace("serves: [fx.dunamu]", f"serves: [{others}, fx.chain, upbit.usdt_krw]"), "utf-8")


def test_no_shipped_component_that_a_backtest_asks_is_left_out(karb: Karb) -> None:
    """What simulates fills over books instead of bars, and what looks at books, is asked where there is no later."""
    tried = {word for edits in SHIPPED.values() for word in re.findall(r"use: ([a-z_.]+)", strategy_text(*edits))}
    asked = {
        offer.use
        for offer in Catalogue.installed().offers(plugins())
        if (
            offer.port in ("signal", "sizing", "risk_gate", "fx_source")
            and "backtest" in getattr(offer.component, "modes", ("backtest",))
        )
        or (offer.port == "executor" and isinstance(offer.component, OpensOverBars))
    }
    assert asked - tried == OVER_TOPS


#: The made-up market has no tops: what it is made of is held in test_bias_over_tops.py.
ON_A_GRID = {"kimp_multi_timeframe"}
#: Nor has it Binance's spot: the signal is held above.
ELSEWHERE = {"cash_and_carry"}
FILES = [path for path in sorted((HOUSE / "strategies").glob("*.yaml")) if path.stem not in ON_A_GRID | ELSEWHERE]


@pytest.mark.parametrize("file", FILES, ids=lambda path: path.stem)
def test_every_shipped_strategy_passes(karb: Karb, file: Path) -> None:
    """Over the first weeks of the made-up market, in which each of them trades."""
    data = HOUSE / "datasets" / "sample.yaml"
    answer = karb("bias", file, "--data", data, "--to", "2025-03-05", "--cuts", "4", "--format", "json")
    assert answer.code == 0, answer.all
    found = json.loads(answer.out)
    assert (found["passed"], len(found["cuts"]), found["later_beginnings"]) == (True, 4, 2)
    assert found["cuts_with_fills"] > 0


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        ((), 2, "FILE is missing"),
        (("nowhere.yaml",), 2, "nowhere.yaml: there is no such file"),
        (("tiny.yaml", "--cuts", "0"), 2, "--cuts"),
        (("tiny.yaml", "--data", "nowhere.yaml"), 2, "nowhere.yaml: there is no such file"),
        (("tiny.yaml", "--from", "2030-01-01"), 7, "market.yaml"),
        (("tiny.yaml", "--to", "2025-01-08"), 7, "48 bars are too few"),
        ((HOUSE / "datasets" / "sample.yaml",), 3, "sample.yaml: errors: "),
    ],
)
def test_a_mistake_is_one_sentence(karb: Karb, arguments: tuple[object, ...], code: int, said: str) -> None:
    Path("tiny.yaml").write_text(strategy_text(*HOURLY), "utf-8")
    answer = karb("bias", *arguments)
    assert answer.code == code, answer.all
    assert said in answer.err
    assert "Traceback" not in answer.all


def test_the_text_says_what_was_tried_what_was_found_and_what_cannot_be_seen(karb: Karb) -> None:
    Path("tiny.yaml").write_text(strategy_text(*HOURLY, signal("forming")), "utf-8")
    answer = karb("bias", "tiny.yaml", *SHORT)
    assert answer.code == 6
    lines = answer.out.split("\n")
    assert lines[1].startswith(
        "cut at 6 moments (3 at decisions, 1 before a rate was published, 2 others; orders filled at "
    )
    at = next(row for row, line in enumerate(lines) if line.startswith("look-ahead  planted.forming  tiny.yaml:"))
    assert lines[at + 1] == "  `premium` of BTC rests on what came later"
    assert " with all data, " in lines[at + 2]
    assert lines[at + 3] == "  at 6 of 6 cuts; the last row before a cut differs"
    assert lines[at + 4].startswith("  at 2025-01-")
    assert f"found: {answer.out.count('look-ahead  planted')}" in lines
    assert "What these data cannot show" in lines


def test_it_speaks_korean(karb: Karb) -> None:
    Path("tiny.yaml").write_text(strategy_text(*HOURLY, signal("forming")), "utf-8")
    answer = karb("--lang", "ko", "bias", "tiny.yaml", *SHORT)
    assert answer.code == 6
    assert all(
        word in answer.out
        for word in ("미래 참조", "나중의 데이터에 달려 있습니다", "발견: ", "이 데이터로 알 수 없는 것")
    )
    assert "look-ahead" not in answer.out
    assert "rests on" not in answer.out


def test_notes_name_what_begins_late_what_ends_early_and_what_is_stated_for_all_time(karb: Karb) -> None:
    lines = Path("data/far_XRP.csv").read_text("utf-8").split("\n")
    Path("data/far_XRP.csv").write_text("\n".join([lines[0], *lines[30:-20]]), "utf-8")
    notes = told(karb, code=0)["notes"]
    assert [note for note in notes if note.startswith("binance_usdm XRP/USDT begins late, at 2025-01-07T05:00:00Z")]
    assert [note for note in notes if note.startswith("binance_usdm XRP/USDT ends early, at ")]
    assert [note for note in notes if note.startswith("steps, least amounts and margins are stated for all time")]
    assert not [note for note in notes if "trade to the end" in note]


def test_notes_say_what_all_instruments_have_in_common_and_what_was_not_recorded(karb: Karb) -> None:
    market = Path("market.yaml")
    text = market.read_text("utf-8").replace(
        "funding: {file: funding.csv, settled: {column: ts, unit: ms}, rate: rate}", "funding: none"
    )
    market.write_text(text.replace("from: none", "from: 2020-01-01"), "utf-8")
    notes = told(karb, code=0, more=("--cuts", "2", "--beginnings", "0"))["notes"]
    assert [note for note in notes if note.startswith("all 4 instruments trade to the end")]
    assert "no funding was recorded, so none is paid: binance_usdm BTC/USDT, binance_usdm XRP/USDT" in notes
    assert "the data were not begun later: whether a row depends on where they begin was not tried" in notes
    assert not [note for note in notes if "for all time" in note]


def test_a_rate_that_is_always_known_at_midnight_is_noted(karb: Karb) -> None:
    rows = Path("data/usdkrw.csv").read_text("utf-8").split()
    moved = [f"{int(row.partition(',')[0]) - 15 * 3_600_000},{row.partition(',')[2]}" for row in rows[1:]]
    Path("data/usdkrw.csv").write_text("\n".join([rows[0], *moved]), "utf-8")
    notes = told(karb, code=0)["notes"]
    (note,) = [note for note in notes if "00:00 UTC" in note]
    assert note.startswith("market.yaml:")
    assert "`usd-krw`" in note


def test_nothing_is_kept_and_nobody_is_told(karb: Karb, tmp_path: Path) -> None:
    before = sorted(path.name for path in tmp_path.iterdir())
    told(karb, code=0, more=("--cuts", "2", "--beginnings", "0"))
    assert sorted({*before, "tiny.yaml"}) == sorted(path.name for path in tmp_path.iterdir())
