"""A dataset file: what may be written, what is wrong with it and where, and what it describes."""

from __future__ import annotations

import json
import random
import re
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from karb_core.domain.instrument import Instrument, InstrumentKind, MaintenanceTier, TickBand
from karb_core.domain.market import FxKind
from karb_core.errors import DataUnusable, UsageMistake
from karb_core.plugin.offer import OURS
from karb_core.rulebook.dataset_check import check_dataset, dataset_of, dataset_source
from karb_core.rulebook.dataset_file import SpotFacts
from karb_core.rulebook.dataset_schema import dataset_schema
from karb_core.rulebook.reader import read
from karb_core.rulebook.source import Source
from karb_core.rules.mistakes import read_block
from karb_core.texts.text import render
from tests.rulebook.datasets import HOUSE, INSTALLED, MINE, SAMPLE, checked, edited
from tests.rulebook.shipped import shipped

OFFERS = tuple(offer for offer in INSTALLED.offers() if offer.source.distribution == OURS)
SCHEMA = Draft202012Validator(dataset_schema(OFFERS))

BTC, PERP = Instrument("upbit", "BTC", "KRW"), Instrument("binance_usdm", "BTC", "USDT")


def test_a_file_describes_its_series() -> None:
    dataset = checked(MINE).dataset
    assert dataset is not None
    assert (dataset.name, dataset.place, dataset.folder) == ("mine", "mine.yaml", Path("data"))
    near, far = dataset.series[BTC], dataset.series[PERP]
    assert (near.bars.path, near.bars.length_ms, near.bars.volume) == (Path("data/btc.csv"), 3_600_000, None)
    assert (near.bars.time.name, near.bars.time.unit, near.bars.time.zone) == ("opened", "datetime", None)
    assert (near.marks, near.funding) == (None, None)
    assert (far.bars.time.unit, far.bars.time.marks, far.bars.close) == ("ms", "close", "close")
    assert far.marks is not None
    assert far.funding is not None
    assert far.marks.time.zone == "Asia/Seoul"
    assert (far.funding.time.unit, far.funding.value) == ("s", "rate")
    assert far.funding.place == "mine.yaml:25:21"


def test_a_file_describes_its_rates() -> None:
    dataset = checked(MINE).dataset
    assert dataset is not None
    terms, file = dataset.rates["usd-krw"], dataset.rate_files["usd-krw"]
    assert (terms.base, terms.quote, terms.kind, terms.source) == ("USD", "KRW", FxKind.REFERENCE, "ecb")
    assert (file.time.name, file.time.zone, file.time.known_after_ms, file.value) == (
        "day",
        "UTC",
        54_000_000,
        "fixing",
    )


def test_a_file_describes_the_facts_of_its_instruments() -> None:
    dataset = checked(MINE).dataset
    assert dataset is not None
    near, far = dataset.facts[BTC], dataset.facts[PERP]
    assert (near.kind, near.margin_asset, near.multiplier) == (InstrumentKind.SPOT, None, Decimal(1))
    assert near.ticks == (TickBand(Decimal(500_000), Decimal(500)), TickBand(Decimal(1_000_000), Decimal(1_000)))
    assert (near.amount_step, near.min_amount, near.min_notional) == (Decimal("1e-8"), None, Decimal(5000))
    assert near.valid_from_ns == 1_753_920_000 * 10**9
    assert (far.kind, far.margin_asset, far.valid_from_ns) == (InstrumentKind.PERPETUAL, "USDT", 0)
    assert far.maintenance[1] == MaintenanceTier(Decimal(50_000), Decimal("0.005"), Decimal(50))
    assert far.maintenance_of(Decimal(50_000)) == Decimal(200)


def test_a_generator_must_make_series() -> None:
    text = edited(
        "{use: replay.sample, with: {start: 2025-01-01, days: 120, seed: 1, coins: [BTC, ETH, XRP]}}",
        "{use: replay.dataset, with: {file: sample.yaml}}", of=SAMPLE,
    )  # fmt: skip
    found = checked(text)
    assert [f.code for f in found.errors] == ["K507"]
    assert render(found.errors[0].said) == "`replay.dataset` makes no series up"


def test_a_generator_that_is_not_installed_is_told_as_in_a_strategy() -> None:
    found = checked(edited("use: replay.sample", "use: replay.smaple", of=SAMPLE))
    assert [(f.code, f.help and render(f.help)) for f in found.errors] == [("K206", "did you mean `replay.sample`?")]


def test_a_strategy_is_not_taken_for_a_dataset() -> None:
    found = checked(shipped("quickstart"))
    assert [f.code for f in found.errors] == ["K508"]


def test_a_file_of_a_later_karb_says_so_alone() -> None:
    assert [f.code for f in checked(edited("karb: 1\n", "karb: 2\nnew: 1\n")).errors] == ["K208"]


