"""One pair where its data end, the shipped scenarios, and what a rehearsal came to, as the tests ask for it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

from karb_core.domain.amount import Amount
from karb_core.domain.decisions import Cause, Cited, Decision, DecisionKind, Denied
from karb_core.domain.halt import Halt
from karb_core.domain.instrument import Instrument
from karb_core.ports import Notice, NoticeKind, Rehearsed, Setting, Uneven, Watched
from karb_core.rulebook.reader import read
from karb_core.rulebook.source import Source
from karb_research.scenario import Scenario
from tests.plugins.scene import FAR, NEAR, SECOND, rates
from tests.venue.accounts import facts

HOUSE = Path(__file__).parents[3]
SCENARIOS = sorted((HOUSE / "scenarios").glob("*.yaml"))
MINUTE = 60 * SECOND
BAR = 5 * MINUTE
OPENS = 1_000_000 * BAR
#: Near is 1 % above far: 101,000,000 against 100,000 at a rate of 1000.
LAST = {NEAR: Decimal(101_000_000), FAR: Decimal(100_000)}
LINES = {
    "/execution/unhedged_for": Cited("/execution/unhedged_for", "mine.yaml", 80, "10s"),
    "/execution/on_one_leg/0": Cited("/execution/on_one_leg/0", "mine.yaml", 82, "50bp"),
    "/execution/on_one_leg/1": Cited("/execution/on_one_leg/1", "mine.yaml", 83, "halt"),
}


def setting() -> Setting:
    stated = {instrument: facts(instrument) for instrument in (NEAR, FAR)}
    return Setting({"BTC": (NEAR, FAR)}, BAR, stated, OPENS, LAST, rates())


def scenario(*events: str, **changes: Any) -> Scenario:
    """A quiet day with these events: `open 30s 1m: {silent: {legs: near}}` is its part, when, how long, and what."""
    base = written((HOUSE / "scenarios" / "flash-crash.yaml").read_text(encoding="utf-8"))
    return Scenario.model_validate(base | {"events": [_event(event) for event in events]} | changes)


def written(text: str) -> dict[str, Any]:
    """What karb reads in a file of this text."""
    found: dict[str, Any] = read(Source.of_text(text)).data
    return found


def _event(told: str) -> dict[str, Any]:
    head, _, happens = told.partition(": ")
    when, after, lasts, *counted = head.split()
    start = counted[0] if counted else "start"
    return {"when": when, "from": start, "after": after, "for": lasts, "happens": written(f"it: {happens}")["it"]}


def watched(open_lots: int = 0, entered: int = 0, at_work: bool = False) -> Watched:
    return Watched(open_lots, at_work, entered, 0, Halt.NONE)


def notice(kind: NoticeKind) -> Notice:
    return Notice(kind, OPENS, "BTC", "paper", {})


def decision(kind: DecisionKind = DecisionKind.ENTRY, *denied: str) -> Decision:
    return Decision(
        kind=kind, at_ns=OPENS, pair="BTC", side="long_premium", tier=None, cause=Cause.TAKEN,
        cited=(Cited("/signal/with/entry", "mine.yaml", 54, "2.0"),), seen=(),
        denied=tuple(Denied(rule, "seen", "wanted") for rule in denied), legs=(), lot_ids=(), intent_id=None,
        rules_digest="sha256:ab",
    )  # fmt: skip


def came(**changes: Any) -> Rehearsed:
    """Entered and left, told both, even throughout."""
    good = Rehearsed(
        decisions=(decision(), decision(DecisionKind.EXIT)),
        notices=(notice(NoticeKind.ENTRY), notice(NoticeKind.EXIT)),
        uneven=(),
        left_open={},
        booked={},
        result=Amount(Decimal(-1200), "KRW"),
        halts={},
        climbed={},
        orders=4,
        fills=4,
        began_ns=OPENS,
        ended_ns=OPENS + BAR,
    )
    return replace(good, **changes)


def uneven(lasted_ns: int) -> Uneven:
    return Uneven("BTC", Amount(Decimal("0.1"), "BTC"), lasted_ns, Amount(Decimal(10_100_000), "KRW"))


def open_legs(near: str = "0", far: str = "0") -> Mapping[Instrument, Decimal]:
    return {i: Decimal(base) for i, base in ((NEAR, near), (FAR, far)) if Decimal(base)}
