"""Numbers as Bithumb writes them: whole where they are whole."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from karb_lab.json_text import Json


def whole_where_whole(value: Json) -> Json:
    """Shape: `124330000`, `0.0289`, never `124330000.0`."""
    match value:
        case Decimal() if value == value.to_integral_value():
            return int(value)
        case Mapping():
            return {name: whole_where_whole(inner) for name, inner in value.items()}
        case list():
            return [whole_where_whole(inner) for inner in value]
    return value
