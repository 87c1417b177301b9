"""The real accounts of a house: each opened once and held by this process, whatever strategies trade there."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial

from karb_core.domain.halt import Halt
from karb_core.domain.instrument import Instrument
from karb_core.domain.statement import VenueSilent
from karb_core.errors import AccountHeld, StrategyInvalid
from karb_core.ledger.ledger import Ledger
from karb_core.ledger.reading import Whose
from karb_core.ledger.runs import Run
from karb_core.ports import AccountSetting, OpenAccount
from karb_core.rulebook.rulebook import Rulebook
from karb_core.texts.text import Said, Text, render
from karb_core.wiring.ending_keys import EndingKeys, has_ended
from karb_core.wiring.foreign_marks import foreign_marks
from karb_core.wiring.funds_there import funds_missing
from karb_core.wiring.holding import Holding, hold_for
from karb_core.wiring.house import WakingClock
from karb_core.wiring.markets import kept
from karb_core.wiring.older_rules import open_lots
from karb_core.wiring.opening import Opening
from karb_core.wiring.running import Running
from karb_core.wiring.venues import Venues

#: What the ledger calls accounts at venues themselves.
REAL = "live"


@dataclass(slots=True)
class RealAccount:
    """One account while it is open. `strategies`: those whose files name it; `perpetuals`: who trades which."""

    name: str
    venues: frozenset[str]
    executor: OpenAccount
    strategies: tuple[str, ...]
    perpetuals: dict[Instrument, str] = field(default_factory=dict)


@dataclass(slots=True)
class Accounts:
    """Made by `open_accounts`. `known_marks`: of other ledgers whose karb the owner says has ended for good; `kind`: what
    the ledger calls them, so that accounts of two labs are never one.
    """

    opened: Sequence[RealAccount]
    ledger: Ledger
    clock: WakingClock
    say: Callable[[Said], None]
    known_marks: Collection[str]
    kind: str = REAL
    _ending: EndingKeys = field(init=False, default_factory=EndingKeys)
    _nudged: list[Callable[[], None]] = field(init=False, default_factory=list)
    _held: tuple[str, Holding] | None = field(init=False, default=None)

    def of(self, rulebook: Rulebook) -> tuple[RealAccount, ...]:
        return tuple(each for each in self.opened if rulebook.file.name in each.strategies)

    def account(self, rulebook: Rulebook) -> str:
        """What the ledger calls all of the file's accounts together."""
        return f"{self.kind}:{'+'.join(sorted(each.name for each in self.of(rulebook)))}"

    def holds(self, accounts: Iterable[str], run: Run) -> tuple[str, Holding]:
        """Every account of the house, with the first run that asks; `accounts`: what the ledger calls them.

        Errors: as `hold`.
        """
        if self._held is None:
            each = sorted(account.name for account in self.opened)
            self._held = hold_for(self.ledger, (*each, *dict.fromkeys(accounts)), run, self.clock)
        return self._held

    async def venues(self, rulebook: Rulebook, account: str, opening: Opening, *_: object) -> Venues:
        """Errors: StrategyInvalid for files that cannot share an account; `AccountHeld` where another karb trades."""
        mine = self.of(rulebook)
        for each in mine:
            _need_claims(each, rulebook)
            _need_own_perpetuals(each, rulebook, opening)
        leaves = bool(open_lots(self.ledger, Whose(account, rulebook.file.name)))
        others = {each.name: await self._others(each) for each in mine}
        told = {name: said for name, said in others.items() if said is not None}
        if told and not leaves:
            raise AccountHeld(next(iter(told.values())), Text("live.other_karb.help"))
        executors = {venue: each.executor for each in mine for venue in each.venues}
        always = {render(said): Halt.NO_ENTRIES for said in told.values()}
        return Venues(executors, objects=partial(self._objects, mine, always))

    async def begin(self, opened: Sequence[Running]) -> None:
        """Claims that are not there stop entries of all who claim, until the owner resumes.

        Edge: where something is still to be finished nobody can say yet what is free.
        """
        self._nudged = [running.house.nudge for running in opened]
        if any(running.seated.before.unfinished for running in opened):
            return
        for account in self.opened:
            mine = [running for running in opened if running.rulebook.file.name in account.strategies]
            desks = [running.seated.trading.desk for running in mine]
            for said in await funds_missing(account.name, account.executor, desks):
                self.say(said)
                for running in mine:
                    running.intake.broke(render(said))

    async def run(self) -> None:
        """Every private stream, until it is cancelled: what it tells only has the desks look sooner."""
        await asyncio.gather(*(kept(partial(each.executor.run, self._nudge), self.say) for each in self.opened))

    async def close(self) -> None:
        await asyncio.gather(*(each.executor.close() for each in self.opened), return_exceptions=True)

    def _nudge(self) -> None:
        for nudge in self._nudged:
            nudge()

    async def _others(self, account: RealAccount) -> Text | None:
        """Edge: a venue that does not answer tells of nobody; nothing is entered there before it answers."""
        assert self._held is not None
        mine = (self._held[0], *self.known_marks)
        try:
            found = await foreign_marks(account.executor, mine, self.clock.now_ns())
        except VenueSilent:
            return None
        return Text("live.other_karb", {"account": account.name, "marks": ", ".join(found)}) if found else None

    async def _objects(self, mine: Iterable[RealAccount], always: Mapping[str, Halt]) -> Mapping[str, Halt]:
        found = dict(always)
        for each in mine:
            for said in await self._objections(each):
                found[render(said)] = Halt.NO_ENTRIES
        return found

    async def _objections(self, account: RealAccount) -> list[Text]:
        """How the account is set that the file did not state, or as nothing may be entered; of a key that ends soon the
        owner is told."""
        try:
            settings = await account.executor.settings()
        except VenueSilent as e:
            return [Text("live.unset", {"account": account.name, "why": e.why})]
        now_ns, objections = self.clock.now_ns(), []
        for setting in settings:
            soon = self._ending.soon(account.name, setting, now_ns)
            if soon is not None:
                self.say(soon)
            if has_ended(setting, now_ns):
                objections.append(Text("live.key_ended", {"account": account.name, "until": setting.found or "?"}))
            elif not setting.agrees:
                objections.append(_objection(account.name, setting))
        return objections


def _objection(account: str, setting: AccountSetting) -> Text:
    where = account if setting.instrument is None else f"{account} {setting.instrument.text()}"
    if setting.fatal is not None:
        return Text("live.fatal", {"account": where, "setting": setting.name, "why": setting.fatal})
    args = {"account": where, "setting": setting.name, "stated": setting.stated, "found": setting.found or "?"}
    return Text("live.differs", args)


def _need_claims(account: RealAccount, rulebook: Rulebook) -> None:
    if len(account.strategies) > 1 and rulebook.file.funds is None:
        args = {"names": ", ".join(account.strategies), "account": account.name, "path": rulebook.source.name}
        raise StrategyInvalid(Text("live.no_funds", args), Text("live.no_funds.help", args))


def _need_own_perpetuals(account: RealAccount, rulebook: Rulebook, opening: Opening) -> None:
    """A venue nets a perpetual into one position: whose its funding, or a forced close of it, is could not be told."""
    mine = rulebook.file.name
    for instrument, stated in opening.terms.facts.items():
        if instrument.venue not in account.venues or stated.margin_asset is None:
            continue
        has = account.perpetuals.setdefault(instrument, mine)
        if has != mine:
            args = {"mine": mine, "other": has, "instrument": instrument.text(), "account": account.name}
            raise StrategyInvalid(Text("live.same_perpetual", args), Text("live.same_perpetual.help"))
