"""Which feed serves what, and what feeds state of the instruments that a strategy trades."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress

from karb_core.domain.instrument import Instrument, InstrumentFacts
from karb_core.domain.statement import VenueSilent
from karb_core.errors import DataUnusable, PluginUnusable, StrategyInvalid
from karb_core.ports import Feed
from karb_core.rulebook.rulebook import Rulebook
from karb_core.texts.text import Text

_FACTS_S = 10.0  # karb: constant because it bounds a question at the start, before anything is placed
_SHOWN = 200  # karb: constant because it cuts a shown text


def traded(rulebook: Rulebook) -> tuple[Instrument, ...]:
    """Every instrument of a pair, in the file's order."""
    return tuple(dict.fromkeys(leg for pair in rulebook.file.pairs.values() for leg in (pair.near, pair.far)))


def served(
    feeds: Sequence[Feed], rulebook: Rulebook, wanted: Iterable[Instrument]
) -> Iterable[tuple[Feed, tuple[Instrument, ...]]]:
    """By feed of the file, those of the instruments that are of its venues."""
    wanted = tuple(wanted)
    for feed, seat in zip(feeds, rulebook.seats_of("feeds"), strict=True):
        venues = getattr(seat.offer.component, "venues", None)
        mine = None if venues is None else venues(seat.params)
        yield feed, tuple(i for i in wanted if mine is None or i.venue in mine)


async def facts_of(
    feeds: Sequence[Feed], rulebook: Rulebook, older: Iterable[Instrument] = ()
) -> Mapping[Instrument, InstrumentFacts]:
    """Of every instrument of a pair, by the first feed that states them; of older ones, where a feed does.

    Errors: StrategyInvalid where none does; DataUnusable where no answer came; PluginUnusable for a feed that fails.
    """
    found: dict[Instrument, InstrumentFacts] = {}
    seats = rulebook.seats_of("feeds")
    wanted = traded(rulebook)
    for (feed, mine), seat in zip(served(feeds, rulebook, wanted), seats, strict=True):
        found |= await _stated(feed, seat.use, [i for i in mine if i not in found])
    missing = [i.text() for i in wanted if i not in found]
    if missing:
        raise StrategyInvalid(Text("run.no_facts", {"instruments": ", ".join(missing)}))
    return {i: found[i] for i in wanted} | await _of_older(feeds, rulebook, [i for i in older if i not in found])


async def _of_older(
    feeds: Sequence[Feed], rulebook: Rulebook, wanted: Sequence[Instrument]
) -> dict[Instrument, InstrumentFacts]:
    """What is not stated, or by nobody who answers, is missing: what was opened there cannot be judged."""
    found: dict[Instrument, InstrumentFacts] = {}
    for (feed, mine), seat in zip(served(feeds, rulebook, wanted), rulebook.seats_of("feeds"), strict=True):
        with suppress(DataUnusable, PluginUnusable):
            found |= await _stated(feed, seat.use, [i for i in mine if i not in found])
    return found


def said_of(error: Exception) -> str:
    """What it said, cut to a line."""
    if isinstance(error, TimeoutError) and not str(error):
        return "no answer in time"
    told = str(error) if isinstance(error, VenueSilent) else f"{type(error).__name__}: {error}"
    return " ".join(told.split())[:_SHOWN]


async def _stated(feed: Feed, use: str, wanted: list[Instrument]) -> Mapping[Instrument, InstrumentFacts]:
    if not wanted:
        return {}
    try:
        return await asyncio.wait_for(feed.facts(wanted), _FACTS_S)
    except (VenueSilent, TimeoutError) as e:
        raise DataUnusable(Text("run.silent", {"use": use, "why": said_of(e)}), Text("run.silent.help")) from e
    except Exception as e:
        raise PluginUnusable(Text("run.failed", {"use": use, "why": said_of(e)})) from e
