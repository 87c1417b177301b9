from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.plugins.karb_lab.running import RunningLab, bithumb


@pytest.fixture
def lab() -> Iterator[RunningLab]:
    with RunningLab(None, bithumb) as running:
        yield running
