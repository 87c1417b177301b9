"""A recording as the text of a dataset file. What a venue does not state in public the owner states."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from karb_core.errors import DataUnusable
from karb_core.history.recorded import FX, Series, series_in
from karb_core.history.segments import files_of_series
from karb_core.texts.text import Words
from karb_data.about import about


@dataclass(frozen=True, slots=True)
class Stated:
    """maintenance: the ratio of the maintenance margin as the owner writes it (`2.5%`), None for what the venue states."""

    name: str
    folder: str
    maintenance: str | None


def dataset_text(recording: Path, stated: Stated) -> str:
    """Errors: DataUnusable for an instrument of which the facts were never told, or the maintenance is not stated."""
    series = [s for s in series_in(recording) if not s.flagged and files_of_series(recording, s)]
    instruments: dict[tuple[str, str], list[Series]] = {}
    for each in series:
        if each.place != FX:
            instruments.setdefault((each.place, each.name), []).append(each)
    traded = {key: its for key, its in instruments.items() if {"bars", "tops"} & {each.kind for each in its}}
    said = {key: about(recording, its[0]) for key, its in traded.items()}
    lines = [
        "# yaml-language-server: $schema=../schemas/dataset.schema.json",
        "# Made by `karb data dataset`. Flagged rows are not in it.",
        "karb: 1",
        f"dataset: {stated.name}",
        f"folder: {_quoted(stated.folder)}",
        "",
        "series:",
    ]
    for key, its in traded.items():
        lines += [f"  {said[key].get('instrument', ' '.join(key))}:", *_series(its)]
    lines += ["", *_rates(recording, [each for each in series if each.place == FX]), "", "facts:"]
    for key in traded:
        lines += _facts(said[key], " ".join(key), stated.maintenance)
    return "\n".join(lines) + "\n"


def _series(its: Sequence[Series]) -> Iterator[str]:
    kinds = {each.kind: each for each in sorted(its, reverse=True)}
    if "bars" in kinds:
        bars = kinds["bars"]
        yield "    bars:"
        yield f"      file: {_files(bars)}"
        # karb: constant because a second has 1000 ms
        yield f"      length: {bars.bars_ms // 1000}s"
        yield "      time: {column: opened_at, is: open}"
        yield "      columns: {open: open, high: high, low: low, close: close, volume: volume}"
    else:
        yield "    bars: none"
    if "tops" in kinds:
        yield "    tops:"
        yield f"      file: {_files(kinds['tops'])}"
        yield "      every: none"
        yield "      time: {column: at}"
        yield "      columns: {bid: bid, bid_amount: bid_amount, ask: ask, ask_amount: ask_amount}"
    yield "    marks: none"
    if "funding" in kinds:
        yield f"    funding: {{file: {_files(kinds['funding'])}, settled: {{column: settled_at}}, rate: rate}}"
    else:
        yield "    funding: none"


def _rates(recording: Path, rates: Sequence[Series]) -> Iterator[str]:
    yield "rates:" if rates else "rates: {}"
    for each in rates:
        said = about(recording, each)
        yield f"  {each.name.replace('.', '-').replace('_', '-')}:"
        yield from (f"    {key}: {said.get(key)}" for key in ("base", "quote", "kind", "source"))
        yield f"    serves: [{said.get('use')}]"
        yield f"    file: {_files(each)}"
        yield "    known: {column: known_at, after: 0s}"
        yield "    value: value"


def _facts(said: Mapping[str, Any], name: str, maintenance: str | None) -> Iterator[str]:
    facts = said.get("facts")
    if facts is None:
        raise DataUnusable(
            Words(f"the venue never told what it asks of orders in {name}", f"{name}의 주문 규정을 받은 적이 없습니다"),
            Words("record again while the venue answers", "거래소가 응답할 때 다시 기록하세요"),
        )
    base, quote = said["instrument"].partition(" ")[2].split("/")
    perpetual = facts["kind"] == "perpetual"
    yield f"  {said['instrument']}:"
    yield f"    {facts['kind']}:"
    yield "      from: none"
    yield f"      amount_step: {facts['amount_step']} {base}"
    yield f"      min_amount: {_money(facts['min_amount'], base)}"
    yield f"      max_amount: {_money(facts['max_amount'], base)}"
    yield f"      min_notional: {_money(facts['min_notional'], quote)}"
    yield "      ticks:"
    yield from (f"        - {{from: {t['from_price']} {quote}, tick: {t['tick']} {quote}}}" for t in facts["ticks"])
    if perpetual:
        yield f"      contract: {facts['multiplier']} {base}"
        yield f"      margin: {facts['margin_asset']}"
        yield "      maintenance:"
        yield from _tiers(facts, quote, maintenance, name)


def _tiers(facts: Mapping[str, Any], quote: str, maintenance: str | None, name: str) -> Iterator[str]:
    if maintenance is not None:
        yield f"        - {{from: 0 {quote}, rate: {maintenance}, deduct: 0 {quote}}}"
        return
    if not facts["maintenance"]:
        raise DataUnusable(
            Words(
                f"the venue does not state the maintenance margin of {name}",
                f"{name}의 유지 증거금은 공개되지 않습니다",
            ),
            Words("name it: --maintenance 2.5%", "직접 쓰세요: --maintenance 2.5%"),
        )
    for tier in facts["maintenance"]:
        # karb: constant because a percent is a hundredth
        rate = f"{Decimal(tier['rate']).scaleb(2):f}%"
        yield f"        - {{from: {tier['from_notional']} {quote}, rate: {rate}, deduct: {tier['deduction']} {quote}}}"


def _files(series: Series) -> str:
    return f"{series.place}/{series.name}/{series.label}/*.parquet"


def _money(value: str | None, asset: str) -> str:
    # karb: constant because a bound that is not there, or zero, is none
    return "none" if value is None or not value.strip("0.") else f"{value} {asset}"


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
