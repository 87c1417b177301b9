"""A script played to its end by processes that are killed, and what came of it."""

from __future__ import annotations

import multiprocessing
import signal
import time
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from karb_core.domain.decisions import DecisionKind
from karb_core.domain.holdings import Account
from karb_core.domain.instrument import Instrument
from karb_core.domain.lots import Lot
from karb_core.domain.orders import Side
from karb_core.domain.statement import Balance, VenuePosition
from karb_core.ledger import folds, reading
from karb_core.ledger.ledger import Ledger
from karb_core.ledger.reading import Whose
from tests.chaos.invariants import Broken, Leaving, Told, always, at_rest
from tests.chaos.killed.life import live
from tests.chaos.killed.script import SCRIPTS, Script
from tests.chaos.killed.stage import Stage
from tests.chaos.places import NEAR, START
from tests.chaos.rates import Rates
from tests.chaos.trader import LEGS, SECOND

_FORKS = multiprocessing.get_context("forkserver")
# What takes its time to be imported is imported once: a life then begins in a moment, and knows nothing all the same.
_FORKS.set_forkserver_preload(
    ["tests.chaos.killed.life", "sqlalchemy.dialects.sqlite", "sqlalchemy.dialects.postgresql.psycopg", "psycopg"]
)


@dataclass(frozen=True, slots=True)
class State:
    """What everybody has in the end. `traded`: base by instrument, side and price, however many fills it came in."""

    balances: Mapping[Account, Balance]
    positions: Mapping[Instrument, VenuePosition]
    traded: Mapping[tuple[Instrument, Side, Decimal], Decimal]
    lots: Mapping[str, Lot]

    @property
    def held(self) -> tuple[object, ...]:
        """Coins, positions, and what each lot has open: whatever it cost."""
        coins = {account: balance for account, balance in self.balances.items() if account.asset == NEAR.base}
        open_ = {lot.id: [leg.open for leg in lot.legs] for lot in self.lots.values()}
        return coins, self.positions, open_


@dataclass(frozen=True, slots=True)
class Ended:
    """`passed`: the boundaries of the last life; `killed`: where the lives before it ended; `broken`: what must never be."""

    state: State
    passed: tuple[str, ...]
    killed: tuple[str, ...]
    broken: tuple[str, ...]

    def differs(self, whole: Ended, *, one_way: bool) -> list[str]:
        """How it differs from the same script played without a kill, and what is broken."""
        found = list(self.broken)
        if self.state.held != whole.state.held:
            found.append(f"held {self.state.held}, not {whole.state.held}")
        if one_way and self.state != whole.state:
            found.append(f"{self.state}, not {whole.state}")
        return found


def play(name: str, ledger: Ledger, where: str, account: str, kills: Sequence[int] = ()) -> Ended:
    """Each life is killed at its boundary of `kills`; the one after them plays the script to its end."""
    script, stage, early = SCRIPTS[name], Stage(SCRIPTS[name]), []
    stage.truth.sent = Leaving(ledger, account, early, time.time_ns)
    for kill_at in (*kills, 0):
        if _lived(stage, where, account, name, kill_at):
            break
    else:
        raise AssertionError("karb was killed though nobody asked for it")
    whose = Whose(account, "episode")
    broken = [*early, *_broken(script, stage, ledger, whose)]
    return Ended(
        _state(stage, ledger, whose), stage.passed, tuple(stage.killed), tuple(f"{b.which} {b.what}" for b in broken)
    )


def _lived(stage: Stage, where: str, account: str, name: str, kill_at: int) -> bool:
    """Whether it came to its end. Errors: AssertionError for a death of another kind than it was told to die."""
    ends = {line: _FORKS.Pipe() for line in ("stage", *(leg.venue for leg in LEGS))}
    theirs = {line: end for line, (_, end) in ends.items()}
    life = _FORKS.Process(target=live, args=(where, account, name, kill_at, theirs), daemon=True)
    life.start()
    for end in theirs.values():
        end.close()
    try:
        stage.serve({line: end for line, (end, _) in ends.items()})
    except BaseException:
        life.kill()
        raise
    finally:
        life.join()
        for end, _ in ends.values():
            end.close()
    if life.exitcode not in (0, -signal.SIGKILL):
        raise AssertionError(f"karb ended with {life.exitcode}")
    return life.exitcode == 0


def _state(stage: Stage, ledger: Ledger, whose: Whose) -> State:
    truth = stage.truth
    traded: dict[tuple[Instrument, Side, Decimal], Decimal] = defaultdict(Decimal)
    for leg in LEGS:
        for fill in truth.fills(leg.venue):
            traded[fill.instrument, fill.side, fill.price.value] += fill.amount.value
    return State(
        {account: b for leg in LEGS for account, b in truth.balances(leg.venue).items()},
        {i: p for leg in LEGS for i, p in truth.positions(leg.venue).items()},
        dict(traded),
        _lots(ledger, whose),
    )


def _lots(ledger: Ledger, whose: Whose) -> Mapping[str, Lot]:
    rows = reading.opened_lots(ledger, whose), reading.fills(ledger, whose), reading.incomes(ledger, whose)
    return folds.lots(*rows)


def _broken(script: Script, stage: Stage, ledger: Ledger, whose: Whose) -> list[Broken]:
    decided = tuple(reading.decisions(ledger, whose))
    at = {d.intent_id or "": d.first_at_ns for d in decided if d.kind is DecisionKind.ENTRY}
    told = Told(ledger, whose, 2 * SECOND, 0, (), script.first, at, Rates(START), stage.halted, decided)
    # I2 knows the first orders of an entry by their number, and one that is judged again begins with a later one.
    found = [b for b in (*always(stage.truth, told), *at_rest(stage.truth, told, 0)) if b.which != "I2"]
    halts = [*stage.halted, *(h.reason for h in reading.halts(ledger, whose))]
    found += [Broken("halted", why) for why in halts]
    own = {lot.id: lot for lot in _lots(ledger, whose).values() if not lot.flat}
    if own != {lot.id: lot for lot in stage.open_lots}:
        found.append(Broken("lots", "what the desk holds is not what its ledger folds to"))
    return found
