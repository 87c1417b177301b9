"""JSON as venues write it: decimals as numbers with all their digits, never through a float."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from decimal import Decimal

from karb_core.domain import exact

Json = str | int | bool | Decimal | None | Mapping[str, "Json"] | Sequence["Json"]


def written(value: Json) -> str:
    """Without spaces. Shape of a decimal: `124350000.0`, `0.00000001`; money that is told as text comes as a str."""
    match value:
        case Decimal():
            text = exact.text(value)
            return text if "." in text else f"{text}.0"
        case str() | int() | None:
            return json.dumps(value, ensure_ascii=False)
        case Mapping():
            return "{" + ",".join(f"{written(key)}:{written(inner)}" for key, inner in value.items()) + "}"
    return "[" + ",".join(map(written, value)) + "]"
