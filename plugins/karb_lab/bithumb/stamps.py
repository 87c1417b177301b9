"""Whether a token is fresh. Source: Bithumb's page on authentication, API 2.x."""

from __future__ import annotations

from karb_core.ports import Clock
from karb_lab.korean.refused import Refused
from karb_lab.korean.tokens import Claims
from karb_lab.korean.words import MS

_OLDEST_MS = 30_000  # karb: constant because Bithumb refuses a token that is old, and does not say how old it may be


def need_fresh(clock: Clock, claims: Claims) -> None:
    """Errors: `Refused` 401 for a time that is missing, no whole number of milliseconds, or far from the venue's."""
    stamp = claims.get("timestamp")
    if not isinstance(stamp, int) or isinstance(stamp, bool):
        raise Refused.key("jwt_verification", "timestamp가 없습니다.")
    if abs(clock.now_ns() // MS - stamp) > _OLDEST_MS:
        raise Refused.key("expired_jwt", "만료된 토큰입니다.")
