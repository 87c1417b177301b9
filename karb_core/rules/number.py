"""Plain numbers, where a unit would say nothing: a z-score, a leverage, a count."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Annotated, Any

from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic_core import CoreSchema, core_schema

from karb_core.rules.written import as_written, custom_error
from karb_core.texts.text import Text

_LARGEST = 10**12  # karb: constant because it bounds what can be meant at all, far beyond any rule


@dataclass(frozen=True, slots=True)
class Plain:
    """Marks an annotated type as a plain number from `least` (excluded where `above`) to 10^12."""

    least: int
    above: bool = False
    whole: bool = False

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        def check(value: object) -> int | Decimal:
            if isinstance(value, bool) or not isinstance(value, int if self.whole else int | Decimal):
                key = "number.whole" if self.whole else "number.shape"
                raise custom_error(Text(key, {"written": as_written(value)}))
            if value < self.least or (self.above and value == self.least):
                key = "number.above" if self.above else "number.least"
                raise custom_error(Text(key, {"written": as_written(value), "least": str(self.least)}))
            if value > _LARGEST:
                raise custom_error(Text("number.largest", {"written": as_written(value)}))
            return value if self.whole else Decimal(value)

        return core_schema.no_info_plain_validator_function(check)

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        bound = "exclusiveMinimum" if self.above else "minimum"
        kind = "integer" if self.whole else "number"
        return {"type": kind, bound: self.least, "maximum": _LARGEST, "x-karb-unit": "count" if self.whole else "plain"}


Number = Annotated[Decimal, Plain(least=0)]
PositiveNumber = Annotated[Decimal, Plain(least=0, above=True)]
PositiveCount = Annotated[int, Plain(least=1, whole=True)]
