"""How many calls a venue takes in a while. Pure: the time comes in with each question."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field


@dataclass(slots=True)
class TokenBucket:
    """`capacity` calls in any `period_ns`; the last `kept` of them are for calls that reduce risk.

    A token is back one period after it was taken, so that no window of that length, wherever the venue lets its own
    begin, ever holds more than the capacity. Unit: ns of one clock that never goes back.
    Errors: ValueError for a bucket that could never give one.
    """

    name: str
    capacity: int
    period_ns: int
    kept: int
    _taken: deque[int] = field(default_factory=deque, repr=False)
    _paused_until_ns: int = 0

    def __post_init__(self) -> None:
        if not 0 <= self.kept < self.capacity or self.period_ns <= 0:
            raise ValueError(f"{self.name}: no call fits {self.capacity} with {self.kept} kept in {self.period_ns} ns")

    def free_at(self, now_ns: int, *, reduces: bool) -> int:
        """When the next call may go, `now_ns` or later."""
        self._give_back(now_ns)
        most = self.capacity if reduces else self.capacity - self.kept
        over = len(self._taken) - most
        free_ns = now_ns if over < 0 else self._taken[over] + self.period_ns
        return max(now_ns, free_ns, self._paused_until_ns)

    def take(self, now_ns: int) -> None:
        self._give_back(now_ns)
        self._taken.append(now_ns)

    def told_left(self, left: int, sent_ns: int, now_ns: int) -> None:
        """The venue says how many are left, in its answer to the call that was sent then.

        What was sent after that call the venue may not have counted yet. Where fewer are left than we know of, somebody
        else uses the same budget: those tokens are gone too. What the venue says never makes us faster.
        """
        self._give_back(now_ns)
        uncounted = sum(at_ns > sent_ns for at_ns in self._taken)
        known = self.capacity - len(self._taken)
        for _ in range(min(known, known - (left - uncounted))):
            self._taken.append(now_ns)

    def pause(self, until_ns: int) -> None:
        """The venue said to wait: nothing goes before."""
        self._paused_until_ns = max(self._paused_until_ns, until_ns)

    def _give_back(self, now_ns: int) -> None:
        while self._taken and self._taken[0] <= now_ns - self.period_ns:
            self._taken.popleft()
