"""The sizing port: turns a proposal into amounts, one per leg."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol, runtime_checkable

from karb_core.domain.decisions import Denied, LegTarget, Proposal
from karb_core.ports.signal import Moment
from karb_core.ports.view import AccountView


@dataclass(frozen=True, slots=True)
class Sized:
    """What would be traded, before it is cut to the venues' steps, at the prices at which we would trade.

    rules: the sizing's own rules that made it; complete: whether the tier has no further clip after this.
    """

    legs: tuple[LegTarget, ...]
    rules: tuple[str, ...]
    complete: bool = True


class Sizing(Protocol):
    """Pure. Never sizes down in silence: what the rules do not allow whole is denied, by the rule that says so.

    `Denied.rule` is one of the component's own parameters (`normal.split.next`), or `use` for the component as a
    whole; a line of the core's that it applies is named by its place in the file (`/pairs/BTC/share`).
    """

    def size(self, proposal: Proposal, moment: Moment, account: AccountView) -> Sized | Denied: ...


@runtime_checkable
class Lasting(Protocol):
    """A sizing that can also say that it will deny again. Asked by runs over data only, so as not to ask at each bar.

    lasts: whether it denies any entry of this tier and side, by this same rule and before it looks at a price, as long as
    the pair's open lots and what fired stay as they are. In doubt False: too few are harmless, one too many is not.
    """

    def lasts(self, proposal: Proposal, denied: Denied) -> bool: ...
