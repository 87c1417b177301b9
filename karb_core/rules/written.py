"""A value as the owner writes it: one pattern, one reading, the same in the model and in the schema."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic_core import CoreSchema, PydanticCustomError, core_schema

from karb_core.texts.text import Text

#: Digits as people group them, `40,000,000` or `40_000_000`. Lengths are bounded so that every text
#: that fits the pattern can be read exactly: nothing is left for the model to refuse alone.
WHOLE = r"(?:0|[1-9][0-9]{0,17}|[1-9][0-9]{0,2}(?:,[0-9]{3}){1,5}|[1-9][0-9]{0,2}(?:_[0-9]{3}){1,5})"
NUMBER = WHOLE + r"(?:\.[0-9]{1,18})?"
#: A sentence shows this much of what is written: a block of text by mistake is not repeated.
_SHOWN = 80  # karb: constant because it cuts a shown text
ABOVE_ZERO = r"(?=[0-9.,_]*[1-9])"


@dataclass(frozen=True, slots=True)
class Written:
    """Marks an annotated type as written text of one pattern.

    `read` gets the match and returns the value; it cannot fail on text that fits. `mistake` says what is
    wrong with anything else and what to write. The exported schema carries the same pattern, so that an
    editor and karb accept the same texts.
    """

    unit: str
    pattern: str
    read: Callable[[re.Match[str]], object]
    mistake: Callable[[object], Text]
    note: str = ""

    @property
    def anchored(self) -> str:
        # Python's `$` also stands before a last line break, JavaScript's does not: both refuse one.
        return rf"^(?:{self.pattern})$(?!\n)"

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        pattern = re.compile(self.anchored)

        def check(value: object) -> object:
            match = pattern.search(value) if isinstance(value, str) else None
            if match is None:
                raise custom_error(self.mistake(value))
            return self.read(match)

        return core_schema.no_info_plain_validator_function(check)

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        return {"type": "string", "pattern": self.anchored, "x-karb-unit": self.unit}


def custom_error(text: Text) -> PydanticCustomError:
    """The error pydantic carries for us: its type is the sentence's key, its context the arguments."""
    return PydanticCustomError(text.key, "{key}", {**text.args, "key": text.key})


def as_written(value: object) -> str:
    """How a value that was read from YAML looks in a sentence."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, dict):
        return "{...}"
    if isinstance(value, list):
        return "[...]"
    words = " ".join(str(value).split())
    return words if len(words) <= _SHOWN else words[: _SHOWN - 3] + "..."  # karb: constant because three points follow


def digits(text: str) -> str:
    """The number without its grouping."""
    return text.replace(",", "").replace("_", "")
