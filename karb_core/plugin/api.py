"""What a plugin may ask about the karb it is loaded by."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Api:
    """`version` grows in its first number when a plugin may break, in its second when something was added."""

    version: tuple[int, int] = (1, 0)
    features: frozenset[str] = frozenset()
