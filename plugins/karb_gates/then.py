"""What a gate does beside refusing entries while its limit is passed: the owner's word, and how much of trading it stops."""

from __future__ import annotations

from typing import Any, Literal

from karb_core.rules.roles import rule

Then = Literal["refuse", "stop_entries", "reduce", "flatten"]


def then() -> Any:
    """The rule of every gate that may watch."""
    return rule(
        "what happens: `refuse` entries while it is so; or stop until you resume: `stop_entries`, `reduce` (entries under"
        " way are traded back too), `flatten` (everything open is left)",
        ko="한도를 넘으면: 그동안 진입만 거부(refuse), 재개할 때까지 진입 중지(stop_entries), 진행 중 진입도 되돌림(reduce),"
        " 모두 청산(flatten)",
        example="stop_entries",
    )
