"""Whether two runs decided the same, and if not, what they first decided differently."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import zip_longest
from typing import Any

from karb_core.domain.instant import to_text
from karb_core.ledger.decisions import Written
from karb_core.texts.text import Said, Text


@dataclass(frozen=True, slots=True)
class Difference:
    """The first decision that is not the same; None on the side that has no more."""

    recorded: Written | None
    replayed: Written | None

    def said(self) -> Said:
        recorded, replayed = self.recorded, self.replayed
        one = recorded or replayed
        assert one is not None
        args = {"kind": one.kind.value, "pair": one.pair, "at": to_text(one.first_at_ns)}
        if recorded is None or replayed is None:
            return Text("replay.only_recorded" if replayed is None else "replay.only_replayed", args)
        return Text("replay.differs", {**args, **_apart(recorded, replayed)})


def first_difference(recorded: Iterable[Written], replayed: Iterable[Written]) -> Difference | None:
    """Byte for byte, with when a refusal began, ended, and how often it came."""
    for one, other in zip_longest(recorded, replayed):
        if one is None or other is None or _told(one) != _told(other):
            return Difference(one, other)
    return None


def differences(recorded: Iterable[Written], replayed: Iterable[Written]) -> Iterator[Difference]:
    """Every decision that is not the same, in time order: held against the one of its pair, kind, side, tier and time."""
    was, now = _by_what(recorded), _by_what(replayed)
    for what in sorted({*was, *now}, key=lambda what: (what[-1], *map(str, what))):
        for one, other in zip_longest(was.get(what, ()), now.get(what, ())):
            if one is None or other is None or _told(one) != _told(other):
                yield Difference(one, other)


def _by_what(decided: Iterable[Written]) -> dict[tuple[Any, ...], list[Written]]:
    out: dict[tuple[Any, ...], list[Written]] = {}
    for d in decided:
        out.setdefault((d.pair, d.kind.value, d.side, d.tier, d.first_at_ns), []).append(d)
    return out


def _told(decision: Written) -> tuple[str, int, int, int]:
    return decision.text, decision.first_at_ns, decision.last_at_ns, decision.times


def _apart(one: Written, other: Written) -> dict[str, str]:
    """What of it differs first, and how each has it."""
    pairs = ((f"{n}", f"{getattr(one, n)}", f"{getattr(other, n)}") for n in ("first_at_ns", "last_at_ns", "times"))
    mine, theirs = _flat(one), _flat(other)
    documents = ((name, f"{mine.get(name)}", f"{theirs.get(name)}") for name in sorted({*mine, *theirs}))
    what, was, now = next(each for each in (*documents, *pairs) if each[1] != each[2])
    return {"what": what, "was": was, "now": now}


def _flat(decision: Written) -> dict[str, object]:
    """What was seen stands under names of its own: `seen.z`."""
    told = decision.document()
    inside = {f"seen.{name}": value for name, value in told.pop("seen").items()}
    return {**told, **inside}
