"""What all coins of one sample have in common."""

# karb: constants because it draws a made-up market, and nothing of it is asked when an order is decided

from dataclasses import dataclass

from karb_replay.sample.character import Character
from karb_replay.sample.columns import Times
from karb_replay.sample.crash import crash_minutes
from karb_replay.sample.dollar import Dollar, dollar
from karb_replay.sample.draws import Draws
from karb_replay.sample.gaps import Closures, closures
from karb_replay.sample.market import Market, market
from karb_replay.sample.premium import CommonPremium, common_premium
from karb_replay.sample.spec import SampleSpec


@dataclass(frozen=True, slots=True, eq=False)
class Shared:
    """One world: its volatility and moves, its dollar, the premium, the crashes and closures of the near venue."""

    market: Market
    dollar: Dollar
    premium: CommonPremium
    crashes: Times
    closed: Closures


def shared_world(spec: SampleSpec, character: Character, draws: Draws) -> Shared:
    """The one world of a spec."""
    world = market(spec, character, draws)
    return Shared(
        market=world,
        dollar=dollar(spec, character, draws),
        premium=common_premium(spec, character, world, draws),
        crashes=crash_minutes(spec, character, draws),
        closed=closures(spec, character, draws),
    )
