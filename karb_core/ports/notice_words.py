"""What a notice reads like to its owner: a headline, and lines below it, in the language of who reads."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from karb_core.domain.decisions import SeenValue
from karb_core.domain.exact import half_even, text
from karb_core.domain.korean_day import KST
from karb_core.ports.notifier import Notice, NoticeKind
from karb_core.rules.shown import shown

Facts = Mapping[str, SeenValue]

_PERCENT_PLACES, _COIN_PLACES, _CENT_PLACES = 2, 8, 2  # karb: constant because these are steps of display
_CHEAP, _DIGITS = 1000, 6  # karb: constant because these are bounds of display
_SHOWN = 300  # karb: constant because it cuts a shown text


@dataclass(frozen=True, slots=True)
class NoticeWords:
    """`headline`: one line. `lines`: what is below it. `mark`: its number, and whether it may have come before."""

    headline: str
    lines: tuple[str, ...]
    mark: str

    @property
    def whole(self) -> str:
        return "\n".join((self.headline, *self.lines, *((self.mark,) if self.mark else ())))


def words_of(notice: Notice, lang: str) -> NoticeWords:
    """`lang`: `ko` or `en`. It raises for no notice: what a fact lacks is left out."""
    at = int(lang == "ko")
    headline = _HEADLINES[notice.kind](notice, at)
    lines = [*_legs(notice.facts, at), *_denied(notice.facts, at), *_money(notice.facts, at), *_told(notice, at)]
    return NoticeWords(_one_line(headline), tuple(map(_one_line, lines)), _mark(notice, at))


def percent(value: Decimal, *, signed: bool = False) -> str:
    """`3.5%`, `+1.2%`: as many places as say something, two at most."""
    told = text(half_even(value * 100, _PERCENT_PLACES))
    return f"{'+' if signed and value > 0 else ''}{told}%"


def money(value: Decimal, asset: str, at: int, *, signed: bool = False) -> str:
    """`48,492원`, `48,492 KRW`, `1,234.56 USDT`; coins as they are."""
    sign = "+" if signed and value > 0 else ""
    if asset == "KRW":
        return f"{sign}{half_even(value, 0):,f}{(' KRW', '원')[at]}"
    places = _CENT_PLACES if asset in ("USDT", "USD", "USDC") else _COIN_PLACES
    shown_value = half_even(value, places) if places == _CENT_PLACES else Decimal(text(half_even(value, places)))
    return f"{sign}{shown_value:,f} {asset}"


def price_of(value: Decimal, asset: str, at: int) -> str:
    """As money where it is large; a cheap coin's with six digits that say something."""
    if value >= _CHEAP:
        return money(value, asset, at)
    places = max(0, _DIGITS - 1 - value.adjusted()) if value else 0
    told = text(half_even(value, places))
    return f"{told}원" if asset == "KRW" and at else f"{told} {asset}"


def venue_called(facts: Facts, venue: str, at: int) -> str:
    """As people call it, where its plugin says so."""
    return str(facts.get(f"called.{venue}.{('en', 'ko')[at]}") or venue)


def when(at_ns: int, at: int) -> str:
    """`2024-12-03 13:30 UTC`; in Korean the day and hour of Seoul."""
    # karb: constant because nanoseconds count from 1970
    moment = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=at_ns // 1000)
    return f"{moment.astimezone(KST):%Y-%m-%d %H:%M} 한국시간" if at else f"{moment:%Y-%m-%d %H:%M} UTC"


def _entry(notice: Notice, at: int) -> str:
    told = [_premium(notice.facts, at), _amount(notice.facts)]
    return _headline("📈", ("Entered", "포지션 진입")[at], told)


def _exit(notice: Notice, at: int) -> str:
    net = _net(notice.facts)
    told = [f"{('net', '순이익')[at]} {percent(net, signed=True)}"] if net is not None else []
    return _headline("📉", ("Exited", "포지션 청산")[at], told)


def _halt(_: Notice, at: int) -> str:
    told = ("Emergency stop in force", "비상정지 활성화")[at]
    return f"🚨 {told}"


def _leg(notice: Notice, at: int) -> str:
    return _headline("🚨", ("One leg stood alone", "한쪽 다리만 체결")[at], [notice.pair])


def _errors(notice: Notice, at: int) -> str:
    venue, count = venue_called(notice.facts, str(notice.facts.get("venue", "")), at), notice.facts.get("count")
    return (f"⚠️ {venue} API failed {count} times in a row", f"⚠️ {venue} API 에러 {count}회 연속")[at]


