"""Which of Binance's networks a component is of."""

from __future__ import annotations

from typing import Literal

from karb_core.rules.params import Params
from karb_core.rules.roles import wiring


class NetworkParams(Params):
    """Hosts, filters and key belong together."""

    network: Literal["production", "demo"] = wiring(
        "which of Binance's networks", ko="바이낸스의 어느 네트워크인지", example="production"
    )
