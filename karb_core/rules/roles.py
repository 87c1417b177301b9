"""The four roles of a parameter, declared per field.

rule        the owner's decision: no default can exist
assumption  what a simulated run takes for true: the owner's, no default, digested apart
wiring      which account, which market, which file: no default
tech        a setting of the machine: a default is required; one that changes a decision is a bug

In doubt it is a rule.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Any, Literal

from pydantic import Field

from karb_core.texts.text import Words


class Role(StrEnum):
    RULE = "rule"
    ASSUMPTION = "assumption"
    WIRING = "wiring"
    TECH = "tech"
    COMPONENT = "component"


Tighter = Literal["lower", "higher"]


def rule(
    description: str, *, ko: str = "", example: str | None = None, tighter: Tighter | None = None, **more: Any
) -> Any:
    """A decision of the owner. `tighter` says in which direction it allows less, for `karb diff`."""
    _refuse_default("rule", more)
    return Field(**_field(Role.RULE, description, ko, example, tighter=tighter), **more)


def assumption(description: str, *, ko: str = "", example: str | None = None, **more: Any) -> Any:
    """What a simulated run takes for true. It never reaches a live order."""
    _refuse_default("assumption", more)
    return Field(**_field(Role.ASSUMPTION, description, ko, example), **more)


def wiring(description: str, *, ko: str = "", example: str | None = None, **more: Any) -> Any:
    """Which account, which market, which file."""
    _refuse_default("wiring value", more)
    return Field(**_field(Role.WIRING, description, ko, example), **more)


def tech(default: Any, description: str, *, ko: str = "", example: str | None = None, **more: Any) -> Any:
    """A setting of the machine, shown by `karb plan`. It may change when, never what, karb decides.

    The default is written as the owner would write it, and is read by the field's own type.
    """
    return Field(default, **_field(Role.TECH, description, ko, example), **more)


def grant(description: str, *, ko: str = "") -> Any:
    """A permission: `true`, or not written. Not written is not granted, so nothing is assumed.
    Its type is `Granted`."""
    return Field(None, validate_default=False, **_field(Role.RULE, description, ko, "true", absent="not granted"))


def alternative(
    description: str, *, ko: str = "", example: str | None = None, absent: str = "another was chosen"
) -> Any:
    """One of several keys of a `OneOf` block, of which exactly one is written; its type is `IfGiven[...]`.

    absent: what was chosen by not writing it, where that is a choice by itself.
    """
    return Field(None, validate_default=False, **_field(Role.RULE, description, ko, example, absent=absent))


def component(port: str, description: str, *, ko: str = "", alias: str | None = None) -> Any:
    """A place for a component of one port: `{use: ..., with: {...}}`, or a list or block of those. `alias`: as it is written,
    where Python keeps that word for itself."""
    more: dict[str, Any] = {} if alias is None else {"alias": alias}
    return Field(**_field(Role.COMPONENT, description, ko, None, port=port), **more)


def described(field: Any) -> Words:
    """The field's description in both languages."""
    extra = field.json_schema_extra or {}
    return Words(field.description or "", str(extra.get("x-karb-ko", "")))


def _refuse_default(what: str, more: dict[str, Any]) -> None:
    if {"default", "default_factory"} & more.keys():
        raise TypeError(f"a {what} has no default: it belongs to the strategy's owner")


def _field(role: Role, description: str, ko: str, example: str | None, **extra: object) -> dict[str, Any]:
    exported = {"x-karb-role": str(role), "x-karb-ko": ko} | {f"x-karb-{k}": v for k, v in extra.items() if v}
    return {
        "description": description,
        "examples": [example] if example is not None else None,
        "json_schema_extra": {k: v for k, v in exported.items() if v},
    }
