"""Ways out that nobody proposed: what a venue closed by force, a flatten, and remainders that came to a step."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace

from karb_core.domain.halt import Halt
from karb_core.engine.agreement import Agreement
from karb_core.engine.beyond import beyond
from karb_core.engine.carried import Carried
from karb_core.engine.carrier import LADDER, Carrier
from karb_core.engine.force_out import even_out, force_out
from karb_core.engine.next_step import Next, Phase
from karb_core.engine.strategy import Strategy
from karb_core.ports import AccountView, Journal, MarketView, Moment, Recorder, Standing

Renew = Callable[[], tuple[Moment, MarketView]]


@dataclass(frozen=True, slots=True)
class WaysOut:
    """Those of one desk, ungated. `owed`: pairs of which a venue closed a leg by force; they are brought back to nothing
    at each moment until they are there. `rules`: by which lots were opened that this desk leaves when it must. `compare`
    holds the books of a venue against it, `account` says what may be used now.

    Edge: what is left in a position that is not as the books say cannot be traded: that is for the owner.
    """

    strategy: Strategy
    carrier: Carrier
    journal: Journal
    recorder: Recorder
    agreement: Agreement | None
    owed: set[str]
    rules: frozenset[str]
    compare: Callable[[str], Awaitable[None]]
    account: Callable[[MarketView], Awaitable[AccountView]]

    def must(self, pair: str) -> bool:
        """Whether the pair is to be left now, whatever its rules say."""
        if not self.carrier.books.standing(pair).lots:
            self.owed.discard(pair)
        legs = [leg for lot in self._mine(pair).lots for leg in lot.legs if leg.open.value]
        known = self.agreement
        tradable = [leg for leg in legs if known is None or not known.differs(leg.instrument)]
        return bool(tradable) and (pair in self.owed or self.carrier.halts.strength() is Halt.FLATTEN)

    def uneven(self, pair: str) -> bool:
        """Whether remainders of several plans have come to a step that can be traded."""
        mine, known = self._mine(pair).lots, self.agreement
        ahead = beyond(mine, self.carrier.driver.facts) if mine else {}
        return bool(ahead) and (known is None or not any(known.differs(leg.instrument) for leg in mine[0].legs))

    async def even_out(self, moment: Moment, view: MarketView) -> tuple[Carried, ...]:
        """Trades what stands beyond even away; nothing where no venue takes so little.

        Edge: what does not trade is tried again at the next moment, and meanwhile the desk halts.
        """
        await self._compare_legs(moment)
        account = await self.account(view)
        if not self.uneven(moment.pair):
            return ()  # a venue closed it meanwhile
        mine, account = self._only_mine(moment.pair, account)
        out = []
        for decided in even_out(self.strategy, moment, view, account, LADDER):
            self.recorder.forced(moment, mine, account.free)
            self.journal.decision(decided.decision)
            out.append(Carried(decided, await self.carrier.carry(decided, view)))
            if self.uneven(moment.pair):
                self.carrier.halt(LADDER, view.as_of_ns)
        return tuple(out)

    async def leave(self, moment: Moment, view: MarketView, renew: Renew | None) -> tuple[Carried, ...]:
        """Brings every lot of the pair back to nothing.

        Edge: where nothing of it traded, a leg may stand alone: no ladder begins without a fill, so the desk halts, and
        tries again at the next moment.
        """
        why = "a venue closed a leg" if moment.pair in self.owed else "flatten"
        await self._compare_legs(moment)
        if not self.must(moment.pair):
            return ()
        account = await self.account(view)
        moment, view = (moment, view) if renew is None else renew()
        mine, account = self._only_mine(moment.pair, account)
        self.recorder.forced(moment, mine, account.free)
        out = []
        for decided in force_out(self.strategy, moment, view, account, LADDER, why):
            self.journal.decision(decided.decision)
            end = await self.carrier.carry(decided, view)
            if any(lot_id in self.carrier.books.lots for lot_id in decided.decision.lot_ids):
                end = Next((), Phase.STUCK, cited=self.strategy.file_cite(LADDER))
                self.carrier.halt(LADDER, view.as_of_ns)
            out.append(Carried(decided, end))
        return tuple(out)

    async def _compare_legs(self, moment: Moment) -> None:
        for venue in dict.fromkeys(leg.venue for leg in moment.legs):
            await self.compare(venue)

    def _mine(self, pair: str) -> Standing:
        return self.carrier.books.standing(pair).of(self.rules)

    def _only_mine(self, pair: str, account: AccountView) -> tuple[Standing, AccountView]:
        mine = self._mine(pair)
        return mine, replace(account, standing={**account.standing, pair: mine})
