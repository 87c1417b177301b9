"""What stays stopped, by what was written: each reason since it was latched, until somebody resumes."""

from __future__ import annotations

from collections.abc import Iterable

from karb_core.domain.halt import Halt
from karb_core.ledger import reading
from karb_core.ledger.halts import Halted
from karb_core.ledger.ledger import Ledger
from karb_core.ledger.reading import Whose


def standing_halts(ledger: Ledger, account: str, strategy: str) -> list[Halted]:
    """Of one strategy, in the order in which they were latched. Errors: `LedgerUnusable`."""
    return not_resumed(reading.halts(ledger, Whose(account, strategy)))


def not_resumed(halts: Iterable[Halted]) -> list[Halted]:
    """Edge: a reason that was told again at a greater strength stands once, at that."""
    out: dict[str, Halted] = {}
    for halted in halts:
        strength = Halt.read(halted.strength)
        if strength is Halt.NONE:
            out.clear()
        elif halted.reason not in out or Halt.read(out[halted.reason].strength) < strength:
            out[halted.reason] = halted
    return list(out.values())
