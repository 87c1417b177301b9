"""What a recording says of an instrument or a rate beside its files: `about.json`."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict
from decimal import Decimal
from pathlib import Path
from typing import Any

from karb_core.domain.instrument import Instrument, InstrumentFacts
from karb_core.domain.market import FxRate
from karb_core.history.recorded import ABOUT, Series


def tell_instrument(folder: Path, instrument: Instrument, facts: InstrumentFacts | None) -> None:
    """Facts that are told stand in the place of those that were; without any, what is there stays."""
    at = Series.of(instrument, "tops").under(folder).parent
    said: dict[str, Any] = {"instrument": instrument.text()}
    if facts is not None:
        said["facts"] = {**asdict(facts), "kind": facts.kind.value, "instrument": instrument.text()}
    elif (at / ABOUT).is_file():
        return
    _write(at, said)


def tell_rate(folder: Path, use: str, rate: FxRate) -> None:
    at = Series.rate(use).under(folder).parent
    if not (at / ABOUT).is_file():
        said = {"use": use, "base": rate.base, "quote": rate.quote, "source": rate.source, "kind": rate.kind.value}
        _write(at, said)


def about(folder: Path, series: Series) -> Mapping[str, Any]:
    """Empty where nothing is told, or what is there cannot be read."""
    try:
        found = json.loads((series.under(folder).parent / ABOUT).read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def _write(at: Path, said: Mapping[str, Any]) -> None:
    at.mkdir(parents=True, exist_ok=True)
    half = at / f"{ABOUT}.half"
    half.write_text(json.dumps(said, default=_plain, indent=1) + "\n", "utf-8")
    half.replace(at / ABOUT)


def _plain(value: object) -> str:
    if isinstance(value, Decimal):
        return format(value, "f")
    raise TypeError(type(value).__name__)
