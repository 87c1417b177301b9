"""The first decision of two runs that is not the same, and whose it is."""

from __future__ import annotations

from karb_core.domain.decisions import Decision
from karb_core.domain.instant import to_text
from karb_core.texts.text import Words
from karb_research.found_bias import Found, Kind
from karb_research.whole_run import Whole

#: What each of two runs decided, None on the side that decided nothing.
Both = tuple[Decision | None, Decision | None]


def first_other(whole: tuple[Decision, ...], piece: tuple[Decision, ...], until_ns: int | None = None) -> Both | None:
    """The first decision, up to a time, that is not the same byte for byte, None on the side that has none; each pair's
    own are held against each other, as two pairs of one moment may be told in either order."""
    found: list[Both] = []
    mine, theirs = _by_pair(whole, until_ns), _by_pair(piece, until_ns)
    for pair in dict.fromkeys((*mine, *theirs)):
        one, other = mine.get(pair, []), theirs.get(pair, [])
        for row in range(max(len(one), len(other))):
            both = (one[row] if row < len(one) else None, other[row] if row < len(other) else None)
            if both[0] is None or both[1] is None or both[0].text() != both[1].text():
                found.append(both)
                break
    return min(found, key=_first_at, default=None)


def decided_otherwise(whole: Whole, kind: Kind, both: Both, piece_ns: int) -> Found:
    """A decision that is another although everything it is made from is the same: somebody keeps more than they may."""
    one, other = both
    pointer = blamed(both)
    decision = one or other
    assert decision is not None
    return Found(
        kind=kind,
        use=whole.use(pointer),
        lines=whole.lines_of(pointer)[:1],
        pair=decision.pair,
        what="decision",
        at_ns=_first_at(both),
        whole=None if one is None else short(one),
        piece=None if other is None else short(other),
        piece_ns=piece_ns,
    )


def blamed(both: Both) -> str:
    """Whose decision it is: the sizing's where the same was seen and the legs are others; else that of whoever denied it on
    one side only; else the signal's. Shape: the pointer of a component (`/risk_gates/0`).
    """
    one, other = both
    if one is not None and other is not None and one.seen == other.seen and one.legs != other.legs:
        return "/sizing"
    denied = [{d.rule for d in decision.denied} if decision is not None else set() for decision in both]
    for rule in sorted(denied[0] ^ denied[1]):
        parts = rule.split("/")
        if parts[1:2] == ["risk_gates"]:
            # karb: constant because a component's place has so many steps
            return "/".join(parts[:3])
        if parts[1:2] == ["sizing"]:
            return "/sizing"
    return "/signal"


def told(both: Both) -> Words:
    """What was decided with all data, and what without; where these read alike, what of it differs first."""
    at = to_text(_first_at(both))
    mine, theirs = ("-" if each is None else short(each) for each in both)
    if mine == theirs:
        mine, theirs = (f"{mine}, {what}" for what in _parting(both))
    return Words(
        f"at {at} it decided {mine}; with that part of the data: {theirs}", f"{at}에 {mine}; 그 데이터만으로는 {theirs}"
    )


def short(decision: Decision) -> str:
    """Shape: `entry short_premium normal`; of a refusal also who denied."""
    by = ", ".join(denied.rule for denied in decision.denied)
    words = (decision.kind.value, decision.side, decision.tier or "", f"({by})" if by else "")
    return " ".join(word for word in words if word)


def _parting(both: Both) -> tuple[str, str]:
    """The first thing that was seen, else what was planned, else when it was."""
    one, other = both
    assert one is not None
    assert other is not None
    mine, theirs = dict(one.seen), dict(other.seen)
    for name in (*mine, *theirs):
        if mine.get(name) != theirs.get(name):
            return f"{name} {mine.get(name)}", f"{name} {theirs.get(name)}"
    if one.legs != other.legs:
        amounts = (" ".join(leg.amount.text() for leg in each.legs) for each in (one, other))
        return next(amounts), next(amounts)
    return to_text(one.at_ns), to_text(other.at_ns)


def _by_pair(decisions: tuple[Decision, ...], until_ns: int | None) -> dict[str, list[Decision]]:
    out: dict[str, list[Decision]] = {}
    for decision in decisions:
        if until_ns is None or decision.at_ns <= until_ns:
            out.setdefault(decision.pair, []).append(decision)
    return {pair: sorted(own, key=lambda decision: decision.at_ns) for pair, own in out.items()}


def _first_at(both: Both) -> int:
    return min(decision.at_ns for decision in both if decision is not None)
