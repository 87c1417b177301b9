"""Values with a word in their place, and lists."""

from __future__ import annotations

from dataclasses import dataclass
from difflib import get_close_matches
from typing import Annotated, Any, TypeVar

from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic_core import CoreSchema, ValidationError, core_schema

from karb_core.rules.written import as_written, custom_error
from karb_core.texts.text import Text

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class WordOr:
    """Marks `X | None` as: the word, or a value of X. The word reads as None; an empty value is an error."""

    word: str

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        def check(value: object, inner: core_schema.ValidatorFunctionWrapHandler) -> object:
            if value == self.word:
                return None
            if value is None:
                raise custom_error(Text("word.empty", {"word": self.word}))
            try:
                return inner(value)
            except ValidationError:
                if isinstance(value, str) and get_close_matches(value.lower(), [self.word], 1, 0.6):
                    raise custom_error(Text("word.near", {"word": self.word, "written": value})) from None
                raise

        return core_schema.no_info_wrap_validator_function(check, handler(source))

    def __get_pydantic_json_schema__(self, schema: Any, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        return {"if": {"const": self.word}, "then": {}, "else": _without_null(handler(schema["schema"]))}


@dataclass(frozen=True, slots=True)
class Given:
    """Marks `X | None` as: a value of X, or the key is not there at all. An empty value is an error."""

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        def check(value: object, inner: core_schema.ValidatorFunctionWrapHandler) -> object:
            if value is None:
                raise custom_error(Text("value.empty", {}))
            return inner(value)

        return core_schema.no_info_wrap_validator_function(check, handler(source))

    def __get_pydantic_json_schema__(self, schema: Any, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        return _without_null(handler(schema["schema"]))


@dataclass(frozen=True, slots=True)
class Exactly:
    """Marks a type as this one value. pydantic's own `Literal` also takes `true` and `1.0` for 1, and 1 for `true`."""

    value: bool | int

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        def check(value: object) -> bool | int:
            if type(value) is not type(self.value) or value != self.value:
                raise custom_error(Text("exactly", {"only": as_written(self.value), "written": as_written(value)}))
            return self.value

        return core_schema.no_info_plain_validator_function(check)

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        return {"const": self.value, "type": "boolean" if isinstance(self.value, bool) else "integer"}


@dataclass(frozen=True, slots=True)
class Several:
    """Marks a tuple as a YAML list of at least `least` values, no two alike where `unique`."""

    least: int = 0
    unique: bool = False

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        def check(value: object, inner: core_schema.ValidatorFunctionWrapHandler) -> object:
            if not isinstance(value, list | tuple):
                raise custom_error(Text("list.expected", {"written": as_written(value)}))
            if len(value) < self.least:
                raise custom_error(Text("list.least", {"least": self.least, "count": len(value)}))
            if self.unique and any(v in value[:i] for i, v in enumerate(value)):
                raise custom_error(Text("list.unique", {}))
            return inner(tuple(value))

        return core_schema.no_info_wrap_validator_function(check, handler(source))

    def __get_pydantic_json_schema__(self, schema: Any, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        inner = dict(handler(schema["schema"]))
        bounds = {"minItems": self.least} if self.least else {}
        return inner | bounds | ({"uniqueItems": True} if self.unique else {})


@dataclass(frozen=True, slots=True)
class Later:
    """Marks an alternative that came after files were approved without it: not written, it is no part of a digest."""


def _without_null(schema: dict[str, Any]) -> dict[str, Any]:
    """pydantic writes `X | None` as anyOf [X, null]; null is no value in a strategy file."""
    found: dict[str, Any] = schema["anyOf"][0] if "anyOf" in schema else schema
    return found


#: The value, if the key is there: for `alternative`.
IfGiven = Annotated[T | None, Given()]
#: The same, of a key that there was not always: who does not write it keeps the digest there was.
IfGivenLater = Annotated[T | None, Given(), Later()]
#: `true`, if the key is there: for `grant`.
Granted = IfGiven[Annotated[bool, Exactly(True)]]
#: The value, or the word `none`, which reads as None.
OrNone = Annotated[T | None, WordOr("none")]
#: A list, possibly empty (`[]`).
Listed = Annotated[tuple[T, ...], Several()]
#: A list of one or more.
Some = Annotated[tuple[T, ...], Several(least=1)]
#: A list of one or more, no two alike.
Distinct = Annotated[tuple[T, ...], Several(least=1, unique=True)]
