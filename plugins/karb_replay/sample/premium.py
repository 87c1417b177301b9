"""The premium that all coins share: parts that revert over weeks, days and hours, news, and long upward episodes."""

# karb: constants because it draws a made-up market, and nothing of it is asked when an order is decided

from dataclasses import dataclass

import numpy as np

from karb_replay.sample.character import Character
from karb_replay.sample.columns import Floats
from karb_replay.sample.draws import Draws, fading, mean_reverting
from karb_replay.sample.market import Market
from karb_replay.sample.spec import SampleSpec

_MINUTES_OF_YEAR = 365 * 1440


@dataclass(frozen=True, slots=True, eq=False)
class CommonPremium:
    """In percentage points at each edge of a minute. whole: everything; episodes: the upward episodes within it."""

    whole: Floats
    episodes: Floats


def common_premium(spec: SampleSpec, character: Character, shared: Market, draws: Draws) -> CommonPremium:
    """Against the real dollar and the world price; what a program measures has the stale dollar on top."""
    risen = episodes(spec, character, draws)
    whole = character.level + risen + _news(character, shared, draws)
    slow, fast = character.against_world
    for name, (width, half_life), minutes, against in (
        ("weeks", character.weeks, 1440, slow),
        ("days", character.days, 1440, slow),
        ("hours", character.hours, 60, fast),
    ):
        whole += width * mean_reverting(_shocks(name, against, shared, draws), half_life * minutes)
    return CommonPremium(whole, risen)


def _shocks(name: str, against: float, shared: Market, draws: Draws) -> Floats:
    own = draws.normal(f"premium {name}", shared.shock.size)
    shocks: Floats = shared.volatility * (np.sqrt(1.0 - against**2) * own - against * shared.shock)
    return shocks


def _news(character: Character, shared: Market, draws: Draws) -> Floats:
    edges = shared.shock.size
    per_minute = character.news_per_year / _MINUTES_OF_YEAR
    comes = draws.uniform("news", edges) <= per_minute * shared.volatility**2
    median, width = character.news_size
    size = median * np.exp(width * draws.normal("news size", edges))
    sign = np.where(draws.uniform("news sign", edges) <= character.news_upward, 1.0, -1.0)
    onset = fading(np.where(comes, sign * size, 0.0), character.news_minutes) * (
        1.0 - 0.5 ** (1.0 / character.news_minutes)
    )
    return fading(onset, character.news_hours * 60)


def episodes(spec: SampleSpec, character: Character, draws: Draws) -> Floats:
    """One in each stretch of `episode_every_days`, at a moment of its own: a smooth rise of days, a decay of weeks."""
    edges = spec.minutes + 1
    stretch = character.episode_every_days * 1440
    total = np.zeros(edges)
    for at in range(0, edges, stretch):
        begins, height, rise, fade = draws.uniform(f"episode {at // stretch}", 4).tolist()
        minute = np.arange(edges) - (at + begins * stretch)
        rise_minutes = _between(character.episode_rise_days, rise) * 1440
        half_life = _between(character.episode_fade_days, fade) * 1440
        risen = np.clip(minute / rise_minutes, 0.0, 1.0)
        faded = 0.5 ** (np.maximum(minute - rise_minutes, 0.0) / half_life)
        total += _between(character.episode_height, height) * risen * risen * (3.0 - 2.0 * risen) * faded
    return total


def _between(bounds: tuple[float, float], share: float) -> float:
    return bounds[0] + (bounds[1] - bounds[0]) * share
