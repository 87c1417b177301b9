"""What `karb why` tells of how a decision was carried out: each leg's times and price, and how far apart they were."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from karb_core.cli.terminal import Terminal, padded
from karb_core.domain.exact import text
from karb_core.domain.orders import Side
from karb_core.rules.shown import shown
from karb_core.texts.text import Said, Text

if TYPE_CHECKING:
    from karb_core.wiring.leg_times import IntentTimes, LegTimes

_MS = Decimal(1).scaleb(-6)  # karb: constant because a nanosecond is so many milliseconds
_STEPS = ("written", "durable", "sent", "answered", "filled")


def show_legs(terminal: Terminal, times: IntentTimes) -> None:
    """Times count from the decision; a step that was not taken, or was not kept, is a dash."""
    for leg in times.legs:
        terminal.out(f"  {padded(leg.instrument.text(), 24)} {terminal.say(_traded(leg))}")
        steps = {step: _ms(_since(getattr(leg, f"{step}_ns"), times.decided_ns)) for step in _STEPS}
        terminal.out(f"  {' ' * 24} {terminal.say(Text('why.leg_steps', steps))}")
        if leg.back.value:
            terminal.out(f"  {' ' * 24} {terminal.say(Text('why.leg_back', {'back': shown(leg.back.text())[0]}))}")
    if len(times.legs) > 1:
        apart = {what: _ms(getattr(times, f"{what}_apart_ns")) for what in ("sent", "answered", "filled")}
        told = Text("why.apart", {**apart, "after": _ms(times.answered_after_ns)})
        terminal.out(f"  {padded(terminal.say(Text('why.legs')), 24)} {terminal.say(told)}")


def legs_json(times: IntentTimes | None) -> dict[str, object] | None:
    """Times in nanoseconds of UTC since 1970, to the last digit; None for what was not carried out."""
    if times is None:
        return None
    return {
        "decided_ns": times.decided_ns,
        "sent_apart_ns": times.sent_apart_ns,
        "answered_apart_ns": times.answered_apart_ns,
        "filled_apart_ns": times.filled_apart_ns,
        "answered_after_ns": times.answered_after_ns,
        "legs": [_leg_json(leg) for leg in times.legs],
    }


def _leg_json(leg: LegTimes) -> dict[str, object]:
    return {
        "instrument": leg.instrument.text(), "side": leg.side.value, "orders": leg.orders,
        **{f"{step}_ns": getattr(leg, f"{step}_ns") for step in _STEPS},
        "planned": leg.planned.text(), "price": None if leg.price is None else text(leg.price),
        "traded": leg.traded.text(), "slippage": leg.slippage.text(),
        "slippage_bp": None if leg.bp is None else text(leg.bp), "back": leg.back.text(),
    }  # fmt: skip


def _traded(leg: LegTimes) -> Said:
    side = Text("why.bought") if leg.side is Side.BUY else Text("why.sold")
    told = {"side": side, "orders": leg.orders, "planned": shown(leg.planned.text())[0]}
    if leg.price is None or leg.bp is None:
        return Text("why.leg_nothing", told)
    price, traded, slippage = shown(text(leg.price), leg.traded.text(), leg.slippage.text())
    bp = f"{leg.bp:+.2f}"
    return Text("why.leg", {**told, "price": price, "traded": traded, "slippage": slippage, "bp": bp})


def _since(at_ns: int | None, decided_ns: int) -> int | None:
    return None if at_ns is None else at_ns - decided_ns


def _ms(ns: int | None) -> str:
    return "-" if ns is None else f"{Decimal(ns) * _MS:,.1f} ms"
