"""The feeds and rates of a strategy, for whoever hears them without trading. A rate that asks with a key is opened where the
key is there."""

from __future__ import annotations

from karb_core.errors import SecretUnset
from karb_core.ports import FeedTold, RateTold, Secrets, Stage, ToldBy
from karb_core.rulebook.dispatch import Seat
from karb_core.rulebook.rulebook import Rulebook
from karb_core.texts.text import Said, Text
from karb_core.wiring.asking_feeds import served, traded
from karb_core.wiring.seated_source import opened_source
from karb_core.wiring.secret_values import secret_value
from karb_core.wiring.strategy_of import built


def told_by(rulebook: Rulebook, secrets: Secrets = secret_value) -> ToldBy:
    """Errors: PluginUnusable for a component that cannot be constructed."""
    feeds, rates, unheard = rulebook.seats_of("feeds"), list[RateTold](), dict[str, Said]()
    made = [None if _announced(seat, unheard) else built(seat) for seat in feeds]
    told = served(made, rulebook, traded(rulebook))  # type: ignore[arg-type]
    once = {seat.use: seat for seat in reversed(rulebook.seats_of("fx_source"))}
    for use, seat in reversed(once.items()):
        if _announced(seat, unheard):
            continue
        try:
            rates.append(RateTold(use, opened_source(built(seat), secrets)))
        except SecretUnset as e:
            unheard[use] = e.said
    return ToldBy(
        strategy=rulebook.file.name,
        feeds=tuple(
            FeedTold(seat.use, feed, mine) for seat, (feed, mine) in zip(feeds, told, strict=True) if feed is not None
        ),
        rates=tuple(rates),
        unheard=unheard,
    )


def _announced(seat: Seat, unheard: dict[str, Said]) -> bool:
    announced = seat.offer.stage is Stage.ANNOUNCED
    if announced:
        unheard[seat.use] = Text("run.announced", {"uses": seat.use, "mode": "live"})
    return announced
