"""Words in the place of values, keys that may be absent, lists: what each takes, and that empty is never an answer."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Any, Literal

import pytest
from jsonschema import Draft202012Validator

from karb_core.rules.choices import Distinct, Granted, IfGiven, Listed, OrNone, Some, WordOr
from karb_core.rules.duration import PositiveDuration
from karb_core.rules.export import json_schema
from karb_core.rules.mistakes import Mistake, read_block
from karb_core.rules.number import Number
from karb_core.rules.params import OneOf, Params
from karb_core.rules.ratio import PositiveRatio
from karb_core.rules.roles import alternative, grant, rule
from karb_core.texts.text import render


class Band(Params):
    band: PositiveRatio = rule("how far")


class Step(OneOf):
    retry: IfGiven[Band] = alternative("again")
    unwind: IfGiven[Band] = alternative("back")


class All(Params):
    over: Granted = grant("may go beyond")
    most: OrNone[PositiveRatio] = rule("the most, or none")
    closed: Annotated[PositiveDuration | None, WordOr("refuse")] = rule("how old, or refuse")
    side: OrNone[Literal["near", "far"]] = rule("which, or none")
    steps: Some[Annotated[Step | None, WordOr("halt")]] = rule("the ladder")
    at: Distinct[Literal["entry", "exit"]] = rule("where")
    any: Listed[Number] = rule("a list")


GOOD: dict[str, Any] = {
    "most": "none",
    "closed": "refuse",
    "side": "near",
    "steps": [{"retry": {"band": "1%"}}, "halt"],
    "at": ["entry"],
    "any": [],
}
SCHEMA = Draft202012Validator(json_schema(All, "#"))


def mistakes(**changed: object) -> list[Mistake]:
    data = {key: value for key, value in (GOOD | changed).items() if value is not Ellipsis}
    found = read_block(All, data)
    assert SCHEMA.is_valid(data) is not isinstance(found, list)
    return found if isinstance(found, list) else []


@pytest.mark.parametrize(
    "changed",
    [
        {},
        {"over": True},
        {"most": "1%"},
        {"closed": "80h"},
        {"side": "none"},
        {"side": "far"},
        {"steps": ["halt"]},
        {"steps": [{"unwind": {"band": "1bp"}}]},
        {"at": ["exit", "entry"]},
        {"any": [1, Decimal("0.5"), 1]},
    ],
)
def test_what_is_meant_is_taken(changed: dict[str, object]) -> None:
    assert mistakes(**changed) == []


@pytest.mark.parametrize(
    ("changed", "path", "told"),
    [
        ({"over": None}, ("over",), "there is no value"),
        ({"over": False}, ("over",), "only `true` can be written here; got `false`"),
        ({"over": 1}, ("over",), "only `true` can be written here; got `1`"),
        ({"over": Decimal(1)}, ("over",), "only `true` can be written here"),
        ({"over": "true"}, ("over",), "only `true` can be written here"),
        ({"most": None}, ("most",), "there is no value; write `none` if that is meant"),
        ({"most": "None"}, ("most",), "`None` cannot be used here: did you mean `none`?"),
        ({"most": "refuse"}, ("most",), "expected a ratio such as `0.8%` or `20bp`, got `refuse`"),
        ({"most": ...}, ("most",), ""),
        ({"closed": None}, ("closed",), "there is no value; write `refuse` if that is meant"),
        ({"closed": "none"}, ("closed",), "length of time"),
        ({"closed": "refuze"}, ("closed",), "did you mean `refuse`?"),
        ({"side": None}, ("side",), "there is no value; write `none` if that is meant"),
        ({"side": "nearr"}, ("side",), "must be one of near, far, none; got `nearr`"),
        ({"side": True}, ("side",), "must be one of near, far, none; got `true`"),
        ({"steps": []}, ("steps",), "needs at least 1 entries, got 0"),
        ({"steps": ["hlat"]}, ("steps", 0), "`hlat` cannot be used here: did you mean `halt`?"),
        ({"steps": [None]}, ("steps", 0), "there is no value; write `halt` if that is meant"),
        ({"steps": [{}]}, ("steps", 0), "write exactly one of `retry`, `unwind`; got 0 keys"),
        (
            {"steps": ["halt", {"retry": {"band": "1%"}, "unwind": {"band": "1%"}}]},
            ("steps", 1),
            "write exactly one of",
        ),
        ({"steps": [{"retry": None}]}, ("steps", 0, "retry"), "there is no value"),
        ({"steps": [{"retry": {"band": 1}}]}, ("steps", 0, "retry", "band"), "`1` has no unit: write `1%` or `100bp`"),
        ({"steps": {"retry": {"band": "1%"}}}, ("steps",), "expected a list"),
        ({"at": ["entry", "entry"]}, ("at",), "two entries are the same"),
        ({"at": []}, ("at",), "needs at least 1 entries, got 0"),
        ({"at": "entry"}, ("at",), "expected a list such as `[a, b]`, got `entry`"),
        ({"at": ["entri"]}, ("at", 0), "must be one of entry, exit; got `entri`"),
        ({"any": None}, ("any",), "there is no value"),
        ({"any": {}}, ("any",), "expected a list"),
    ],
)
def test_what_cannot_be_meant_is_one_mistake_at_its_place(
    changed: dict[str, object], path: tuple[str | int, ...], told: str
) -> None:
    (mistake,) = mistakes(**changed)
    assert mistake.path == path
    if told:
        assert told in render(mistake.text)


def test_a_word_reads_as_none_and_a_permission_not_written_is_not_given() -> None:
    read = read_block(All, GOOD)
    assert isinstance(read, All)
    assert (read.most, read.closed, read.over, read.steps[1]) == (None, None, None, None)
