"""Both venues' feeds through hours of what breaks: they come back, leave nothing behind, and no old price is traded on.

The long form is `python -m tests.plugins.ten_hours`: ten hours of virtual time, twenty times.
"""

from __future__ import annotations

import pytest

pytest.importorskip("aiohttp", reason="needs karb[live]")

from karb_core.domain.market import VenueState
from tests.chaos.stakes.venue_told import asks_when_it_came
from tests.plugins.ten_hours import lived


@pytest.mark.parametrize("seed", [1, 6])
def test_no_recovery_is_missed_and_no_stale_price_is_traded_on(seed: int) -> None:
    of = lived(seed, 2)
    assert of.outages > 1
    assert {("upbit", VenueState.UP), ("binance_usdm", VenueState.UP)} <= of.states
    assert {state for _, state in of.states} >= {VenueState.DEGRADED, VenueState.DOWN}
    assert of.traded_on > of.seconds // 4
    assert of.late == []
    assert of.stale == []


def test_a_desk_that_went_by_when_a_price_came_would_trade_on_old_ones(monkeypatch: pytest.MonkeyPatch) -> None:
    asks_when_it_came(monkeypatch)
    assert lived(1, 2).stale != []


def test_a_feed_that_does_not_come_back_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    from karb_core.connection.back_off import BackOff

    failed = BackOff.failed
    monkeypatch.setattr(BackOff, "failed", lambda self: 10 * failed(self))
    assert lived(1, 2).late != []