def _silence(notice: Notice, at: int) -> str:
    instrument, venue = (
        notice.facts.get("instrument", ""),
        venue_called(notice.facts, str(notice.facts.get("venue", "")), at),
    )
    return (f"⚠️ No prices of {instrument} from {venue}", f"⚠️ {venue} {instrument} 시세 끊김")[at]


def _balance(notice: Notice, at: int) -> str:
    venue, free = venue_called(notice.facts, str(notice.facts.get("venue", "")), at), notice.facts.get("free")
    told = money(free, str(notice.facts.get("asset", "")), at) if isinstance(free, Decimal) else ""
    return (f"⚠️ {venue} has only {told} free", f"⚠️ {venue} 잔고 부족: {told}")[at]


def _liquidation(notice: Notice, at: int) -> str:
    distance, instrument = notice.facts.get("distance"), notice.facts.get("instrument", "")
    venue = venue_called(notice.facts, str(notice.facts.get("venue", "")), at)
    told = percent(distance) if isinstance(distance, Decimal) else "?"
    return (f"🚨 {venue} {instrument} is {told} from liquidation", f"🚨 {venue} {instrument} 청산가까지 {told}")[at]


def _keys(notice: Notice, at: int) -> str:
    venue, left = venue_called(notice.facts, str(notice.facts.get("venue", "")), at), notice.facts.get("left_ns")
    days = left // (_HOUR * _HOURS) if isinstance(left, int) else 0
    return (f"🔑 The key at {venue} ends in {days} days", f"🔑 {venue} API 키 만료 {days}일 전")[at]


def _over(notice: Notice, at: int) -> str:
    venue = venue_called(notice.facts, str(notice.facts.get("venue", "")), at)
    told = ("answers", "is in order")[notice.facts.get("of") in _OF_ACCOUNTS]
    return (f"✅ {venue} {told} again", f"✅ {venue} 정상으로 돌아옴")[at]


def _refusal(notice: Notice, at: int) -> str:
    return _headline(
        "✋", ("Refused", "진입 거부" if notice.facts.get("cause") == "taken" else "거부")[at], [notice.pair]
    )


