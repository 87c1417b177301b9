from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.plugins.karb_lab.running import SPOT_BTC, RunningLab, spot


@pytest.fixture
def lab() -> Iterator[RunningLab]:
    """Its book stands with four thousandths of a bitcoin at the best ask."""
    with RunningLab(None, spot) as running:
        running.book([("84119.99", "5")], [("84120.00", "0.004"), ("84120.01", "3")], SPOT_BTC)
        yield running
