"""How long is waited between two attempts to reach a venue, and when it counts as down."""

from __future__ import annotations

from dataclasses import dataclass, field
from random import Random

_PART = 0.5  # karb: constant because it spreads attempts of many processes apart, and no order waits for it


@dataclass(slots=True)
class BackOff:
    """Pure but for the draws of the generator it is handed.

    Unit: seconds. Waits are `first_s`, twice that, four times that, up to `most_s`, each shortened by up to half at
    random. After `down_after` failures in a row the venue is down; attempts go on at the cap for ever.
    """

    first_s: float
    most_s: float
    down_after: int
    random: Random
    failures: int = field(init=False, default=0)

    @property
    def down(self) -> bool:
        """Edge: exactly `down_after` failures in a row are enough."""
        return self.failures >= self.down_after

    def failed(self) -> float:
        """One more failure; how long to wait before the next attempt."""
        whole = min(self.first_s * (1 << min(self.failures, self._steps)), self.most_s)
        self.failures += 1
        return whole * (1 - _PART * self.random.random())

    def answered(self) -> None:
        """The venue told something: whatever fails next is the first failure again."""
        self.failures = 0

    @property
    def _steps(self) -> int:
        """How many doublings reach the cap: counting failures for a year must not overflow."""
        return max(0, int(self.most_s / self.first_s)).bit_length()
