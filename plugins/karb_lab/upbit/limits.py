"""How many calls Upbit takes in a second, group by group. Source: Upbit's page on rate limits."""

from __future__ import annotations

from collections import defaultdict
from http import HTTPStatus

from karb_core.ports import Clock
from karb_lab.korean.refused import Refused

_SECOND_NS = 1_000_000_000  # karb: constant because a second has 10^9 nanoseconds
_MINUTE = 60  # karb: constant because a minute has 60 seconds

#: Calls in one second.
GROUPS = {
    "market": 10,  # karb: constant because Upbit's page states it
    "candle": 10,  # karb: constant because Upbit's page states it
    "trade": 10,  # karb: constant because Upbit's page states it
    "ticker": 10,  # karb: constant because Upbit's page states it
    "orderbook": 10,  # karb: constant because Upbit's page states it
    "default": 30,  # karb: constant because Upbit's page states it
    "order": 12,  # karb: constant because Upbit's page of August 2026 states it
    "order-test": 8,  # karb: constant because Upbit's page states it
    "order-cancel-all": 1,
}
#: Two seconds, not one.
_SLOW = "order-cancel-all"
#: So many refusals in one window and whoever asks is blocked.
_PATIENCE = 20  # karb: constant because Upbit says that it blocks who goes on, and not after how many
_BLOCKED_S = 10  # karb: constant because Upbit says that blocks grow, and not from where


class Limits:
    """Windows of the venue's own seconds. `who`: an address for quotations, a key for everything else."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._window: dict[tuple[str, str], int] = {}
        self._used: defaultdict[tuple[str, str], int] = defaultdict(int)
        self._blocked_until_ns: dict[str, int] = {}

    def take(self, group: str, who: str) -> str:
        """Counts one call, and says what the header says: `group=default; min=1800; sec=29`.

        Errors: `Refused` 429 beyond the limit, 418 for who goes on asking.
        """
        now_ns = self._clock.now_ns()
        self._need_free(who, now_ns)
        window = now_ns // (_SECOND_NS * (2 if group == _SLOW else 1))
        at = (group, who)
        if self._window.get(at) != window:
            self._window[at], self._used[at] = window, 0
        self._used[at] += 1
        most = GROUPS[group]
        if self._used[at] > most + _PATIENCE:
            self._blocked_until_ns[who] = now_ns + _BLOCKED_S * _SECOND_NS
            self._need_free(who, now_ns)
        if self._used[at] > most:
            raise too_many()
        return header(group, most - self._used[at])

    def _need_free(self, who: str, now_ns: int) -> None:
        # karb: constant because who was never blocked is free
        left_ns = self._blocked_until_ns.get(who, 0) - now_ns
        if left_ns > 0:
            raise blocked(-(-left_ns // _SECOND_NS))


def header(group: str, left: int) -> str:
    return f"group={group}; min={GROUPS[group] * _MINUTE}; sec={left}"


def too_many() -> Refused:
    return Refused(HTTPStatus.TOO_MANY_REQUESTS, "too_many_requests", "요청 수 제한을 초과했습니다.")


def blocked(seconds: int) -> Refused:
    message = f"요청 수 제한 위반으로 {seconds}초 동안 차단되었습니다."
    return Refused(HTTPStatus.IM_A_TEAPOT, "blocked", message)
