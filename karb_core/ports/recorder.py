"""The core's own port: what a desk is given to decide by, kept in the order in which the desk took it."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Protocol

from karb_core.domain.holdings import Account
from karb_core.domain.orders import Fill
from karb_core.domain.statement import Income
from karb_core.ports.signal import Moment
from karb_core.ports.view import Standing

Free = Mapping[Account, Decimal]


class Recorder(Protocol):
    """Keeps inputs, never decisions: those are the journal's.

    moment: what was judged; `free` is what could be deployed, None where nothing was proposed and nobody asked;
    forced: a way out that nobody proposed, after the fill that made it necessary; income, fill: as the venue told it.
    flush: everything recorded before would survive a kill.
    """

    def moment(self, moment: Moment, standing: Standing, free: Free | None) -> None: ...
    def forced(self, moment: Moment, standing: Standing, free: Free) -> None: ...
    def income(self, income: Income) -> None: ...
    def fill(self, fill: Fill) -> None: ...
    def flush(self) -> None: ...


class Unrecorded:
    """Keeps nothing: for whoever asks a desk once and throws it away."""

    def moment(self, moment: Moment, standing: Standing, free: Free | None) -> None: ...
    def forced(self, moment: Moment, standing: Standing, free: Free) -> None: ...
    def income(self, income: Income) -> None: ...
    def fill(self, fill: Fill) -> None: ...
    def flush(self) -> None: ...
