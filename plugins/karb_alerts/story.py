"""What a notice reads like on a terminal."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from karb_core.domain.decisions import SeenValue
from karb_core.domain.exact import text
from karb_core.ports import Notice, NoticeKind
from karb_core.ports.notice_words import words_of
from karb_core.rules.shown import shown

_TITLES = {
    NoticeKind.ENTRY: ("entry", "진입"),
    NoticeKind.EXIT: ("exit", "청산"),
    NoticeKind.REFUSAL: ("refused", "거부"),
    NoticeKind.HALT: ("HALT", "정지"),
    NoticeKind.REMINDER: ("still open", "아직 보유"),
}
# karb: constant because nanoseconds and hours make up what they do
_HOUR, _HOURS = 3_600_000_000_000, 24
_SIDES = {"buy": ("Buy", "매수"), "sell": ("Sell", "매도")}


def story(notice: Notice, korean: bool = False) -> str:
    """When and why, each leg or what denied it, and what came of it: a line each."""
    if notice.kind not in _TITLES:
        return words_of(notice, "ko" if korean else "en").whole
    facts, at = notice.facts, 1 if korean else 0
    # karb: constant because nanoseconds count from 1970
    when = (datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=notice.at_ns // 1000)).strftime("%Y-%m-%d %H:%M")
    tier = f" {facts['tier']}" if facts.get("tier") else ""
    head = f"{when}  {notice.pair} {_TITLES[notice.kind][at]}{tier} {facts.get('side', '')}".rstrip()
    lines = [f"{head}  {_judged(facts)}".rstrip()]
    lines += [_leg(facts, i, notice.mode, at) for i in range(_count(facts, "legs"))]
    lines += [_denied(facts, i, at) for i in range(_count(facts, "denied"))]
    if "reason" in facts:
        lines.append(f"    {facts['strength']}: {facts['reason']}")
    if notice.kind is NoticeKind.REMINDER:
        lines.append(_held(facts, at))
    if "result" in facts:
        lines.append(_net(facts, at))
    if facts.get("lines"):
        lines.append(f"    {facts['lines']}")
    if notice.again:
        lines.append(f"    {words_of(notice, 'ko' if korean else 'en').mark}")
    return "\n".join(lines)


def _judged(facts: Mapping[str, SeenValue]) -> str:
    told = []
    premium, z = facts.get("premium"), facts.get("z")
    if isinstance(premium, Decimal):
        told.append(f"premium {premium * 100:+.2f} %")
    if isinstance(z, Decimal):
        told.append(f"z {z:+.2f}")
    return "  ".join(told)


def _leg(facts: Mapping[str, SeenValue], i: int, mode: str, at: int) -> str:
    side = _SIDES[str(facts[f"leg.{i}.side"])][at]
    base, venue = facts[f"leg.{i}.base"], facts[f"leg.{i}.venue"]
    size = facts[f"leg.{i}.amount"]
    assert isinstance(size, Decimal)
    (amount,) = shown(text(size))
    price, quote = facts[f"leg.{i}.price"], facts[f"leg.{i}.quote"]
    assert isinstance(price, Decimal)
    if at:
        return f"    [{mode}] {venue} {amount} {base} {side}, 가격 {_number(price)} {quote}"
    return f"    [{mode}] {side} {amount} {base} on {venue} at {_number(price)} {quote}"


def _net(facts: Mapping[str, SeenValue], at: int) -> str:
    net, spent = facts["result"], facts["result.of"]
    assert isinstance(net, Decimal)
    assert isinstance(spent, Decimal)
    share = f"{net / spent * 100:+.2f} %" if spent else ""
    return f"    {('net', '순이익')[at]} {net:+,.0f} {facts['result.asset']} ({share}){_expected(facts, at)}"


def _held(facts: Mapping[str, SeenValue], at: int) -> str:
    """Since when which lot is open, and what it would bring now."""
    held = facts["held_ns"]
    assert isinstance(held, int)
    days, hours = divmod(held // _HOUR, _HOURS)
    told = (
        f"lot {facts['lot']} has been open for {days} d {hours} h",
        f"로트 {facts['lot']}: {days}일 {hours}시간째 보유 중",
    )[at]
    net = facts.get("net")
    return f"    {told}" + (
        f"  {('net now', '지금 순이익')[at]} {net * 100:+.2f} %" if isinstance(net, Decimal) else ""
    )


def _expected(facts: Mapping[str, SeenValue], at: int) -> str:
    """What the exit was judged by; several lots that leave together each had their own, and none is told."""
    judged = facts.get("net")
    return f"  {('expected', '예상')[at]} {judged * 100:+.2f} %" if isinstance(judged, Decimal) else ""


def _denied(facts: Mapping[str, SeenValue], i: int, at: int) -> str:
    observed, limit = shown(str(facts[f"denied.{i}.observed"]), str(facts[f"denied.{i}.limit"]))
    return f"    {facts[f'denied.{i}.rule']}: {observed} ({('limit', '한도')[at]} {limit})"


def _count(facts: Mapping[str, SeenValue], what: str) -> int:
    told = facts.get(what)
    return told if isinstance(told, int) else 0


def _number(value: Decimal) -> str:
    whole = value == value.to_integral_value()
    return f"{value:,.0f}" if whole or value >= 1_000_000 else f"{value:,.6g}"  # karb: constant because it is display
