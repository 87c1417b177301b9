"""The course of a made-up premium: a far price, what a USDT fetches, and a near price that lies above and below both.

Everything is a function of the time alone, in whole numbers, so that weeks of it cost nothing until a candle is asked for,
and the same seed has the same past. What was before is calm; from the beginning on it swings, far enough and long enough
that a strategy of reversion has something to do. Nothing of it is meant to look like a market that a result could rest on.
"""

from __future__ import annotations

from decimal import Decimal
from hashlib import sha256

from karb_core.domain import exact
from karb_core.domain.instrument import Instrument
from karb_lab.tape import MINUTE_NS

PIPS = 100_000_000  # karb: constant because made-up prices are counted in parts of 1e-8
_PPM = 1_000_000  # karb: constant because a made-up premium is counted in millionths
_HOUR_NS = 60 * MINUTE_NS  # karb: constant because an hour has sixty minutes
_RATE = 1478  # karb: constant because a made-up dollar costs something
#: karb: constant because a made-up market begins somewhere
_FAR = {"BTC": "84120", "ETH": "2770", "XRP": "2.13"}
_OTHER = "10"  # karb: constant because a coin that nobody listed costs something too
#: Length of a wave and how far it goes, in millionths.
_FAR_WAVES = ((37 * _HOUR_NS, 9_000), (5 * _HOUR_NS, 2_500))  # karb: constant because a made-up price moves somehow
_CALM = ((7 * _HOUR_NS, 3_000), (50 * MINUTE_NS, 2_000))  # karb: constant because a made-up premium wobbles somehow
_RATE_WAVE = (11 * _HOUR_NS, 3_000)  # karb: constant because a made-up rate moves somehow
_NOISE = 150  # karb: constant because a made-up premium is not the same from minute to minute
#: How high each swing lies, in millionths: every tier of the shipped files is reached, both ways.
_SWINGS = (7_000, -9_000, 16_000, -16_000)  # karb: constant because a made-up premium swings somehow
_RAMP = 10  # karb: constant because a made-up swing takes a tenth of its time to get there
_LEAD = 1  # karb: constant because a desk warms up before anything swings


class Kimchi:
    """`swing_ns`: how long each swing lasts. Prices are in parts of 1e-8 of the quote, premiums in millionths.

    Edge: a premium that is pinned stands until it is let go of; what was before the beginning is never pinned.
    """

    def __init__(self, seed: str, began_ns: int, swing_ns: int) -> None:
        self.seed = seed
        self._began_ns = began_ns
        self._swing_ns = swing_ns
        self._pinned: dict[str, int] = {}
        self._phases: dict[str, int] = {}

    def pin(self, base: str, premium: Decimal | None) -> None:
        """From now on a coin's premium is this, a plain ratio; None lets it swing again."""
        if premium is None:
            self._pinned.pop(base, None)
        else:
            self._pinned[base] = int(exact.mul(premium, Decimal(_PPM)))

    def pips(self, instrument: Instrument, at_ns: int) -> int:
        """What the instrument costs. Edge: KRW-USDT is the rate itself, in whole won, as its tick is."""
        if instrument.base == "USDT":
            return self._rate(at_ns)
        far = self._far(instrument.base, at_ns)
        if instrument.quote != "KRW":
            return far
        return far * self._rate(at_ns) * (_PPM + self._premium(instrument.base, at_ns)) // (PIPS * _PPM)

    def price(self, instrument: Instrument, at_ns: int) -> Decimal:
        # karb: constant because prices are counted in parts of 1e-8
        return exact.mul(Decimal(self.pips(instrument, at_ns)), Decimal(1).scaleb(-8))

    def _far(self, base: str, at_ns: int) -> int:
        begins = int(exact.mul(Decimal(_FAR.get(base, _OTHER)), Decimal(PIPS)))
        moved = sum(self._wave(f"far {base}", at_ns, *wave) for wave in _FAR_WAVES)
        return begins * (_PPM + moved) // _PPM

    def _rate(self, at_ns: int) -> int:
        moved = self._wave("rate", at_ns, *_RATE_WAVE)
        return _RATE * (_PPM + moved) // _PPM * PIPS

    def _premium(self, base: str, at_ns: int) -> int:
        live = at_ns >= self._began_ns
        if live and base in self._pinned:
            return self._pinned[base]
        calm = sum(self._wave(f"premium {base}", at_ns, *wave) for wave in _CALM)
        calm += hash_of(self._phase(base), at_ns // MINUTE_NS) % (2 * _NOISE + 1) - _NOISE
        return calm + self._swing(at_ns) if live else calm

    def _swing(self, at_ns: int) -> int:
        """Flat for the most of its time; on the way from the one before for the first part of it."""
        turn, since_ns = divmod(at_ns - self._began_ns, self._swing_ns)
        if turn < _LEAD:
            return 0
        before = _SWINGS[(turn - _LEAD - 1) % len(_SWINGS)] if turn > _LEAD else 0
        there, ramp_ns = _SWINGS[(turn - _LEAD) % len(_SWINGS)], self._swing_ns // _RAMP
        return before + (there - before) * min(since_ns, ramp_ns) // ramp_ns

    def _wave(self, name: str, at_ns: int, length_ns: int, most: int) -> int:
        """Up and down in straight lines, from minus the most to the most."""
        half_ns = length_ns // 2
        at = (at_ns + self._phase(name) * MINUTE_NS) % (2 * half_ns)
        return 2 * most * abs(at - half_ns) // half_ns - most

    def _phase(self, name: str) -> int:
        if name not in self._phases:
            drawn = sha256(f"{self.seed} {name}".encode()).digest()
            self._phases[name] = int.from_bytes(drawn[:4])  # karb: constant because four bytes are enough of a draw
        return self._phases[name]


def hash_of(phase: int, minute: int) -> int:
    """A number that looks drawn and is not: the same minute has the same one."""
    mixed = (phase + minute * 0x9E3779B97F4A7C15) & 0xFFFFFFFFFFFFFFFF  # karb: constant because it mixes bits
    mixed ^= mixed >> 29  # karb: constant because it mixes bits
    return mixed * 0xBF58476D1CE4E5B9 >> 24 & 0xFFFFFFFF  # karb: constant because it mixes bits
