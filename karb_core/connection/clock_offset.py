"""By how much a venue's clock is ahead of ours, from what its answers say."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(slots=True)
class ClockOffset:
    """Bounds that every answer narrows: it was made after its request left and before it came.

    Unit: ns, their clock minus ours. A venue that tells whole seconds still gives a narrow bound after a few answers,
    because they fall at different parts of its second.
    """

    least_ns: int | None = None
    most_ns: int | None = None

    def learn(self, told_ns: int, resolution_ns: int, sent_ns: int, received_ns: int) -> None:
        """`told_ns` is their clock cut down to its resolution.

        Edge: an answer that contradicts what is known says that a clock was set: the bounds begin anew with it.
        """
        least, most = told_ns - received_ns, told_ns + resolution_ns - sent_ns
        if self.least_ns is None or self.most_ns is None or least > self.most_ns or most < self.least_ns:
            self.least_ns, self.most_ns = least, most
        else:
            self.least_ns, self.most_ns = max(least, self.least_ns), min(most, self.most_ns)

    def latest_ns(self, now_ns: int) -> int:
        """The latest that their clock may show now. Edge: ours, while nothing is known."""
        return now_ns if self.most_ns is None else now_ns + self.most_ns

    def earliest_ns(self, now_ns: int) -> int:
        """The earliest that their clock may show now. Edge: ours, while nothing is known."""
        return now_ns if self.least_ns is None else now_ns + self.least_ns
