"""The base of every parameter class: what it may not declare cannot even be imported."""

from __future__ import annotations

import os
from typing import Any, ClassVar

# pydantic lets any installed package step into every validation: here a package acts only where a file names it.
os.environ["PYDANTIC_DISABLE_PLUGINS"] = "__all__"

from pydantic import BaseModel, ConfigDict, model_validator

from karb_core.rules.class_check import check_class
from karb_core.rules.written import custom_error
from karb_core.texts.text import Text


class Params(BaseModel):
    """What an owner may write under `with:`, and the blocks inside it.

    Strict, frozen, no unknown keys. Values come in as read from YAML (`limit="5s"`) and stand inside as
    exact values. Errors: the class statement raises TypeError where a rule could get a value from code.
    """

    model_config = ConfigDict(
        extra="forbid", frozen=True, strict=True, validate_default=True, defer_build=True, protected_namespaces=()
    )
    karb_block: ClassVar[bool] = True

    @classmethod
    def __pydantic_init_subclass__(cls, **kwargs: Any) -> None:
        super().__pydantic_init_subclass__(**kwargs)
        check_class(cls)


class OneOf(Params):
    """A block of which exactly one key is written, each declared with `alternative(...)`."""

    model_config = ConfigDict(json_schema_extra={"minProperties": 1, "maxProperties": 1})

    @model_validator(mode="before")
    @classmethod
    def _exactly_one(cls, data: Any) -> Any:
        if isinstance(data, dict) and len(data) != 1:
            keys = ", ".join(f"`{field.alias or name}`" for name, field in cls.model_fields.items())
            raise custom_error(Text("one_of", {"keys": keys, "count": len(data)}))
        return data