@pytest.mark.parametrize("text", ["- a\n- b\n", "just words\n", "# nothing\n", "a: [1\n"])
def test_what_is_no_dataset_at_all_is_one_finding(text: str) -> None:
    assert len(checked(text).errors) == 1


def test_the_data_themselves_are_no_dataset_file(tmp_path: Path) -> None:
    data = tmp_path / "btc.parquet"
    data.write_bytes(b"PAR1\0\0\0")
    with pytest.raises(DataUnusable, match="is no dataset file") as told:
        dataset_source(str(data))
    assert told.value.exit_code == 7
    with pytest.raises(UsageMistake, match="no such file"):
        dataset_source(str(tmp_path / "none.yaml"))


def test_a_file_with_mistakes_gives_no_dataset(tmp_path: Path) -> None:
    file = tmp_path / "mine.yaml"
    file.write_text(edited("base: USD", "base: KRW").replace("length: 1h", "length: 60"), "utf-8")
    with pytest.raises(DataUnusable, match=r"mine.yaml:9:15: .* has no unit.* \(3 error\(s\) in this dataset file\)"):
        dataset_of(str(file), INSTALLED)


def test_what_is_described_is_the_data_and_nothing_else() -> None:
    def described(text: str) -> str:
        dataset = checked(text).dataset
        assert dataset is not None
        return dataset.described

    same = [
        edited("about: my own recordings", "about: something else"),
        edited("folder: data", "folder: ../elsewhere  # moved"),
        edited("rate: 50bp", "rate: 0.50%"),
        edited("min_notional: 5,000 KRW", "min_notional: 5_000.0 KRW"),
        edited("    base: USD\n    quote: KRW\n", "    quote: KRW\n    base: USD\n"),
        edited("{column: opened, is: open}", "{column: opened, unit: datetime, zone: none, is: open}"),
    ]
    other = [
        edited("unit: ms, is: close", "unit: ms, is: open"),
        edited("after: 15h", "after: 16h"),
        edited("after: 15h", "after: 15h, filled_after: 15h"),
        edited("after: 15h", "after: 15h, filled_after: 0s"),
        edited("from: 2025-07-31", "from: 2025-08-01"),
        edited("rate: 50bp", "rate: 51bp"),
    ]
    assert {described(text) for text in same} == {described(MINE)}
    assert len({described(text) for text in [MINE, *other]}) == 1 + len(other)
    assert described(SAMPLE) != described(edited("seed: 1", "seed: 2", of=SAMPLE))


def test_the_rate_of_a_component_is_the_one_that_serves_it() -> None:
    dataset = checked(MINE).dataset
    assert dataset is not None
    assert dataset.rate_for("fx.frankfurter") == "usd-krw"
    assert dataset.rate_for("fx.recorded", "usd-krw") == "usd-krw"
    with pytest.raises(
        DataUnusable, match=r"no rate stands for `fx.dunamu`; there are usd-krw \(fx.frankfurter\)"
    ) as told:
        dataset.rate_for("fx.dunamu")
    assert told.value.help is not None
    assert render(told.value.help).startswith("add `fx.dunamu` to `serves:`")
    with pytest.raises(DataUnusable, match="there is no rate `usdt-krw`; there are usd-krw"):
        dataset.rate_for("fx.recorded", "usdt-krw")


@given(st.dates(date(1980, 1, 1), date(2099, 12, 31)))
def test_every_day_reads_back_as_itself(day: date) -> None:
    block = {"from": day.isoformat(), "amount_step": "1 BTC", "min_amount": "none", "max_amount": "none",
             "min_notional": "none", "ticks": [{"from": "0 KRW", "tick": "1 KRW"}]}  # fmt: skip
    facts = read_block(SpotFacts, block)
    assert isinstance(facts, SpotFacts)
    assert facts.from_ == day


@settings(max_examples=40)
@given(st.integers(1980, 2099), st.integers(0, 13), st.integers(0, 32))
def test_what_is_no_day_is_refused_and_never_raises(year: int, month: int, day: int) -> None:
    written = f"{year}-{month:02}-{day:02}"
    try:
        expected: date | None = date(year, month, day)
    except ValueError:
        expected = None
    found = _day(written)
    assert found == expected


