"""Paper: simulated venues over live books in the executors' place, going on from where the ledger left them."""

from __future__ import annotations

from karb_core.domain.instrument import Instrument
from karb_core.errors import PluginUnusable, StrategyInvalid
from karb_core.ledger import reading
from karb_core.ledger.ledger import Ledger
from karb_core.ledger.reading import Whose
from karb_core.ledger.runs import Run
from karb_core.ports import DepthVenues, Income, OpensOverDepth, Secrets
from karb_core.rulebook.rulebook import Rulebook
from karb_core.rules.stock import Worth
from karb_core.texts.text import Said, Text
from karb_core.wiring.holding import Holding, hold_for
from karb_core.wiring.house import WakingClock
from karb_core.wiring.opening import Opening
from karb_core.wiring.rules_file import RulesFile
from karb_core.wiring.running import Running, Say
from karb_core.wiring.secret_values import secret_value
from karb_core.wiring.strategy_of import built
from karb_core.wiring.venues import Venues

_FUNDING = "funding"


def paper(
    rulebook: Rulebook,
    ledger: Ledger,
    clock: WakingClock,
    say: Say,
    only_leaves: Said | None = None,
    secrets: Secrets = secret_value,
    *,
    at_lab: bool = False,
    file: RulesFile | None = None,
) -> Running:
    """At an account of its own, which opens as the file says. `only_leaves`, `at_lab`, `file`: as `Running`.

    Errors: PluginUnusable, StrategyInvalid for a file that cannot be run on paper.
    """
    _need_simulation(rulebook)
    account = account_of(rulebook)

    def holds(run: Run) -> tuple[str, Holding]:
        return hold_for(ledger, (account,), run, clock)

    return Running(rulebook, "paper", account, _venues, ledger, clock, say, holds, only_leaves, at_lab, secrets, file)


def account_of(rulebook: Rulebook) -> str:
    return f"paper:{rulebook.file.name}"


async def _venues(rulebook: Rulebook, account: str, opening: Opening, ledger: Ledger, clock: WakingClock) -> Venues:
    """What was on its way when the last process ended never arrived."""
    seat = next(seat for seat in rulebook.seats_of("simulate") if seat.path[1] == "paper")
    component = built(seat)
    if not isinstance(component, OpensOverDepth):
        raise PluginUnusable(Text("paper.no_depth", {"use": seat.use}))
    venues = component.open_depth(opening.accounts(), clock)
    restored(venues, opening, account, ledger)
    return Venues({venue: venues.at(venue) for venue in venues.books}, venues.take, venues.forget)


def restored(venues: DepthVenues, opening: Opening, account: str, ledger: Ledger) -> None:
    """Simulated venues as the ledger left them. Errors: StrategyInvalid for what was traded and no pair has any more."""
    whose = Whose(account, opening.file.name)
    fills = [fill for fill, _ in reading.fills(ledger, whose)]
    incomes = [
        Income(booked.income_id, _FUNDING, booked.instrument, booked.received, booked.at_ns)
        for booked in reading.incomes(ledger, whose)
    ]
    traded = {fill.instrument for fill in fills} | {income.instrument for income in incomes}
    _need_named(traded - opening.terms.facts.keys())
    venues.go_on([outcome for outcome, _ in reading.outcomes(ledger, whose)], fills, incomes)


def _need_named(gone: set[Instrument]) -> None:
    if gone:
        names = ", ".join(sorted(i.text() for i in gone))
        raise StrategyInvalid(Text("paper.gone", {"instruments": names}), Text("paper.gone.help"))


def _need_simulation(rulebook: Rulebook) -> None:
    file = rulebook.file
    if file.simulate.paper is None:
        args = {"mode": "paper"}
        raise StrategyInvalid(Text("mode.no_simulation", args), Text("mode.no_simulation.help", args))
    stocks = [stock for each in (*file.balances.values(), *(file.inventory or {}).values()) for stock in each]
    if any(isinstance(stock, Worth) for stock in stocks):
        raise StrategyInvalid(Text("paper.worth"), Text("paper.worth.help"))
