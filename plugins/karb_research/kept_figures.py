"""Figures of a point as text, for a store that outlives the process: what is read is what was written, to the last bit."""

from __future__ import annotations

import json
from dataclasses import asdict, fields
from typing import Any

from karb_core.domain.amount import Amount
from karb_core.texts.text import Words
from karb_research.figures import Figures, PointFigures

#: What came of a point: its figures, or why there are none.
Found = PointFigures | Words


def written(found: Found) -> str:
    """JSON. Floats are written so that they are read back the same; money as text."""
    told = {"refused": [found.en, found.ko]} if isinstance(found, Words) else plain(found)
    return json.dumps(told, ensure_ascii=False, separators=(",", ":"), allow_nan=False)


def plain(found: PointFigures) -> dict[str, Any]:
    told = {name: getattr(found, name) for name in ("rules", "open_lots")}
    stretches = {"whole": found.whole, "in_sample": found.inside, "out_of_sample": found.outside}
    return {**told, "booked": found.booked.text()} | {
        name: None if each is None else {**asdict(each), "net": each.net.text()} for name, each in stretches.items()
    }


def read(text: str) -> Found:
    told = json.loads(text)
    if "refused" in told:
        return Words(*told["refused"])
    whole = _figures(told["whole"])
    assert whole is not None
    return PointFigures(
        rules=told["rules"],
        booked=Amount.read(told["booked"]),
        open_lots=told["open_lots"],
        whole=whole,
        inside=_figures(told["in_sample"]),
        outside=_figures(told["out_of_sample"]),
    )


def _figures(told: dict[str, Any] | None) -> Figures | None:
    if told is None:
        return None
    return Figures(**{field.name: told[field.name] for field in fields(Figures)} | {"net": Amount.read(told["net"])})
