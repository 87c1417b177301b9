"""What the owner is told of the house itself: a venue that errs, prices that stopped, silence, a day that ended.

Beside the desk and unknown to it: nothing here is an input, and nothing is decided by it.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal

from karb_core.domain.decisions import SeenValue
from karb_core.domain.halt import Halt
from karb_core.domain.instrument import Instrument
from karb_core.ports import Notice, NoticeKind
from karb_core.texts.text import LANGUAGES, Words
from karb_core.wiring.latest import Latest

#: Told, and by which channels.
Tells = Callable[[Notice, Sequence[str]], None]


@dataclass(frozen=True, slots=True)
class Wanted:
    """What one channel wants of this. bounds: by kind; escalates_ns: for how long others may acknowledge first; lows: by
    asset, below which free balance; distance: from liquidation.
    """

    kinds: frozenset[str]
    bounds: Mapping[str, int]
    escalates_ns: int | None
    lows: Mapping[str, Decimal] = field(default_factory=dict)
    distance: Decimal | None = None

    def at(self, kind: NoticeKind, bound: object) -> bool:
        """Whether it is told this kind at that bound."""
        if kind is NoticeKind.BALANCE:
            return any(bound == line for line in self.lows.items())
        if kind is NoticeKind.LIQUIDATION:
            return self.distance == bound
        return kind is NoticeKind.HALT or self.bounds.get(kind) == bound


@dataclass(slots=True)
class _Standing:
    """An alert that is not over. `had`: the channels that were told."""

    notice: Notice
    since_ns: int
    had: set[str]
    acknowledged: bool = False


@dataclass(slots=True)
class Watching:
    """`wanted`: by channel. `legs`: of the file's pairs; `halts`: what is latched now. Each alert is told once to each
    channel while it stands; one that escalates is told where nobody acknowledged it in time.
    """

    wanted: Mapping[str, Wanted]
    legs: Sequence[Instrument]
    latest: Latest
    called: Mapping[str, Words]
    halts: Callable[[], Mapping[str, Halt]]
    mode: str
    tells: Tells
    began_ns: int
    _errors: dict[str, int] = field(init=False, default_factory=dict)
    _why: dict[str, str] = field(init=False, default_factory=dict)
    _standing: dict[tuple[str, str, object], _Standing] = field(init=False, default_factory=dict)
    _heard_ns: dict[str, int] = field(init=False, default_factory=dict)
    _known: set[tuple[str, str, object]] = field(init=False, default_factory=set)

    def answered(self, venue: str, why: str | None, at_ns: int) -> None:
        """A question to a venue came back; `why`: what went wrong, None for an answer."""
        if why is None:
            self._errors.pop(venue, None)
            self._ends(NoticeKind.ERRORS, venue, at_ns)
            return
        self._errors[venue] = count = self._errors.get(venue, 0) + 1
        for bound in self._bounds(NoticeKind.ERRORS):
            if count >= bound:
                facts: dict[str, SeenValue] = {"venue": venue, "count": count, "why": why}
                self._stands(NoticeKind.ERRORS, venue, bound, facts, at_ns)

    def free(self, venue: str, asset: str, free: Decimal, at_ns: int) -> None:
        """What is free of an asset at a venue, as it says. Edge: exactly a line is not below it."""
        facts: dict[str, SeenValue] = {"venue": venue, "asset": asset, "free": free}
        lines = {wanted.lows[asset] for wanted in self.wanted.values() if asset in wanted.lows}
        for line in sorted(lines):
            name = f"{venue} {asset} {line}"
            if free < line:
                self._stands(NoticeKind.BALANCE, name, (asset, line), {**facts, "line": line}, at_ns)
            else:
                self._ends(NoticeKind.BALANCE, name, at_ns)

    def distant(self, leg: Instrument, distance: Decimal | None, at_ns: int) -> None:
        """How far a position's mark is from its liquidation, of the mark; None for no position. Edge: exactly the
        bound is told.
        """
        facts: dict[str, SeenValue] = {"venue": leg.venue, "instrument": f"{leg.base}/{leg.quote}"}
        for bound in {wanted.distance for wanted in self.wanted.values() if wanted.distance is not None}:
            name = f"{leg.text()} {bound}"
            if distance is not None and distance <= bound:
                told: dict[str, SeenValue] = {**facts, "distance": distance, "line": bound}
                self._stands(NoticeKind.LIQUIDATION, name, bound, told, at_ns)
            else:
                self._ends(NoticeKind.LIQUIDATION, name, at_ns)

    def key_ends(self, venue: str, ends_ns: int, at_ns: int) -> None:
        for bound in self._bounds(NoticeKind.KEYS):
            name = f"{venue} {bound}"
            if ends_ns - at_ns <= bound:
                facts: dict[str, SeenValue] = {"venue": venue, "left_ns": ends_ns - at_ns}
                self._stands(NoticeKind.KEYS, name, bound, facts, at_ns)
            else:
                self._ends(NoticeKind.KEYS, name, at_ns)

    def told(self, channels: Sequence[str], at_ns: int) -> None:
        """Something went to these: no heartbeat is owed there."""
        for channel in channels:
            self._heard_ns[channel] = at_ns

    def look(self, now_ns: int) -> None:
        for leg in self.legs:
            self._look_at(leg, now_ns)
        self._look_at_halts(now_ns)
        self._escalate(now_ns)
        for channel, wanted in self.wanted.items():
            bound = wanted.bounds.get(NoticeKind.HEARTBEAT)
            if bound is not None and now_ns - self._heard_ns.get(channel, self.began_ns) >= bound:
                self._say(Notice(NoticeKind.HEARTBEAT, now_ns, "", self.mode, {"bound": bound}), [channel])

    def known(self, halts: Collection[tuple[str, Halt]]) -> None:
        """Reasons, with their strength, that somebody acknowledged before this process began."""
        keys = {(NoticeKind.HALT.value, reason, int(strength)) for reason, strength in halts}
        self._known |= keys
        for key in keys & self._standing.keys():
            self._standing[key].acknowledged = True

    def acknowledge(self) -> int:
        """Of what stands now; how many alerts they are. One that comes again stands anew."""
        fresh = [each for each in self._standing.values() if not each.acknowledged]
        for each in fresh:
            each.acknowledged = True
        return len(fresh)

    def _look_at(self, leg: Instrument, now_ns: int) -> None:
        top = self.latest.tops.get(leg)
        silent_ns = now_ns - max(self.began_ns, 0 if top is None else top.received_at_ns)
        name = f"{leg.venue} {leg.base}/{leg.quote}"
        bounds = sorted(self._bounds(NoticeKind.SILENCE))
        if not bounds or silent_ns < bounds[0]:
            self._ends(NoticeKind.SILENCE, name, now_ns)
        for bound in bounds:
            if silent_ns >= bound:
                facts: dict[str, SeenValue] = {"venue": leg.venue, "instrument": f"{leg.base}/{leg.quote}"}
                self._stands(NoticeKind.SILENCE, name, bound, facts, now_ns)

    def _look_at_halts(self, now_ns: int) -> None:
        """The desk tells its halts itself; here they stand for whoever is told of them later."""
        latched = self.halts()
        for reason, strength in latched.items():
            key: tuple[str, str, object] = (NoticeKind.HALT.value, reason, int(strength))
            if key not in self._standing:
                facts: dict[str, SeenValue] = {"reason": reason, "strength": strength.word}
                at_once = {n for n, w in self.wanted.items() if w.escalates_ns is None}
                notice = Notice(NoticeKind.HALT, now_ns, "", self.mode, facts)
                self._standing[key] = _Standing(notice, now_ns, at_once, key in self._known)
        for key in [k for k in self._standing if k[0] == NoticeKind.HALT and k[1] not in latched]:
            del self._standing[key]
            self._known.discard(key)

    def _stands(self, kind: NoticeKind, of: str, bound: object, facts: dict[str, SeenValue], at_ns: int) -> None:
        key = (kind.value, of, bound)
        if key in self._standing:
            return
        more: dict[str, SeenValue] = {"bound": bound} if isinstance(bound, int) else {}
        notice = Notice(kind, at_ns, "", self.mode, {**facts, **self._names(str(facts["venue"])), **more})
        channels = [n for n, w in self._wanting(kind, bound) if w.escalates_ns is None]
        self._standing[key] = _Standing(notice, at_ns, set(channels))
        self._say(notice, channels)

    def _ends(self, kind: NoticeKind, of: str, at_ns: int) -> None:
        for key in [k for k in self._standing if k[:2] == (kind.value, of)]:
            stood = self._standing.pop(key)
            facts = {**stood.notice.facts, "of": kind.value}
            self._say(replace(stood.notice, kind=NoticeKind.OVER, at_ns=at_ns, facts=facts), sorted(stood.had))

    def _escalate(self, now_ns: int) -> None:
        for (kind, _, bound), stands in self._standing.items():
            for name, wanted in self._wanting(NoticeKind(kind), bound):
                late = wanted.escalates_ns is not None and now_ns - stands.since_ns >= wanted.escalates_ns
                if late and not stands.acknowledged and name not in stands.had:
                    stands.had.add(name)
                    self._say(stands.notice, [name])

    def _wanting(self, kind: NoticeKind, bound: object) -> Iterator[tuple[str, Wanted]]:
        for name, wanted in self.wanted.items():
            if kind.value in wanted.kinds and wanted.at(kind, bound):
                yield name, wanted

    def _bounds(self, kind: NoticeKind) -> set[int]:
        return {wanted.bounds[kind] for wanted in self.wanted.values() if kind in wanted.bounds}

    def _names(self, venue: str) -> dict[str, SeenValue]:
        words = self.called.get(venue)
        return {} if words is None else {f"called.{venue}.{lang}": getattr(words, lang) for lang in LANGUAGES}

    def _say(self, notice: Notice, channels: Sequence[str]) -> None:
        if channels:
            self.told(channels, notice.at_ns)
            self.tells(notice, channels)
