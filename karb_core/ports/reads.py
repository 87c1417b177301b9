"""What a gate says that it looks at beside the latest of everything."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol, runtime_checkable


@dataclass(frozen=True, slots=True)
class Reads:
    """stood_ns: how far back it looks at where prices stood; past_ns: at closed bars, 0 for not at all; volumes: at what
    traded in these; depths: at books; clocks: at how far venues' clocks are from ours; cautions: at what venues warn of.
    """

    stood_ns: int = 0
    past_ns: int = 0
    volumes: bool = False
    depths: bool = False
    clocks: bool = False
    cautions: bool = False

    @classmethod
    def of(cls, components: Iterable[object]) -> Reads:
        """What all of them together look at."""
        told = [each.reads() for each in components if isinstance(each, ReadsMore)]
        return cls(
            stood_ns=max((each.stood_ns for each in told), default=0),
            past_ns=max((each.past_ns for each in told), default=0),
            volumes=any(each.volumes for each in told),
            depths=any(each.depths for each in told),
            clocks=any(each.clocks for each in told),
            cautions=any(each.cautions for each in told),
        )


@runtime_checkable
class ReadsMore(Protocol):
    """A gate that looks at more than the latest, as its parameters say. What a mode cannot show refuses the run; what is
    not known far enough back is for the gate to refuse."""

    def reads(self) -> Reads: ...
