"""An order is refused here or sent once; whatever then happens, its outcome says no more than what is proven."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field, replace

import pytest

from karb_core.connection.failures import NoAnswer, NothingSent, VenueRejected
from karb_core.connection.fates import Fates
from karb_core.connection.placing import Placing, Unfit
from karb_core.connection.typed_body import Unreadable
from karb_core.domain.approved import Approved
from karb_core.domain.instrument import InstrumentFacts
from karb_core.domain.orders import Order, Outcome, Rejected, Unknown
from karb_core.domain.statement import VenueSilent
from tests.connection.orders_here import FACTS, approved, filled, order


@dataclass
class Venue:
    """`says`: what comes of a request, one after another; an exception is raised."""

    says: list[Outcome | Exception | None] = field(default_factory=list)
    facts: InstrumentFacts | Exception = FACTS
    sent: list[str] = field(default_factory=list)
    now_ns: int = 0
    window_ns: int = 60

    def placing(self) -> Placing[str]:
        return Placing(
            fates=Fates("somewhere"),
            facts=self._facts,
            words=_words,
            send=self._send,
            says_nothing={"duplicate"},
            asks=self._ask,
            unknown_to_it={"unknown_here"},
            may_arrive=lambda _, asked_ns: asked_ns <= self.window_ns,
            now_ns=lambda: self.now_ns,
        )

    async def _facts(self, _: Order) -> InstrumentFacts:
        if isinstance(self.facts, Exception):
            raise self.facts
        return self.facts

    async def _send(self, of: Approved[Order], words: str) -> Outcome | None:
        self.sent.append(words)
        return self._said()

    async def _ask(self, _: Order) -> Outcome | None:
        return self._said()

    def _said(self) -> Outcome | None:
        said = self.says.pop(0)
        if isinstance(said, Exception):
            raise said
        return said


def _words(of: Order, facts: InstrumentFacts) -> str:
    if of.amount.value > facts.taker_fee * 10:
        raise Unfit("max_amount", of)
    return f"buy {of.amount.text()}"


def placed(venue: Venue, of: Order | None = None) -> Outcome | None:
    return asyncio.run(venue.placing().place(approved(of)))


def test_what_breaks_a_fact_is_of_no_such_instrument_or_whose_facts_nobody_tells_is_never_sent() -> None:
    venue = Venue()
    unfit = placed(venue, order(amount="1"))
    venue.facts = KeyError("BTC")
    strange = placed(venue)
    venue.facts = VenueSilent("somewhere", "facts", "no route")
    silent = placed(venue)
    assert venue.sent == []
    found = [one.code for one in (unfit, strange, silent) if isinstance(one, Rejected)]
    assert found == ["unfit_max_amount", "unknown_instrument", "unreachable"]


@pytest.mark.parametrize(
    ("said", "comes_of_it"),
    [
        (NothingSent("refused"), "unreachable"),
        (VenueRejected(400, "no_money", "not enough"), "no_money"),
        (VenueRejected(400, "duplicate", "seen before"), None),
        (NoAnswer("cut"), None),
        (Unreadable("a page"), None),
    ],
)
def test_only_what_is_proven_to_be_no_order_is_rejected(said: Exception, comes_of_it: str | None) -> None:
    outcome = placed(Venue([said]))
    if comes_of_it is None:
        assert isinstance(outcome, Unknown)
    else:
        assert isinstance(outcome, Rejected)
        assert outcome.code == comes_of_it


def test_an_id_is_sent_once_even_while_its_first_request_is_under_way() -> None:
    async def both() -> None:
        venue, gate = Venue([filled()]), asyncio.Event()
        quick = venue.placing()

        async def slow(of: Approved[Order], words: str) -> Outcome | None:
            await gate.wait()
            return await quick.send(of, words)

        placing = replace(quick, send=slow)
        first = asyncio.ensure_future(placing.place(approved()))
        await asyncio.sleep(0)
        second = await placing.place(approved())
        gate.set()
        assert await first == filled()
        assert isinstance(second, Unknown)
        assert isinstance(await placing.place(approved()), Unknown)
        assert venue.sent == ["buy 0.001 BTC"]

    asyncio.run(both())


def test_an_answer_that_tells_nothing_of_the_order_is_told_as_such() -> None:
    assert placed(Venue([None])) is None


def test_the_time_of_a_proof_is_when_it_was_asked_not_when_it_was_answered() -> None:
    async def ask() -> None:
        venue = Venue([VenueRejected(404, "unknown_here", "no such order")] * 2, now_ns=60)
        quick = venue.placing()

        async def slow(of: Order) -> Outcome | None:
            venue.now_ns += 1
            return await quick.asks(of)

        placing = replace(quick, asks=slow)
        assert isinstance(await placing.find(order()), Unknown)
        assert isinstance(await placing.find(order()), Rejected)

    asyncio.run(ask())


@pytest.mark.parametrize(
    "said", [VenueRejected(401, "no_right", "-"), NoAnswer("cut"), NothingSent("-"), Unreadable("-")]
)
def test_a_question_that_failed_says_nothing_of_the_order(said: Exception) -> None:
    venue = Venue([said], now_ns=61)
    assert isinstance(asyncio.run(venue.placing().find(order())), Unknown)


def test_what_is_found_is_remembered() -> None:
    venue = Venue([filled(final=False), NoAnswer("cut")])
    placing = venue.placing()
    assert asyncio.run(placing.find(order())) == filled(final=False)
    after = asyncio.run(placing.find(order()))
    assert isinstance(after, Unknown)
    assert after.filled == filled().filled
