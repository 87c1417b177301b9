"""One coin of a sample: its fair prices on both venues, and the bars, funding and tops made of them."""

# karb: constants because it draws a made-up market, and nothing of it is asked when an order is decided

from dataclasses import dataclass

import numpy as np

from karb_replay.sample.bars import far_bars, mark_bars, near_bars, where
from karb_replay.sample.character import Character, CoinCharacter
from karb_replay.sample.columns import CoinSample, Floats, Tops
from karb_replay.sample.crash import crash_path
from karb_replay.sample.draws import Draws, mean_reverting
from karb_replay.sample.gaps import is_open, was_traded
from karb_replay.sample.market import world_returns
from karb_replay.sample.perpetual import basis, funding
from karb_replay.sample.shared import Shared
from karb_replay.sample.spec import SampleSpec
from karb_replay.sample.ticks import on_tick
from karb_replay.sample.tops import far_tops, half_minutes, near_tops

_MINUTE_MS = 60_000
_VOLUME_WIDTH = 0.8  # of the logarithm of a minute's volume


@dataclass(frozen=True, slots=True, eq=False)
class _Fair:
    """At each edge of a minute: where trades happen at both venues, the mark, and the basis in basis points."""

    near: Floats
    far: Floats
    mark: Floats
    basis: Floats


def coin_sample(
    coin: CoinCharacter, spec: SampleSpec, character: Character, shared: Shared, draws: Draws
) -> CoinSample:
    """All columns of one coin."""
    fair = _fair(coin, spec, character, shared, draws)
    opened_at = spec.start_ms + np.arange(spec.minutes, dtype=np.int64) * _MINUTE_MS
    volatility = shared.market.volatility[1:]
    step, bounce = coin.step / 100 * volatility, character.bounce / 100 * volatility
    traded = was_traded(spec, character, is_open(spec, shared.closed), coin.coin, draws)
    near_volume = _volume(coin.near_volume * volatility, f"near {coin.coin}", draws)
    far_volume = on_tick(_volume(coin.far_volume * volatility, f"far {coin.coin}", draws), coin.amount_step)
    on_near, on_far = _tops(coin, spec, character, shared, fair, draws)
    return CoinSample(
        coin=coin.coin,
        near=where(near_bars(opened_at, fair.near, bounce, step, near_volume, f"near {coin.coin}", draws), traded),
        far=far_bars(opened_at, fair.far, step, far_volume, coin.far_tick, f"far {coin.coin}", draws),
        mark=mark_bars(opened_at, fair.mark, step, f"mark {coin.coin}", draws),
        funding=funding(spec, character, fair.basis),
        near_tops=on_near,
        far_tops=on_far,
    )


def _fair(coin: CoinCharacter, spec: SampleSpec, character: Character, shared: Shared, draws: Draws) -> _Fair:
    returns = world_returns(coin, shared.market, draws)
    world = coin.price * np.exp(np.cumsum(returns))
    edges = returns.size
    own = shared.market.volatility * draws.normal(f"premium {coin.coin}", edges)
    points = shared.premium.whole + coin.own_premium * mean_reverting(own, character.own_half_life_minutes)
    points += crash_path(spec, character, shared.crashes, coin.crash, draws)
    lagging = world * (1.0 - character.lag * returns)
    basis_points = basis(coin.coin, character, shared.premium.episodes, draws)
    mark = world * (1.0 + basis_points / 10_000)
    noise = character.basis_noise / 10_000 * draws.normal(f"far noise {coin.coin}", edges)
    return _Fair(lagging * shared.dollar.live * (1.0 + points / 100), mark * (1.0 + noise), mark, basis_points)


def _volume(usual: Floats, name: str, draws: Draws) -> Floats:
    volumes: Floats = usual * np.exp(_VOLUME_WIDTH * draws.normal(f"volume {name}", usual.size))
    return volumes


def _tops(
    coin: CoinCharacter, spec: SampleSpec, character: Character, shared: Shared, fair: _Fair, draws: Draws
) -> tuple[Tops, Tops]:
    first = (spec.days - spec.tops_days) * 1440
    start_ms = spec.start_ms + first * _MINUTE_MS
    step = coin.step / 100 * shared.market.volatility[first + 1 :]
    near_name, far_name = f"near {coin.coin}", f"far {coin.coin}"
    at, near = half_minutes(start_ms, fair.near[first:], step, near_name, draws)
    _, far = half_minutes(start_ms, fair.far[first:], step, far_name, draws)
    opened = np.repeat(is_open(spec, shared.closed)[first:], 2)
    return (
        near_tops(at, near, opened, character.near_spread, character.near_best, near_name, draws),
        far_tops(at, far, coin.far_tick, character.far_best, coin.amount_step, far_name, draws),
    )
