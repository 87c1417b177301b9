"""Keys that end on a day that their venue names: told of before, at three bounds, and of no use after."""

from __future__ import annotations

from dataclasses import dataclass, field

from karb_core.ports import AccountSetting
from karb_core.texts.text import Text

_DAY_NS = 86_400 * 1_000_000_000  # karb: constant because a day has so many nanoseconds
_BOUNDS = (1, 7, 30)  # karb: constant because it says on which days the owner is told, and no order waits for it


def has_ended(setting: AccountSetting, now_ns: int) -> bool:
    """Edge: the named moment itself is too late."""
    return setting.ends_ns is not None and setting.ends_ns <= now_ns


@dataclass(slots=True)
class EndingKeys:
    """What was said of which account: each bound once, however often it is looked at."""

    _said: dict[str, int] = field(init=False, default_factory=dict)

    def soon(self, account: str, setting: AccountSetting, now_ns: int) -> Text | None:
        """Unit: whole days that are left, the narrowest bound that they keep within. None where nothing is new."""
        if setting.ends_ns is None:
            return None
        left = -((now_ns - setting.ends_ns) // _DAY_NS)
        bound = next((each for each in _BOUNDS if left <= each), None)
        if bound is None or self._said.get(account) == bound or left <= 0:
            return None
        self._said[account] = bound
        return Text("live.key_ends", {"account": account, "days": left, "until": setting.found or "?"})
