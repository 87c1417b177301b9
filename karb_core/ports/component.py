"""What every component class has, whatever port it fills."""

from __future__ import annotations

from enum import StrEnum
from typing import ClassVar, Literal, Protocol, runtime_checkable

from karb_core.rules.params import Params

PORTS = ("feed", "fx_source", "signal", "sizing", "risk_gate", "executor", "notifier")
Mode = Literal["backtest", "paper", "live"]


class Stage(StrEnum):
    """How far a component is. A run refuses ANNOUNCED: its parameters are final, its behaviour is not there."""

    STABLE = "stable"
    EXPERIMENTAL = "experimental"
    DEPRECATED = "deprecated"
    ANNOUNCED = "announced"


@runtime_checkable
class Component(Protocol):
    """What every component class has. Its constructor takes its Params and does no I/O.

    name:    the part after the point in `use: plugin.name`
    Params:  what the owner may write under `with:`

    A class may also say, each as a class attribute or class method:
    stage    how far it is (`Stage`, default stable)
    extras   extras of its distribution that it needs when a strategy opens it
    modes    the modes it can serve (default all)
    about    one sentence in both languages (`Words`; default the docstring's first line)
    venues(params) -> the venues it serves, for feeds and executors (None: whatever it is asked for)
    at_local(params, addresses) -> its parameters at venues of this machine (`ReachesLocal`), for what reaches venues
    called   what people call its venues (`{venue: Words}`), for notices
    review(params, file) -> concerns only it can have, about a `FileView`
    """

    name: ClassVar[str]
    Params: ClassVar[type[Params]]
