"""The other process: it keeps the venues' truth and serves it to one life of karb after the other."""

from __future__ import annotations

import time
from collections.abc import Mapping
from contextlib import suppress
from multiprocessing.connection import Connection, wait
from typing import Any

from karb_core.domain.amount import Amount
from karb_core.domain.orders import Order, Outcome, Unknown
from karb_core.venue.refusals import Refusal
from karb_core.venue.request_window import RequestWindow
from tests.chaos.killed.script import Script
from tests.chaos.killed.standing_market import StandingMarket
from tests.chaos.places import FAR, NEAR, START, accounts
from tests.chaos.truth import Sent, Truth

WINDOW = RequestWindow(window_ns=300_000_000, ahead_ns=0)
_SILENT_S = 60


class Stage:
    """`killed`: where each life ended; `passed`, `halted`, `open_lots`: what the last one told when it was done."""

    def __init__(self, script: Script) -> None:
        self._script = script
        self.market: Any = StandingMarket(script.acts)
        self.truth = Truth(self.market, accounts(), WINDOW, START)
        self.killed: list[str] = []
        self.passed: tuple[str, ...] = ()
        self.halted: tuple[str, ...] = ()
        self.open_lots: tuple[Any, ...] = ()
        self._mine: set[str] = set()
        self._opened_ns = 0
        self._begin()

    def serve(self, lines: Mapping[str, Connection]) -> None:
        """Until the process at the other end is gone, and all that it handed over has arrived."""
        self._opened_ns, self._mine = time.time_ns(), set()
        at = {connection: name for name, connection in lines.items()}
        while at:
            ready = wait(list(at), _SILENT_S)
            if not ready:
                raise TimeoutError(f"karb asked for nothing in {_SILENT_S} s")
            for connection in ready:
                assert isinstance(connection, Connection)
                try:
                    asked = connection.recv()
                except (EOFError, OSError):  # it is gone
                    del at[connection]
                    continue
                with suppress(OSError):  # nobody may be there any more to read it
                    connection.send(self._answer(at[connection], *asked))

    def _answer(self, line: str, verb: str, *what: Any) -> Any:
        return self._of_stage(verb, *what) if line == "stage" else self._of_venue(line, verb, *what)

    def _of_stage(self, verb: str, *what: Any) -> int | None:
        if verb == "killed":
            self.killed.append(what[0])
        elif verb == "done":
            self.passed, self.halted, self.open_lots = what
        elif verb == "played":
            return self._next(what[0])
        return self.market.act

    def _next(self, played: int) -> int | None:
        if played + 1 == len(self._script.acts):
            return None
        self.market.turn(played + 1, time.time_ns())
        self._begin()
        return self.market.act

    def _begin(self) -> None:
        for instrument in (NEAR, FAR):
            book = self.truth.books[instrument.venue]
            (book.suspend if instrument == self.market.now.suspended else book.resume)(instrument)

    def _of_venue(self, venue: str, verb: str, *what: Any) -> Any:
        book = self.truth.books[venue]
        match verb:
            case "place":
                return self._place(*what)
            case "find":
                return self._find(*what)
            case "cancel":
                return self.truth.ask("cancel", what[0], time.time_ns())
            case "balances":
                return self.truth.balances(venue)
            case "positions":
                return self.truth.positions(venue)
            case "fills_since":
                return self.truth.fills(venue, *what)
            case "income_since":
                return book.income_since(*what)
            case "facts":
                return book.terms.facts
        raise ValueError(verb)

    def _place(self, order: Order, stamped_ns: int) -> Outcome:
        """The way takes no time here, so that a slow machine makes no venue refuse what came."""
        self._mine.add(order.id)
        self.truth.sent.append(Sent(stamped_ns, order))
        return self.truth.arrive(order, stamped_ns, stamped_ns)

    def _find(self, order: Order) -> Outcome:
        """Of what a life before sent nobody knows more than that it left before this one began."""
        now = time.time_ns()
        self.truth.ask("find", order, now)
        known = self.truth.outcome_of(order)
        if known is not None:
            return known
        if order.id not in self._mine and not WINDOW.is_over(self._opened_ns, now):
            nothing = Amount.zero(order.instrument.base), Amount.zero(order.instrument.quote)
            return Unknown(order, f"{order.id} is not known yet, and may still arrive", *nothing)
        return Refusal.NOT_FOUND.of(order, f"{order.id} never came, and would be refused by now")
