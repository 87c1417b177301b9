"""Rows 56 and 58 at the start that `karb run` makes: what it does before anything else, and what it never does."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from contextlib import chdir, contextmanager
from dataclasses import replace
from importlib.metadata import EntryPoint, entry_points
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import true

from karb_core.errors import AccountHeld, KarbError
from karb_core.ledger import lease
from karb_core.ledger.ledger import open_ledger
from karb_core.plugin.catalogue import GROUP, Catalogue
from karb_core.wiring import desk_of
from karb_core.wiring.restart import before
from tests.chaos.stakes.stake import Stake
from tests.house.stage import FEED, Place, lived

FAILS = (FEED, FEED.replace("wrong: nothing", "wrong: facts_raise"))


@contextmanager
def _place(folder: Path) -> Iterator[Place]:
    """A market of its own, and the shipped plugins beside it."""
    walk = EntryPoint("walk", "tests.house.walk", GROUP)
    ledger = open_ledger(folder / "karb.ledger")
    with chdir(folder):
        yield Place(folder, ledger, catalogue=Catalogue([*entry_points(group=GROUP), walk]))
    ledger.close()


def _played(folder: Path, body: Callable[[Place], Awaitable[None]]) -> None:
    with _place(folder) as place:
        lived(lambda: body(place))


# 56


def finds_out_what_a_kill_left(place: Path) -> None:
    """Row 56. A start asks what became of every order that was under way, and brings what stands alone to its end."""
    _played(place, _killed_and_started)


async def _killed_and_started(place: Place) -> None:
    async with place.running(killed=True) as alive:
        place.moved("high")
        while not alive.desk.carrier.working:
            await asyncio.sleep(0.005)
        await asyncio.sleep(0.15)
        # The answers are there, and the fills that they tell of are still asked for.
        await alive.desk.journal.durable()
    place.moved("calm")
    async with place.running() as alive:
        await alive.passed(40)
        held = alive.desk.books.holdings
        for book in alive.books.values():
            for instrument, position in book.positions().items():
                assert held.position(instrument).amount == position.amount, "nobody asked what a kill left"
        assert alive.books["binance_usdm"].positions() == {}, "nobody asked what a kill left"


def begins_with_clean_books(patch: pytest.MonkeyPatch) -> None:
    def forgets(*given: Any) -> Any:
        return replace(before(*given), unfinished=())

    patch.setattr(desk_of, "before", forgets)


# 58


def refuses_a_second_start_before_it_asks_a_venue(place: Path) -> None:
    """Row 58. A second start at an account is refused before its feeds are asked anything."""
    _played(place, _started_twice)


async def _started_twice(place: Place) -> None:
    async with place.running() as alive:
        await alive.passed(1)
        try:
            async with place.running(FAILS):
                raise AssertionError("a second start has the account")
        except AccountHeld:
            return
        except KarbError as e:
            raise AssertionError(f"a second start asked a venue: {e}") from e


def lets_anybody_start(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(lease, "_may_be_taken", lambda *_: true())


STAKES = (
    Stake(56, finds_out_what_a_kill_left, begins_with_clean_books, "nobody asked what a kill left"),
    Stake(58, refuses_a_second_start_before_it_asks_a_venue, lets_anybody_start, "a second start asked a venue"),
)
