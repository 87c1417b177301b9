"""A parameter class through which code could decide something for the owner cannot even be declared."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Annotated, Any, Literal

import pytest
from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from karb_core.rules.choices import Granted, IfGiven, Listed, OrNone
from karb_core.rules.export import json_schema
from karb_core.rules.mistakes import Kind, read_block
from karb_core.rules.params import Params
from karb_core.rules.ratio import Ratio
from karb_core.rules.roles import alternative, assumption, grant, rule, tech, wiring


class Limit(Params):
    """The class that the subclasses below spoil."""

    limit: Ratio = rule("the most", example="3%")


class Loose(BaseModel):
    value: float = 0.5


def _default_in_rule() -> None:
    class P(Params):
        limit: Ratio = rule("x", default="3%")


def _default_factory_in_assumption() -> None:
    class P(Params):
        limit: Ratio = assumption("x", default_factory=lambda: "3%")


def _default_in_wiring() -> None:
    class P(Params):
        market: str = wiring("x", default="KRW-BTC")


def _field_with_the_role_and_a_default() -> None:
    class P(Params):
        limit: Ratio = Field("3%", description="x", json_schema_extra={"x-karb-role": "rule"})


def _none_as_a_default() -> None:
    class P(Params):
        limit: Ratio | None = Field(None, description="x", json_schema_extra={"x-karb-role": "rule"})


def _a_subclass_adds_a_default() -> None:
    class P(Limit):
        limit: Ratio = Field("3%", description="x", json_schema_extra={"x-karb-role": "rule"})


def _a_subclass_writes_a_bare_value() -> None:
    class P(Limit):
        limit: Ratio = Decimal("0.03")


def _a_float() -> None:
    class P(Params):
        limit: float = rule("x")


def _a_float_in_a_list() -> None:
    class P(Params):
        limits: list[float] = rule("x")


def _a_float_deep_inside() -> None:
    class P(Params):
        limits: Mapping[str, tuple[OrNone[float], ...]] = rule("x")


def _a_float_beside_none() -> None:
    class P(Params):
        limit: Annotated[float | None, "x"] = rule("x")


def _a_float_in_a_technical_setting() -> None:
    class P(Params):
        wait: float = tech(0.5, "x")


def _a_foreign_model() -> None:
    class P(Params):
        loose: Loose = rule("x")


def _a_list_of_foreign_models() -> None:
    class P(Params):
        loose: Listed[Loose] = rule("x")


def _no_role() -> None:
    class P(Params):
        limit: int = 3


def _no_role_and_no_default() -> None:
    class P(Params):
        limit: Ratio


def _no_description() -> None:
    class P(Params):
        limit: int = tech(3, "")


def _a_blank_description() -> None:
    class P(Params):
        limit: Ratio = rule("  ")


def _a_setting_without_a_default() -> None:
    class P(Params):
        depth: int = Field(description="x", json_schema_extra={"x-karb-role": "tech"})


def _unknown_keys_ignored() -> None:
    class P(Params):
        model_config = ConfigDict(extra="ignore")
        limit: Ratio = rule("x")


def _unknown_keys_taken_without_a_type() -> None:
    class P(Params):
        model_config = ConfigDict(extra="allow")
        limit: Ratio = rule("x")


def _not_strict() -> None:
    class P(Params):
        model_config = ConfigDict(strict=False)
        limit: Ratio = rule("x")


def _not_frozen() -> None:
    class P(Params):
        model_config = ConfigDict(frozen=False)
        limit: Ratio = rule("x")


def _defaults_unread() -> None:
    class P(Params):
        model_config = ConfigDict(validate_default=False)
        limit: Ratio = rule("x")


def _a_before_validator() -> None:
    class P(Limit):
        @model_validator(mode="before")
        @classmethod
        def fill(cls, data: Any) -> Any:
            return {"limit": "3%"} | data


def _a_wrap_validator() -> None:
    class P(Limit):
        @model_validator(mode="wrap")
        @classmethod
        def fill(cls, data: Any, handler: Any) -> Any:
            return handler({"limit": "3%"} | data)


def _a_before_validator_of_a_field() -> None:
    class P(Limit):
        @field_validator("limit", mode="before")
        @classmethod
        def double(cls, value: Any) -> Any:
            return "3%"


def _a_plain_validator_of_a_field() -> None:
    class P(Limit):
        @field_validator("limit", mode="plain")
        @classmethod
        def double(cls, value: Any) -> Any:
            return Decimal("0.03")


def _a_grant_that_an_empty_value_would_give() -> None:
    class P(Params):
        over: Literal[True] | None = grant("x")


def _an_alternative_that_may_be_empty() -> None:
    class P(Params):
        one: Ratio | None = alternative("x")


def _a_choice_of_numbers() -> None:
    class P(Params):
        n: Literal[1, 2] = rule("x")


def _a_choice_of_true() -> None:
    class P(Params):
        n: OrNone[Literal[True]] = rule("x")


@pytest.mark.parametrize(
    ("declared", "told"),
    [
        (_default_in_rule, "a rule has no default: it belongs to the strategy's owner"),
        (_default_factory_in_assumption, "a assumption has no default"),
        (_default_in_wiring, "a wiring value has no default"),
        (_field_with_the_role_and_a_default, "P.limit: a rule may not have a default in code"),
        (_none_as_a_default, "P.limit: a rule may not have a default in code"),
        (_a_subclass_adds_a_default, "P.limit: a rule may not have a default in code"),
        (_a_subclass_writes_a_bare_value, r"P.limit: declare it with rule\(...\)"),
        (_a_float, "P.limit: use Decimal, Ratio or Money, not binary float"),
        (_a_float_in_a_list, "P.limits: use Decimal"),
        (_a_float_deep_inside, "P.limits: use Decimal"),
        (_a_float_beside_none, "P.limit: use Decimal"),
        (_a_float_in_a_technical_setting, "P.wait: use Decimal"),
        (_a_foreign_model, "P.loose"),
        (_a_list_of_foreign_models, "P.loose"),
        (_no_role, r"P.limit: declare it with rule\(...\), assumption\(...\), wiring\(...\) or tech\(default, ...\)"),
        (_no_role_and_no_default, "P.limit: declare it with"),
        (_no_description, "P.limit: needs a description: the owner reads it"),
        (_a_blank_description, "P.limit: needs a description"),
        (_a_setting_without_a_default, "P.depth: a technical setting needs a default"),
        (_unknown_keys_ignored, "P: unknown keys are refused"),
        (_unknown_keys_taken_without_a_type, "P: unknown keys are refused"),
        (_not_strict, "P: a parameter class stays strict"),
        (_not_frozen, "P: a parameter class stays frozen"),
        (_defaults_unread, "P: a parameter class stays validate_default"),
        (_a_before_validator, "P.fill: a validator that runs before could give a rule a value"),
        (_a_wrap_validator, "P.fill: a validator that runs before"),
        (_a_before_validator_of_a_field, "P.double: a validator that runs before"),
        (_a_plain_validator_of_a_field, "P.double: a validator that runs before"),
        (_a_grant_that_an_empty_value_would_give, "P.over: its type is IfGiven"),
        (_an_alternative_that_may_be_empty, "P.one: its type is IfGiven"),
        (_a_choice_of_numbers, "P.n: choices are words"),
        (_a_choice_of_true, "P.n: choices are words"),
    ],
)
def test_such_a_class_cannot_be_declared(declared: Callable[[], None], told: str) -> None:
    with pytest.raises(TypeError, match=told):
        declared()


def test_what_an_owner_may_leave_out_on_purpose_is_still_written() -> None:
    class P(Params):
        limit: OrNone[Ratio] = rule("the most, or none")

    absent = read_block(P, {})
    assert isinstance(absent, list)
    assert absent[0].kind is Kind.MISSING
    assert read_block(P, {"limit": "none"}) == P(limit="none")
    assert P(limit="none").limit is None


def test_parameters_do_not_change() -> None:
    limit = Limit(limit="3%")
    with pytest.raises(ValidationError, match="frozen"):
        limit.limit = Decimal(1)  # type: ignore[misc]


def test_a_technical_default_is_read_like_a_written_value() -> None:
    class P(Params):
        most: Ratio = tech("3%", "how much")

    class Wrong(Params):
        most: Ratio = tech("3", "how much")

    assert P().most == Decimal("0.03")
    assert isinstance(read_block(Wrong, {}), list)


def test_no_rule_has_a_default_in_the_schema() -> None:
    class P(Limit):
        over: Granted = grant("may go beyond")
        other: IfGiven[Ratio] = alternative("or this")
        depth: int = tech(15, "levels kept")

    properties = json_schema(P, "#")["properties"]
    assert {key for key, value in properties.items() if "default" in value} == {"depth"}
    assert {key: value["x-karb-role"] for key, value in properties.items()} == {
        "limit": "rule",
        "over": "rule",
        "other": "rule",
        "depth": "tech",
    }
    assert json_schema(P, "#")["additionalProperties"] is False
