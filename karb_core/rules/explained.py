"""One bound of the owner's beside what was seen: how far a component was from acting."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from karb_core.domain import exact
from karb_core.domain.decisions import Seen, SeenValue

Relation = Literal[">=", ">", "<=", "<", "is"]


@dataclass(frozen=True, slots=True)
class Explained:
    """`seen relation needed`, and whether it held.

    rule: the component's own parameter, by its path (`tiers.normal.z`), so that it can be cited; of: what was looked
    at (`|z|`, `net`); about: whose it is, a tier's name or a lot's id. Edge: `seen` is None where it was undefined,
    and then nothing is met.
    """

    rule: str
    of: str
    seen: SeenValue
    relation: Relation
    needed: SeenValue
    met: bool
    about: str = ""

    @property
    def short(self) -> Decimal | None:
        """How far `seen` was from `needed`; None where it was met, or is no number."""
        if self.met or not isinstance(self.seen, Decimal) or not isinstance(self.needed, Decimal):
            return None
        return exact.absolute(exact.sub(self.needed, self.seen))


@dataclass(frozen=True, slots=True)
class Explanation:
    """What a signal saw at one moment, in the words of its decisions, and each of its bounds."""

    seen: Seen
    bounds: tuple[Explained, ...]