def _day(written: str) -> date | None:
    text = edited("from: 2025-07-31", f"from: {written}")
    dataset = checked(text).dataset
    if dataset is None:
        return None
    return date.fromordinal(date(1970, 1, 1).toordinal() + dataset.facts[BTC].valid_from_ns // (86_400 * 10**9))


@pytest.mark.parametrize(
    ("name", "bases"), [("real_1h", {"BTC", "ETH", "XRP"}), ("sample", {"BTC", "ETH", "XRP"}), ("carry_1h", {"BTC"})]
)
def test_a_shipped_dataset_has_nothing_wrong_with_it(name: str, bases: set[str]) -> None:
    found = check_dataset(dataset_source(str(HOUSE / "datasets" / f"{name}.yaml")), INSTALLED)
    assert found.findings == ()
    assert found.dataset is not None
    assert {i.base for i in found.dataset.instruments} == bases
    assert len(found.dataset.instruments) == 2 * len(bases)


def test_the_examples_of_the_guide_have_nothing_wrong_with_them() -> None:
    guide = (HOUSE / "docs" / "how-to" / "bring-your-own-data.md").read_text("utf-8")
    examples = re.findall(r"```yaml\n(.*?)```", guide, re.DOTALL)
    assert len(examples) == 2
    found = [checked(text) for text in examples]
    assert [f.code for f in found[0].findings] == ["K505"]  # a perpetual without marks: a warning
    assert found[1].findings == ()
    assert all(f.dataset is not None for f in found)


@pytest.mark.parametrize(("lang", "name"), [("en", "dataset"), ("ko", "dataset.ko")])
def test_the_published_schema_is_current(lang: str, name: str) -> None:
    published = json.loads((HOUSE / "schemas" / f"{name}.schema.json").read_text("utf-8"))
    assert published == dataset_schema(OFFERS, lang)
    Draft202012Validator.check_schema(published)


#: What a hand changes: a value for another, a line away, a character.
VALUES = [
    "none",
    "1",
    "true",
    "5 KRW",
    "1h",
    "2025-02-29",
    "[]",
    "{}",
    "''",
    "open",
    "USDT",
    "가",
    "0.001 BTC",
    "-1",
    "null",
]


def _by_hand(text: str, n: int) -> str:
    draw = random.Random(n)
    lines = text.split("\n")
    at = draw.randrange(len(lines))
    key, colon, _ = lines[at].partition(":")
    how = draw.randrange(4)
    if how == 0:
        del lines[at]
    elif how == 1 and colon:
        lines[at] = f"{key}: {draw.choice(VALUES)}"
    elif how == 2 and lines[at]:
        cut = draw.randrange(len(lines[at]))
        lines[at] = lines[at][:cut] + draw.choice("x1, :{}-") + lines[at][cut + 1 :]
    else:
        words = lines[at].replace("{", "{ ").split(" ")
        words[draw.randrange(len(words))] = draw.choice(VALUES)
        lines[at] = " ".join(words)
    return "\n".join(lines)


@pytest.mark.parametrize("text", [MINE, SAMPLE[: SAMPLE.index("  upbit ETH/KRW")]], ids=["recorded", "generated"])
def test_model_and_schema_agree_on_random_edits(text: str) -> None:
    taken = 0
    for n in range(100):
        source = Source.of_text(_by_hand(text, n), "mine.yaml")
        found = check_dataset(source, INSTALLED)
        lines = source.lines
        for finding in found.findings:
            assert 1 <= finding.mark.line <= len(lines)
            assert 1 <= finding.mark.column <= len(lines[finding.mark.line - 1]) + 1
        if all(f.code.startswith("K5") for f in found.errors):  # what only a look at the whole finds, no schema says
            taken += 1
            assert [e.message for e in SCHEMA.iter_errors(read(source).data)] == []
        elif all(f.code.startswith(("K2", "K3")) for f in found.errors):
            assert not SCHEMA.is_valid(read(source).data), (n, [render(f.said) for f in found.errors])
    assert 5 < taken < 95


TOPS = """\
    tops:
      file: btc_tops.parquet
      every: {every}
      time: {{column: seen, unit: ms}}
      columns: {{bid: b, bid_amount: bs, ask: a, ask_amount: as}}
"""


def test_a_file_may_have_tops_beside_bars_or_in_their_place() -> None:
    beside = MINE.replace("    marks: none\n", TOPS.format(every="1s") + "    marks: none\n", 1)
    dataset = checked(beside).dataset
    assert dataset is not None
    tops = dataset.series[BTC].tops
    assert tops is not None
    assert (tops.path, tops.every_ms, tops.bid, tops.ask_amount) == (Path("data/btc_tops.parquet"), 1000, "b", "as")
    assert (tops.time.name, tops.time.unit) == ("seen", "ms")
    alone = re.sub(r"    bars:\n(      .*\n)+", "    bars: none\n" + TOPS.format(every="none"), MINE, count=1)
    dataset = checked(alone).dataset
    assert dataset is not None
    assert dataset.series[BTC].bars is None
    assert dataset.series[BTC].tops is not None
    assert dataset.series[BTC].tops.every_ms is None


def test_an_instrument_of_which_nothing_was_recorded_is_a_mistake() -> None:
    text = re.sub(r"    bars:\n(      .*\n)+", "    bars: none\n", MINE, count=1)
    (found,) = checked(text).errors
    assert (found.code, render(found.said)) == ("K503", "`upbit BTC/KRW` has neither bars nor tops")


def test_times_between_tops_are_whole_milliseconds() -> None:
    text = MINE.replace("    marks: none\n", TOPS.format(every="0.5ms") + "    marks: none\n", 1)
    assert [found.code for found in checked(text).errors] == ["K506"]
