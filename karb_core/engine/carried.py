"""What a desk did at a moment."""

from __future__ import annotations

from dataclasses import dataclass

from karb_core.engine.decide import Decided
from karb_core.engine.next_step import Next


@dataclass(frozen=True, slots=True)
class Carried:
    """A decision and, where a plan was carried out, how that ended."""

    decided: Decided
    end: Next | None = None
