"""Where a model's complaint belongs in the file: its path without pydantic's tags."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal

import pytest
from pydantic import ConfigDict, Field

from karb_core.rules.choices import Listed, OrNone
from karb_core.rules.mistakes import Kind, read_block
from karb_core.rules.params import Params
from karb_core.rules.ratio import Ratio
from karb_core.rules.roles import component, rule
from karb_core.rules.shape import extra_shape, locate, places
from karb_core.rules.slot import Slot


class Limit(Params):
    kind: Literal["limit"] = rule("which")
    limit: Ratio = rule("named like its own tag")
    offset: Ratio = rule("how far")


class Market(Params):
    kind: Literal["market", "taker"] = rule("which")
    market: Ratio = rule("named like its own tag")


Order = Annotated[Limit | Market, Field(discriminator="kind")]


class Tier(Params):
    z: Ratio = rule("how far out")
    for_: Ratio = rule("a key that is no Python name", alias="for")


class Named(Params):
    model_config = ConfigDict(extra="allow")
    __pydantic_extra__: dict[str, Tier]

    of: Ratio = rule("of what")


class Whole(Params):
    order: Order = rule("how")
    orders: Listed[Order] = rule("several")
    limit: Order = rule("a place named like a tag")
    tiers: Mapping[str, Tier] = rule("by name")
    named: Named = rule("by its own names")
    maybe: OrNone[Tier] = rule("one, or none")


def good() -> dict[str, Any]:
    order = {"kind": "limit", "limit": "1%", "offset": "1%"}
    tier = {"z": "1%", "for": "1%"}
    return {
        "order": dict(order),
        "orders": [dict(order), {"kind": "taker", "market": "1%"}],
        "limit": dict(order),
        "tiers": {"z": dict(tier)},
        "named": {"of": "1%", "ultra": dict(tier)},
        "maybe": dict(tier),
    }


def wrong(*path: str | int, to: object) -> list[tuple[tuple[str | int, ...], str | None, Kind]]:
    data: Any = good()
    here = data
    for key in path[:-1]:
        here = here[key]
    here[path[-1]] = to
    found = read_block(Whole, data)
    assert isinstance(found, list)
    return [(m.path, m.key, m.kind) for m in found]


def test_what_is_right_is_read() -> None:
    assert isinstance(read_block(Whole, good()), Whole)


@pytest.mark.parametrize(
    "path",
    [
        ("order", "limit"),
        ("order", "offset"),
        ("limit", "limit"),
        ("orders", 0, "limit"),
        ("orders", 1, "market"),
        ("tiers", "z", "z"),
        ("tiers", "z", "for"),
        ("named", "ultra", "z"),
        ("named", "ultra", "for"),
        ("named", "of"),
        ("maybe", "for"),
    ],
)
def test_a_wrong_value_is_found_where_it_stands(path: tuple[str | int, ...]) -> None:
    assert wrong(*path, to="x") == [(path, path[-1], Kind.VALUE)]


@pytest.mark.parametrize("path", [("order", "extra"), ("orders", 1, "limit"), ("tiers", "z", "for_"), ("maybe", "of")])
def test_an_unknown_key_is_found_where_it_stands(path: tuple[str | int, ...]) -> None:
    assert (path, path[-1], Kind.UNKNOWN) in wrong(*path, to="1%")


@pytest.mark.parametrize(
    ("path", "to", "missing"),
    [
        (("orders", 1), {"kind": "market"}, ("orders", 1, "market")),
        (("tiers", "z"), {"z": "1%"}, ("tiers", "z", "for")),
        (("named", "ultra"), {"for": "1%"}, ("named", "ultra", "z")),
        (("limit",), {"kind": "limit", "limit": "1%"}, ("limit", "offset")),
    ],
)
def test_a_missing_key_is_found_where_it_would_stand(
    path: tuple[str | int, ...], to: object, missing: tuple[str | int, ...]
) -> None:
    assert wrong(*path, to=to) == [(missing, missing[-1], Kind.MISSING)]


@pytest.mark.parametrize(
    ("path", "to"),
    [
        (("order",), {}),
        (("order",), {"kind": "nope"}),
        (("order",), "x"),
        (("order",), []),
        (("orders", 0), 3),
        (("orders",), {}),
        (("tiers",), []),
        (("tiers", "z"), 1),
        (("named", "ultra"), "1%"),
        (("named",), [1]),
        (("maybe",), "x"),
        (("order", "kind"), None),
        (("order", "kind"), {}),
        (("order",), {"kind": ["limit"]}),
    ],
)
def test_a_block_that_is_none_is_one_mistake_inside_it(path: tuple[str | int, ...], to: object) -> None:
    ((found, _, _),) = wrong(*path, to=to)
    assert found[: len(path)] == path or path[: len(found)] == found


def test_locate_drops_the_tag_and_names_who_lacks_what() -> None:
    assert locate(Whole, ("order", "limit", "limit")) == (("order", "limit"), Limit, "limit")
    assert locate(Whole, ("orders", 1, "market", "market")) == (("orders", 1, "market"), Market, "market")
    assert locate(Whole, ("named", "ultra", "z")) == (("named", "ultra", "z"), Tier, "z")
    assert locate(Whole, ()) == ((), Whole, None)
    assert locate(Whole, ("order", "no such tag", "x"))[0] == ("order",)


def test_places_for_components_are_found_whatever_else_is_wrong() -> None:
    class Inner(Params):
        of: Slot = component("signal", "one")

    class Outer(Params):
        one: Slot = component("feed", "one")
        many: Listed[Slot] = component("risk_gate", "many")
        maybe: OrNone[Slot] = component("executor", "one or none")
        block: Inner = rule("a block")

    data = {
        "one": "wrong",
        "many": [{"use": "a.b"}, 3],
        "maybe": "none",
        "block": {"of": {"use": "c.d"}, "x": 1},
        "y": 2,
    }
    found = [(place.path, place.port) for place in places(Outer, data)]
    assert found == [
        (("one",), "feed"),
        (("many", 0), "risk_gate"),
        (("many", 1), "risk_gate"),
        (("maybe",), "executor"),
        (("block", "of"), "signal"),
    ]
    assert list(places(Outer, [1])) == []


def test_only_a_class_that_names_the_type_of_further_keys_has_one() -> None:
    assert extra_shape(Whole) is None
    shape = extra_shape(Named)
    assert shape is not None
    assert shape.block is Tier
