"""What an account says of itself, asked beside the desk and for its owner alone: balances, positions, a key's end.

Nothing here is an input: a desk asks for itself, and what is told here decides nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Protocol, runtime_checkable

from karb_core.domain import exact
from karb_core.domain.exact import Rounding
from karb_core.domain.holdings import Account
from karb_core.domain.instant import to_ns
from karb_core.domain.instrument import Instrument
from karb_core.domain.statement import Balance
from karb_core.ports import AccountSetting, Clock, Executor
from karb_core.wiring.latest import Latest
from karb_core.wiring.watching import Watching

_SETTINGS = 1440  # karb: constant because a day has so many minutes, and a key's end moves no faster
_GOOD_UNTIL = "key_good_until"
_STEP = Decimal("0.0001")  # karb: constant because it is a step of display


@runtime_checkable
class _States(Protocol):
    async def settings(self) -> Sequence[AccountSetting]: ...


@dataclass(slots=True)
class AccountWatch:
    """`round` is done once a minute. `balances`: as they were told last, whole or not at all for each venue.

    Edge: a venue that does not answer leaves what it said last; that it fails, `errors` tells.
    """

    executors: Mapping[str, Executor]
    latest: Latest
    clock: Clock
    watching: Watching
    balances: dict[Account, Balance] = field(init=False, default_factory=dict)
    _positions: set[Instrument] = field(init=False, default_factory=set)
    _rounds: int = field(init=False, default=0)

    async def round(self) -> None:
        for venue, executor in self.executors.items():
            try:
                await self._ask(venue, executor)
            except Exception:  # noqa: BLE001 - whatever a venue does, trading and the others go on
                continue
        self._rounds += 1

    async def _ask(self, venue: str, executor: Executor) -> None:
        found = {account: each for account, each in (await executor.balances()).items() if account.venue == venue}
        self.balances = {account: each for account, each in self.balances.items() if account.venue != venue} | found
        for account, each in found.items():
            self.watching.free(venue, account.asset, each.free, self.clock.now_ns())
        await self._look_at_positions(venue, executor)
        if self._rounds % _SETTINGS == 0 and isinstance(executor, _States):
            for ends_ns in _ends(await executor.settings()):
                self.watching.key_ends(venue, ends_ns, self.clock.now_ns())

    async def _look_at_positions(self, venue: str, executor: Executor) -> None:
        found = {i: p for i, p in (await executor.positions()).items() if i.venue == venue and p.amount}
        for gone in {i for i in self._positions if i.venue == venue} - found.keys():
            self.watching.distant(gone, None, self.clock.now_ns())
        self._positions = {i for i in self._positions if i.venue != venue} | found.keys()
        for instrument, position in found.items():
            mark = self.latest.marks.get(instrument)
            if mark is None or position.liquidation_price is None or not mark.price:
                continue
            away = abs(exact.sub(mark.price, position.liquidation_price))
            distance = exact.divide(away, mark.price, _STEP, Rounding.FLOOR)
            self.watching.distant(instrument, distance, self.clock.now_ns())


def _ends(settings: Sequence[AccountSetting]) -> Iterator[int]:
    """Until when keys are good, by those that are told as a time. Edge: what is no time is passed over."""
    for each in settings:
        if each.name == _GOOD_UNTIL and each.found is not None:
            try:
                yield to_ns(datetime.fromisoformat(each.found))
            except ValueError:
                continue