def _reminder(notice: Notice, at: int) -> str:
    held = notice.facts.get("held_ns")
    days, hours = divmod(held // _HOUR, _HOURS) if isinstance(held, int) else (0, 0)
    told = (f"{days} d {hours} h", f"{days}일 {hours}시간째")[at]
    return _headline("⏰", ("Still open", "아직 보유 중")[at], [notice.pair, told])


def _rules(_: Notice, at: int) -> str:
    return ("📝 The strategy's file", "📝 전략 파일")[at]


def _summary(notice: Notice, at: int) -> str:
    day = notice.facts.get("day", "")
    return (f"📊 Day {day}", f"📊 {day} 하루 요약")[at]


def _heartbeat(_: Notice, at: int) -> str:
    return ("💓 karb runs, nothing to tell", "💓 정상 작동 중, 새 소식 없음")[at]


_OF_ACCOUNTS = ("balance", "liquidation", "keys")
_HEADLINES: dict[NoticeKind, Callable[[Notice, int], str]] = {
    NoticeKind.ENTRY: _entry,
    NoticeKind.EXIT: _exit,
    NoticeKind.HALT: _halt,
    NoticeKind.LEG: _leg,
    NoticeKind.ERRORS: _errors,
    NoticeKind.SILENCE: _silence,
    NoticeKind.BALANCE: _balance,
    NoticeKind.LIQUIDATION: _liquidation,
    NoticeKind.KEYS: _keys,
    NoticeKind.OVER: _over,
    NoticeKind.REFUSAL: _refusal,
    NoticeKind.REMINDER: _reminder,
    NoticeKind.RULES: _rules,
    NoticeKind.SUMMARY: _summary,
    NoticeKind.HEARTBEAT: _heartbeat,
}
# karb: constant because nanoseconds and hours make up what they do
_HOUR, _HOURS = 3_600_000_000_000, 24
_SIDES = {"buy": ("buy", "매수"), "sell": ("sell", "매도")}
_STRENGTHS = {
    "no-entries": ("no entries", "진입 중지"),
    "reduce-only": ("reduce only", "축소만"),
    "flatten": ("flatten everything", "전부 청산"),
}


def _headline(sign: str, told: str, more: list[str]) -> str:
    said = ", ".join(each for each in more if each)
    return f"{sign} {told} - {said}" if said else f"{sign} {told}"


def _premium(facts: Facts, at: int) -> str:
    premium = facts.get("premium")
    return f"{('premium', '김프')[at]} {percent(premium)}" if isinstance(premium, Decimal) else ""


def _amount(facts: Facts) -> str:
    amount = facts.get("leg.0.amount")
    return f"{_coins(amount)} {facts.get('leg.0.base', '')}" if isinstance(amount, Decimal) else ""


def _coins(amount: Decimal) -> str:
    return f"{Decimal(text(half_even(amount, _COIN_PLACES))):,f}"


def _net(facts: Facts) -> Decimal | None:
    """What it came to, over what was put in; where nothing is known yet, what it was judged by."""
    result, of, judged = facts.get("result"), facts.get("result.of"), facts.get("net")
    if isinstance(result, Decimal) and isinstance(of, Decimal) and of:
        return result / of
    return judged if isinstance(judged, Decimal) else None


def _legs(facts: Facts, at: int) -> list[str]:
    told = []
    for i in range(_count(facts, "legs")):
        amount, price = facts.get(f"leg.{i}.amount"), facts.get(f"leg.{i}.price")
        if isinstance(amount, Decimal) and isinstance(price, Decimal):
            venue = venue_called(facts, str(facts[f"leg.{i}.venue"]), at)
            side = _SIDES[str(facts[f"leg.{i}.side"])][at]
            coins = f"{_coins(amount)} {facts[f'leg.{i}.base']}"
            at_price = price_of(price, str(facts[f"leg.{i}.quote"]), at)
            came = leg_came(facts, i, at)
            told.append((f"{venue}: {side} {coins} at {at_price}", f"{venue}: {coins} {side}, {at_price}")[at] + came)
    return told


def leg_came(facts: Facts, i: int, at: int) -> str:
    """What became of a leg, where that is known: how much of it was filled."""
    filled, amount = facts.get(f"leg.{i}.filled"), facts.get(f"leg.{i}.amount")
    if not isinstance(filled, Decimal) or not isinstance(amount, Decimal):
        return ""
    if filled == amount:
        return (", filled", ", 체결")[at]
    return (
        (f", {_coins(filled)} filled", f", {_coins(filled)}만 체결")[at] if filled else (", not filled", ", 미체결")[at]
    )


def _denied(facts: Facts, at: int) -> list[str]:
    told = []
    for i in range(_count(facts, "denied")):
        observed, limit = shown(str(facts.get(f"denied.{i}.observed", "")), str(facts.get(f"denied.{i}.limit", "")))
        told.append(f"{facts.get(f'denied.{i}.rule', '')}: {observed} ({('limit', '한도')[at]} {limit})")
    return told


def _money(facts: Facts, at: int) -> list[str]:
    result, judged = facts.get("result"), facts.get("net")
    told = []
    if isinstance(result, Decimal):
        told.append(
            f"{('result', '실제 손익')[at]} {money(result, str(facts.get('result.asset', '')), at, signed=True)}"
        )
    if isinstance(judged, Decimal) and (told or not facts.get("denied")):
        told.append(f"{('expected', '예상 손익')[at]} {percent(judged, signed=True)}")
    return [", ".join(told)] if told else []


def _told(notice: Notice, at: int) -> list[str]:
    """The reason of a halt, a lot's name, figures of a day; then where and when."""
    facts, told = notice.facts, []
    if "reason" in facts:
        strength = str(facts.get("strength", ""))
        told.append(f"{_STRENGTHS.get(strength, (strength, strength))[at]}: {facts['reason']}"[:_SHOWN])
    elif notice.kind is NoticeKind.HALT and facts.get("rule"):
        told.append((f"by your rule {facts['rule']}", f"규칙 {facts['rule']}")[at])
    if "lot" in facts:
        told.append(f"{('lot', '로트')[at]} {facts['lot']}")
    told += [str(facts.get(f"figure.{i}.{('en', 'ko')[at]}", "")) for i in range(_count(facts, "figures"))]
    if facts.get("why"):
        told.append(str(facts["why"])[:_SHOWN])
    where = [notice.strategy, notice.mode, notice.pair, str(facts.get("tier") or ""), str(facts.get("lines") or "")]
    return [*told, " · ".join(each for each in (*where, when(notice.at_ns, at)) if each)]


def _mark(notice: Notice, at: int) -> str:
    number = f"#{notice.short}" if notice.short else ""
    if not notice.again:
        return number
    return f"{number} {('again: it may have reached you before', 'again(다시): 이미 받으셨을 수 있습니다')[at]}".strip()


def _count(facts: Facts, what: str) -> int:
    told = facts.get(what)
    return told if isinstance(told, int) else 0


def _one_line(told: str) -> str:
    return " ".join(told.split())
