"""What a thing from outside means for the desks behind a door: done at once, or work that goes on."""

from __future__ import annotations

from collections.abc import Coroutine, Mapping
from dataclasses import dataclass
from typing import Any

from karb_core.domain.halt import Halt
from karb_core.ledger.commands import Command
from karb_core.wiring.desk_of import Seated
from karb_core.wiring.inner_clock import InnerClock
from karb_core.wiring.inputs import BarCame, Began, Broke, Forgot, Looked, Moved, Past, Rang, RateCame, Told
from karb_core.wiring.obeying import APPROVE, Obeying
from karb_core.wiring.seen_market import SeenMarket

#: Everything that can come but answers, which are for whoever asked.
Comes = BarCame | RateCame | Past | Began | Looked | Forgot | Broke | Told | Moved | Rang


@dataclass(frozen=True, slots=True)
class Dealing:
    """`seated`: who is behind the door; `obeying` has them do what the owner told; `market` and `clock` are theirs."""

    seated: Seated
    obeying: Obeying
    market: SeenMarket
    clock: InnerClock

    def deals(self, what: Comes) -> Coroutine[Any, Any, None] | None:
        """What is still to be done when this returns. Errors: as `Trading.bar`, for a bar that is none."""
        match what:
            case BarCame(bar):
                for trading in self.seated.tradings:
                    trading.bar(bar)
                self.clock.wake()
            case RateCame(seat, rate):
                self.market.rate(seat, rate)
                for trading in self.seated.tradings:
                    trading.rate(seat, rate)
                self.clock.wake()
            case Past(bars, rates):
                for trading in self.seated.tradings:
                    trading.past(bars, rates)
                for seat, told in rates.items():
                    for rate in told[-1:]:
                        self.market.rate(seat, rate)
            case Moved():
                self.market.look()
                self.clock.wake()
            case Rang():
                self.clock.rings()
            case Broke(why):
                self.seated.trading.mistaken(why)
            case _:
                return self._work(what)
        return None

    def _work(self, what: Began | Looked | Forgot | Told) -> Coroutine[Any, Any, None]:
        """Edge: what fails at a round stops entries; who recovers, or has told something, hears of it."""
        trading = self.seated.trading
        match what:
            case Began():
                return self.seated.recover()
            case Looked():
                return trading.guarded(self._looks())
            case Forgot():
                return trading.guarded(trading.forget())
            case Told(command, still):
                return self._told(command, still)

    async def _told(self, command: Command, still: Mapping[str, Halt]) -> None:
        """What may be entered now is judged anew at once, at the prices of now."""
        await self.obeying.obey(command, still)
        if command.verb == APPROVE and command.strength is not None:
            self.seated.trading.judge_anew(command.strength.partition(" ")[0])

    async def _looks(self) -> None:
        for trading in self.seated.tradings:
            await trading.look()
