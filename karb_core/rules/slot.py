"""A place where a component is named: `{use: plugin.component, with: {...}}`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar, Literal

from pydantic import BaseModel, ConfigDict, Field, GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic_core import CoreSchema, core_schema

from karb_core.rules.choices import Distinct
from karb_core.rules.written import Written, as_written, custom_error
from karb_core.texts.text import Text

#: `plugin.component`: the part before the point is the entry point's name.
USE = "[a-z][a-z0-9_]{0,39}[.][a-z][a-z0-9_]{0,39}"


def _use_mistake(value: object) -> Text:
    return Text("slot.use", {"written": as_written(value)})


def _id_mistake(value: object) -> Text:
    return Text("name.shape", {"written": as_written(value)})


class _RawBlock:
    """Takes the block under `with:` as it is; the component's own model reads it."""

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        def check(value: object) -> object:
            if not isinstance(value, dict):
                raise custom_error(Text("block.expected", {"written": as_written(value)}))
            return value

        return core_schema.no_info_plain_validator_function(check)

    @classmethod
    def __get_pydantic_json_schema__(cls, schema: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        return {"type": "object"}


class Slot(BaseModel):
    """A named component, not yet dispatched. `with_` is absent where the component takes no parameters."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, defer_build=True)
    karb_block: ClassVar[bool] = True

    use: Annotated[str, Written("component", USE, lambda m: m[0], _use_mistake)] = Field(
        description="Which component: `plugin.component`",
        examples=["plugin.component"],
        json_schema_extra={"x-karb-ko": "어떤 부품인지: `플러그인.부품`"},
    )
    with_: Annotated[Mapping[str, Any] | None, _RawBlock] = Field(
        None,
        alias="with",
        description="The component's parameters",
        json_schema_extra={"x-karb-ko": "이 부품의 매개변수"},
    )
    id: Annotated[str | None, Written("name", r"[\w-]{1,40}", lambda m: m[0], _id_mistake)] = Field(
        None,
        description="A name of your own, to tell two of one kind apart",
        json_schema_extra={"x-karb-ko": "같은 부품이 둘일 때 구별하는 이름"},
    )


class GateSlot(Slot):
    """A gate also says where it is asked."""

    at: Distinct[Literal["entry", "exit"]] = Field(
        description="Where it is asked: at entries, at exits that your exit policy takes, or both",
        examples=["[entry, exit]"],
        json_schema_extra={"x-karb-ko": "어디에서 묻는지: 진입(entry), 청산 규칙이 내는 청산(exit), 또는 둘 다"},
    )
