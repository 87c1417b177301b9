"""Who tells a strategy what: its feeds and rates as objects, for whoever wants to hear them without trading."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from karb_core.domain.instrument import Instrument
from karb_core.ports.feed import Feed
from karb_core.ports.fx_source import FxSource
from karb_core.texts.text import Said


@dataclass(frozen=True, slots=True)
class FeedTold:
    """A feed by its `use`, and those of the file's instruments that are of its venues."""

    use: str
    feed: Feed
    instruments: tuple[Instrument, ...]


@dataclass(frozen=True, slots=True)
class RateTold:
    """A rate by its `use`. A component that sits in two seats is here once."""

    use: str
    source: FxSource


@dataclass(frozen=True, slots=True)
class ToldBy:
    """Of one file, in its order. unheard: components that it names and that cannot be heard, by their `use`, and why: this
    release does not have their behaviour, or the key they ask with has no value here.
    """

    strategy: str
    feeds: tuple[FeedTold, ...]
    rates: tuple[RateTold, ...]
    unheard: Mapping[str, Said]
