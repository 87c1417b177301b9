"""When the market of a scenario is told: often around the close of a bar and while something goes on, else rarely."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Pace:
    """Unit: ns. Bars of `bars_ns` close at whole numbers of them from `opens_ns` on."""

    opens_ns: int
    bars_ns: int
    every_ns: int
    before_close_ns: int
    after_close_ns: int
    on_the_way_ns: int

    def is_close(self, at_ns: int) -> bool:
        return at_ns > self.opens_ns and self._in_bar(at_ns) == 0

    def is_middle(self, at_ns: int) -> bool:
        return self._in_bar(at_ns) == self.bars_ns // 2

    def next_close_ns(self, after_ns: int) -> int:
        return after_ns - self._in_bar(after_ns) + self.bars_ns

    def next_ns(self, after_ns: int, *, works: bool, moves: bool) -> int:
        """The next close or middle of a bar, or the next time to tell the market, if that comes first.

        works: the desk is at work; moves: a price is on its way.
        """
        in_bar = self._in_bar(after_ns)
        opened_ns, half_ns = after_ns - in_bar, self.bars_ns // 2
        turn_ns = opened_ns + (half_ns if in_bar < half_ns else self.bars_ns)
        tick_ns = self._tick(after_ns, self.every_ns)
        if not works and not self._is_near_close(tick_ns):
            window_ns = opened_ns + self.bars_ns - self.before_close_ns
            tick_ns = max(window_ns, tick_ns)
            tick_ns = min(tick_ns, self._tick(after_ns, self.on_the_way_ns)) if moves else tick_ns
        return min(turn_ns, tick_ns)

    def _tick(self, after_ns: int, every_ns: int) -> int:
        return after_ns + every_ns - (after_ns - self.opens_ns) % every_ns

    def _in_bar(self, at_ns: int) -> int:
        return (at_ns - self.opens_ns) % self.bars_ns

    def _is_near_close(self, at_ns: int) -> bool:
        in_bar = self._in_bar(at_ns)
        return in_bar <= self.after_close_ns or self.bars_ns - in_bar <= self.before_close_ns
