"""The keys of users' streams: one for each account, alive for an hour. Source: Binance's pages on user data streams."""

from __future__ import annotations

from hashlib import sha256
from itertools import count

from karb_core.ports import Clock
from karb_lab.account import Account
from karb_lab.binance.refused import BinanceRefused

_ALIVE_NS = 3_600_000_000_000  # karb: constant because Binance's keys live for sixty minutes


class ListenKeys:
    """Asking again gives the same key and makes it live longer."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._made = count(1)
        self._keys: dict[str, str] = {}
        self._until_ns: dict[str, int] = {}

    def give(self, account: Account) -> str:
        key = self._keys.get(account.key)
        if key is None or not self._lives(key):
            key = sha256(f"{account.key} {next(self._made)}".encode()).hexdigest()
            self._keys[account.key] = key
        self._until_ns[key] = self._clock.now_ns() + _ALIVE_NS
        return key

    def extend(self, account: Account) -> str:
        """Errors: `BinanceRefused` -1125 where there is none that lives."""
        key = self._keys.get(account.key)
        if key is None or not self._lives(key):
            message = "This listenKey does not exist."
            raise BinanceRefused(-1125, message)  # karb: constant because it is Binance's code
        return self.give(account)

    def close(self, account: Account) -> None:
        """Errors: as `extend`."""
        self._until_ns.pop(self.extend(account), None)

    def owner(self, key: str | None) -> str | None:
        """The account's key whose stream it opens; None for one that does not live."""
        if key is None or not self._lives(key):
            return None
        return next((account for account, own in self._keys.items() if own == key), None)

    def _lives(self, key: str) -> bool:
        return self._until_ns.get(key, self._clock.now_ns()) > self._clock.now_ns()
