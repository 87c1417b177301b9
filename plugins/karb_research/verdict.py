"""What a trial came to: survived, a leg left open by a line of the owner's, or not survived, and why."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from karb_core.domain import exact
from karb_core.domain.decisions import Cited, DecisionKind
from karb_core.domain.exact import text
from karb_core.domain.instrument import Instrument
from karb_core.ports import Rehearsed, Setting
from karb_core.rules.duration import Duration
from karb_core.rules.exits import nanoseconds
from karb_core.rules.mistakes import read_block
from karb_core.rules.params import Params
from karb_core.rules.roles import rule
from karb_core.texts.text import Words
from karb_research.scenario import Scenario
from karb_research.scene import instruments
from karb_research.shown import lasting, place

_BOUND = "/execution/unhedged_for"


class Verdict(StrEnum):
    SURVIVED = "survived"
    LEFT_OPEN = "left open"
    FAILED = "not survived"


@dataclass(frozen=True, slots=True)
class Trial:
    """One scenario, how it ended, and why it did not end well. `by`: the owner's lines that left a leg alone.

    notes: what is worth knowing although it is no fault.
    """

    scenario: Scenario
    rehearsed: Rehearsed
    verdict: Verdict
    why: tuple[Words, ...]
    by: tuple[Cited, ...]
    notes: tuple[Words, ...]

    @property
    def told(self) -> Counter[str]:
        """How often each kind of notice came."""
        return Counter(notice.kind.value for notice in self.rehearsed.notices)


class _Bound(Params):
    length: Duration = rule("a bound of the owner's", ko="주인의 한도", example="10s")


def judged(scenario: Scenario, setting: Setting, lines: dict[str, Cited], came: Rehearsed) -> Trial:
    """Held against the venues' own books. `lines`: the strategy file's, by pointer."""
    by = tuple(cited for reason in came.halts if (cited := _line(lines, reason)) is not None)
    open_legs, too_long = dict(uneven_now(setting, came.left_open)), tuple(_too_long(scenario, lines, came))
    alone = bool(open_legs or too_long)
    why = [*_silent(scenario, came), *_books(came), *_halts(lines, came)]
    if not by:
        why += [*too_long, *([_stranded(open_legs)] if open_legs else [])]
    elif alone and "halt" not in {notice.kind.value for notice in came.notices}:
        why.append(Words("a leg was left open and nobody was told", "다리가 열린 채 남았는데 아무도 알리지 않았습니다"))
    verdict = Verdict.FAILED if why else Verdict.LEFT_OPEN if alone else Verdict.SURVIVED
    notes = (*_by_choice(open_legs, by, alone), *(too_long if by else ()), *_still_holds(open_legs, came))
    return Trial(scenario, came, verdict, tuple(why), by if alone else (), notes)


def uneven_now(setting: Setting, left_open: Mapping[Instrument, Decimal]) -> Iterator[tuple[str, Decimal]]:
    """By coin, what all legs together are short or long of, signed; what no venue would take is even."""
    sums: dict[str, Decimal] = {}
    for instrument, base in left_open.items():
        sums[instrument.base] = exact.add(sums.get(instrument.base, Decimal(0)), base)
    for coin, base in sums.items():
        legs = [instrument for instrument in instruments(setting) if instrument.base == coin]
        if any(_fits(setting, leg, exact.absolute(base)) for leg in legs):
            yield coin, base


def _fits(setting: Setting, leg: Instrument, base: Decimal) -> bool:
    facts = setting.facts[leg]
    return facts.unfit(facts.floor_amount(base), facts.floor_price(setting.last[leg])) is None


def _silent(scenario: Scenario, came: Rehearsed) -> Iterator[Words]:
    """Nothing was entered, or a notice did not come."""
    if not any(decision.kind is DecisionKind.ENTRY for decision in came.decisions):
        refused = _refusals(came)
        en = f"nothing was ever entered, so nothing was tried; refused by {refused}" if refused else ""
        ko = f"한 번도 진입하지 않아 시험되지 않았습니다. 거부한 규칙: {refused}" if refused else ""
        yield Words(
            en or "nothing was ever entered, so nothing was tried; nothing was proposed either",
            ko or "한 번도 진입하지 않아 시험되지 않았습니다. 제안도 없었습니다",
        )
    told = {notice.kind.value for notice in came.notices}
    for kind in scenario.must_tell:
        if kind not in told:
            yield Words(f"no notice of kind `{kind}` came", f"`{kind}` 알림이 오지 않았습니다")


def _refusals(came: Rehearsed) -> str:
    rules = Counter(denied.rule for decision in came.decisions for denied in decision.denied)
    return ", ".join(f"{rule} ({times})" for rule, times in rules.most_common())


def _books(came: Rehearsed) -> Iterator[Words]:
    for instrument in dict.fromkeys((*came.left_open, *came.booked)):
        shows, says = (_amount(found, instrument) for found in (came.left_open, came.booked))
        if shows != says:
            yield Words(
                f"{instrument.text()}: the venue shows {shows} open, karb's books say {says}",
                f"{instrument.text()}: 거래소에는 {shows}, karb의 장부에는 {says} 열려 있습니다",
            )


def _amount(found: Mapping[Instrument, Decimal], instrument: Instrument) -> str:
    return text(found[instrument]) if instrument in found else "0"


def _halts(lines: dict[str, Cited], came: Rehearsed) -> Iterator[Words]:
    """What stopped it that is no line of the owner's."""
    for reason in came.halts:
        if _line(lines, reason) is None:
            yield Words(f"it stopped: {reason}", f"멈췄습니다: {reason}")


