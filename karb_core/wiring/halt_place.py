"""A place where a halt may stand that every desk looks at: what it says is done once, and stays while it says it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from karb_core.domain.halt import Halt
from karb_core.ledger.commands import Command


@dataclass(slots=True)
class HaltPlace:
    """`author`: by which name its halts are kept. What it said stays stopped when it says nothing any more: whoever
    takes it away has to resume as well.
    """

    author: str
    _said: tuple[Halt, str] | None = field(init=False, default=None)

    def says(self, said: tuple[Halt, str] | None, account: str, at_ns: int) -> Command | None:
        """What is to be done by it: None where it says what it said at the last look, or nothing."""
        before, self._said = self._said, said
        if said is None or said == before:
            return None
        strength, reason = said
        return Command(
            id=f"{self.author}-{at_ns}",
            account=account,
            strategy=None,
            verb="halt",
            strength=strength.word,
            reason=reason,
            author=self.author,
            at_ns=at_ns,
        )

    def still(self) -> Mapping[str, Halt]:
        """What no resume undoes, as it was at the last look."""
        return {} if self._said is None else {self._said[1]: self._said[0]}
