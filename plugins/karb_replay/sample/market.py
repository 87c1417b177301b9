"""The world: how volatile the market is, and what the coins do in it."""

# karb: constants because it draws a made-up market, and nothing of it is asked when an order is decided

from dataclasses import dataclass

import numpy as np

from karb_replay.sample.character import Character, CoinCharacter
from karb_replay.sample.columns import Floats
from karb_replay.sample.draws import Draws, mean_reverting
from karb_replay.sample.spec import SampleSpec

_MOST_VOLATILE_UTC = 14  # 23:00 in Seoul, when New York opens


@dataclass(frozen=True, slots=True, eq=False)
class Market:
    """What all coins share, at each edge of a minute: index i is the moment i minutes after the start.

    volatility: 1 in the root mean square. shock: the market's own move in that minute, standardised.
    """

    volatility: Floats
    shock: Floats


def market(spec: SampleSpec, character: Character, draws: Draws) -> Market:
    """Volatility from three mean-reverting parts of its logarithm and the hour of the day."""
    edges = spec.minutes + 1
    width_days, half_life_days = character.volatility_days
    width_hours, half_life_hours = character.volatility_hours
    width_minutes, half_life_minutes = character.volatility_minutes
    log = width_days * mean_reverting(draws.normal("volatility days", edges), half_life_days * 1440)
    log += width_hours * mean_reverting(draws.normal("volatility hours", edges), half_life_hours * 60)
    log += width_minutes * mean_reverting(draws.normal("volatility minutes", edges), half_life_minutes)
    hour = np.arange(edges) % 1440 / 60
    log += character.volatility_by_hour * np.cos((hour - _MOST_VOLATILE_UTC) * (np.pi / 12))
    variance = width_days**2 + width_hours**2 + width_minutes**2 + character.volatility_by_hour**2 / 2
    return Market(np.exp(log - variance), draws.normal("world", edges))


def world_returns(coin: CoinCharacter, shared: Market, draws: Draws) -> Floats:
    """Log returns of one coin's world price, by minute: partly the market's, partly its own, at one volatility."""
    own = draws.normal(f"world {coin.coin}", shared.shock.size)
    mixed = coin.shared * shared.shock + np.sqrt(1.0 - coin.shared**2) * own
    returns: Floats = coin.step / 100 * shared.volatility * mixed
    return returns