def _too_long(scenario: Scenario, lines: dict[str, Cited], came: Rehearsed) -> Iterator[Words]:
    bound = _line(lines, _BOUND)
    if "unhedged_for" not in scenario.must_hold or bound is None:
        return
    read = read_block(_Bound, {"length": bound.written})
    for one in came.uneven if isinstance(read, _Bound) else ():
        if isinstance(read, _Bound) and one.lasted_ns > nanoseconds(read.length):
            lasted, where = lasting(one.lasted_ns), f"{place(bound)} `{bound.written}`"
            yield Words(
                f"{one.pair} stood uneven for {lasted}, longer than {where} allows",
                f"{one.pair}: {lasted} 동안 한쪽만 열려 있었습니다. 한도 {where}",
            )


def _stranded(legs: Mapping[str, Decimal]) -> Words:
    told = ", ".join(f"{text(base)} {coin}" for coin, base in legs.items())
    return Words(
        f"a leg is open at the end and no line of yours says so: {told}",
        f"끝났을 때 다리가 열려 있는데, 그렇게 하라는 줄이 없습니다: {told}",
    )


def _by_choice(open_legs: Mapping[str, Decimal], by: tuple[Cited, ...], alone: bool) -> Iterator[Words]:
    """What the owner's lines left as it was."""
    for cited in by:
        where = f"{place(cited)} `{cited.written}`"
        told = ", ".join(f"{text(base)} {coin}" for coin, base in open_legs.items())
        if open_legs:
            yield Words(f"{told} stays open by your line {where}", f"{told}: 당신의 줄 {where} 때문에 열린 채 남습니다")
        elif alone:
            yield Words(f"a leg stood open by your line {where}", f"당신의 줄 {where} 때문에 다리가 열려 있었습니다")
        yield Words(f"entries stay stopped by your line {where}", f"당신의 줄 {where} 때문에 진입이 멈춰 있습니다")


def _still_holds(open_legs: Mapping[str, Decimal], came: Rehearsed) -> Iterator[Words]:
    if came.left_open and not open_legs:
        told = ", ".join(f"{i.text()} {text(base)}" for i, base in came.left_open.items())
        yield Words(f"still holds, even: {told}", f"균형을 이룬 채 아직 들고 있습니다: {told}")


def _line(lines: dict[str, Cited], pointer: str) -> Cited | None:
    """The owner's line at a pointer, or the last inside it, where a ladder ends, or the one around it.

    None for what is no pointer of the file.
    """
    while pointer.startswith("/"):
        inside = (lines[at] for at in reversed(lines) if at == pointer or at.startswith(f"{pointer}/"))
        found = lines.get(pointer) or next(inside, None)
        if found is not None:
            return found
        pointer = pointer.rpartition("/")[0]
    return None
