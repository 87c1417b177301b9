"""The perpetual: how far it is from the world price, and the funding that follows from it."""

# karb: constants because it draws a made-up market, and nothing of it is asked when an order is decided

import numpy as np

from karb_replay.sample.character import Character
from karb_replay.sample.columns import Floats, Funding
from karb_replay.sample.draws import Draws, mean_reverting
from karb_replay.sample.spec import SampleSpec

_MINUTE_MS = 60_000
_INTERVAL = 8 * 60  # minutes between settlements


def basis(coin: str, character: Character, episodes: Floats, draws: Draws) -> Floats:
    """Basis points at each edge of a minute: a shared part of days, one of the coin's own, and more in an episode."""
    edges = episodes.size
    shared_width, shared_days = character.basis_shared
    own_width, own_hours = character.basis_own
    total: Floats = character.basis + character.basis_per_point * episodes
    total += shared_width * mean_reverting(draws.normal("basis", edges), shared_days * 1440)
    total += own_width * mean_reverting(draws.normal(f"basis {coin}", edges), own_hours * 60)
    return total


def funding(spec: SampleSpec, character: Character, basis_points: Floats) -> Funding:
    """Every 8 hours, from the basis of the 8 hours before: P + clamp(interest - P), the venue's own formula.

    Unit: a fraction, to 1e-8. Edge: none at the very start, where there is nothing before. Source: Binance's page
    "Introduction to Binance Futures Funding Rates".
    """
    periods = (spec.minutes - 1) // _INTERVAL
    mean = basis_points[: periods * _INTERVAL].reshape(periods, _INTERVAL).mean(axis=1)
    clamped = np.clip(character.funding_interest - mean, -character.funding_clamp, character.funding_clamp)
    at = spec.start_ms + np.arange(1, periods + 1, dtype=np.int64) * (_INTERVAL * _MINUTE_MS)
    return Funding(at, np.round((mean + clamped) / 10_000, 8))
