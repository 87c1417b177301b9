"""What a ledger knows of one run, as frozen values that a command of a plugin may look at."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from karb_core.domain.decisions import Cited, DecisionKind, LegTarget
from karb_core.domain.lots import Lot
from karb_core.domain.trade import Trade


@dataclass(frozen=True, slots=True)
class Stated:
    """One value of the owner's. value: canonical text, the same for two that mean the same; assumed: what a simulated run
    takes for true, and no rule."""

    cited: Cited
    value: str
    assumed: bool


@dataclass(frozen=True, slots=True)
class Decided:
    """One decision. Times in ns of UTC: a refusal that went on has its first and its last, and how often it came.

    by: the lines that made it; denied: those of them that said no; legs: what it planned; lot_ids: which lots it leaves.
    """

    kind: DecisionKind
    pair: str
    side: str
    tier: str | None
    cause: str
    at_ns: int
    until_ns: int
    times: int
    by: tuple[Cited, ...]
    denied: tuple[Cited, ...]
    legs: tuple[LegTarget, ...]
    lot_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Ran:
    """One run. Times in ns of UTC; ended_ns None while it goes on; over data both are the data's.

    lines: by pointer (`/signal/with/window`), every value of its rules, and of its assumptions where these are known;
    digests: of rules, assumptions, and dataset where there was one; trades: lots that it opened and that ended, by the
    asset they are counted in, in the order in which they ended; open_lots: those it opened that did not.
    """

    run: str
    strategy: str
    mode: str
    began_ns: int
    ended_ns: int | None
    lines: Mapping[str, Stated]
    digests: Mapping[str, str]
    decisions: tuple[Decided, ...]
    trades: Mapping[str, tuple[Trade, ...]]
    open_lots: tuple[Lot, ...]
