"""A value that stands for a value of another file: kept as it is written, read there."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from decimal import Decimal
from typing import Annotated, Any

from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic_core import CoreSchema, core_schema

from karb_core.rules.written import as_written, custom_error
from karb_core.texts.text import Text

#: Words and quantities that every reader reads as this very text, wherever they stand.
_BARE = re.compile(r"[a-z][a-z0-9_]*(?:[.:-][a-z0-9_]+)*|[0-9]+(?:\.[0-9]+)?(?:%|bp|[smhdw]| [A-Z][A-Z0-9]*)")
_OTHER = frozenset({"true", "false", "null", "yes", "no", "on", "off", "y", "n", "nan", "inf"})


def flow(value: object) -> str:
    """YAML on one line that reads as this value. Errors: TypeError for what no reader gives."""
    match value:
        case None:
            return "null"
        case bool():
            return "true" if value else "false"
        case int():
            return str(value)
        case Decimal():
            return format(value, "f")
        case str():
            bare = _BARE.fullmatch(value) is not None and value not in _OTHER
            return value if bare else json.dumps(value, ensure_ascii=False)
        case dict():
            return "{" + ", ".join(f"{flow(str(key))}: {flow(inner)}" for key, inner in value.items()) + "}"
        case list():
            return "[" + ", ".join(map(flow, value)) + "]"
    raise TypeError(f"{type(value).__name__} is nothing that a file can say")


@dataclass(frozen=True, slots=True)
class AnyWritten:
    """Marks `str` as: whatever a file may say at one place, but nothing at all."""

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        def check(value: object) -> str:
            if value is None:
                raise custom_error(Text("value.empty", {}))
            try:
                return flow(value)
            except TypeError:
                raise custom_error(Text("text.expected", {"written": as_written(value)})) from None

        return core_schema.no_info_plain_validator_function(check)

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        return {"not": {"type": "null"}}


#: Any value of a strategy file, as YAML on one line.
WrittenValue = Annotated[str, AnyWritten()]
