"""What an owner reads who asks from a phone: few lines, rounded, of a house that runs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal

from karb_core.domain.decisions import DecisionKind
from karb_core.domain.exact import mul, text
from karb_core.domain.korean_day import day_of
from karb_core.domain.lots import Lot
from karb_core.domain.market import Top
from karb_core.domain.premium import premium
from karb_core.ledger import reading
from karb_core.ledger.decisions import Written
from karb_core.ledger.ledger import Ledger
from karb_core.ledger.reading import Whose
from karb_core.ports.notice_words import money, percent, price_of, when
from karb_core.wiring.desked import Desked
from karb_core.wiring.earned import earned
from karb_core.wiring.kept_lots import kept_lots, trades_by_book
from karb_core.wiring.standing_halts import standing_halts
from karb_core.wiring.under_way import under_way

_SECOND_NS = 1_000_000_000  # karb: constant because a second has 10^9 nanoseconds
_MINUTES_NS, _DAY_NS = 60 * _SECOND_NS, 86_400 * _SECOND_NS  # karb: constant because a minute and a day have so many
_LAST = 3  # karb: constant because a phone shows so much
_HALF = Decimal("0.5")  # karb: constant because a mid lies in the middle


def status(ledger: Ledger, desks: Sequence[Desked], now_ns: int, lang: str) -> Iterator[str]:
    """Which strategies run, what is halted, how much is open and under way."""
    at = int(lang == "ko")
    for desk in desks:
        whose = Whose(desk.account, desk.name)
        yield f"{desk.name} · {desk.account}"
        halts = standing_halts(ledger, desk.account, desk.name)
        for halted in halts:
            yield f"🚨 {halted.strength}: {halted.reason} ({halted.author})"
        if not halts:
            yield ("🟢 not halted", "🟢 정지 없음")[at]
        open_ = kept_lots(ledger, whose).open
        yield (f"open lots: {len(open_)}", f"열린 로트: {len(open_)}")[at]
        going = list(under_way(ledger, whose))
        if going:
            yield (f"under way: {len(going)}", f"진행 중: {len(going)}")[at]
    yield when(now_ns, at)


def position(ledger: Ledger, desks: Sequence[Desked], now_ns: int, lang: str) -> Iterator[str]:
    """Each open lot, leg by leg, and what is uneven."""
    at = int(lang == "ko")
    any_ = False
    for desk in desks:
        kept = kept_lots(ledger, Whose(desk.account, desk.name))
        for lot in kept.open:
            any_ = True
            yield _lot(desk.name, lot, now_ns, at)
            for leg in lot.legs:
                amount = leg.open
                yield f"  {leg.instrument.venue} {text(amount.value)} {amount.asset}"
            if lot.id in kept.uneven:
                yield "  ⚠️ " + ("uneven", "다리 불균형")[at]
    if not any_:
        yield ("nothing is open", "열린 포지션 없음")[at]


def kimp(desks: Sequence[Desked], now_ns: int, lang: str) -> Iterator[str]:
    """Of each pair the premium at mid prices, on each of the file's rates, and how old its oldest input is."""
    at = int(lang == "ko")
    for desk in desks:
        for name, pair in desk.rulebook.file.pairs.items():
            tops = [desk.latest.tops.get(leg) for leg in (pair.near, pair.far)]
            near, far = tops
            if near is None or far is None:
                yield f"{name}: " + ("no prices yet", "아직 시세 없음")[at]
                continue
            yield f"{name}: {_premiums(desk, near, far, now_ns, at)}"


def pnl(ledger: Ledger, desks: Sequence[Desked], now_ns: int, lang: str) -> Iterator[str]:
    """What closed lots came to: today by Korea's day, the last seven days, all."""
    at = int(lang == "ko")
    names = (("today", "오늘"), ("7 days", "최근 7일"), ("all", "전체"))
    for desk in desks:
        by_book, _ = trades_by_book(kept_lots(ledger, Whose(desk.account, desk.name)).closed)
        yield desk.name
        if not by_book:
            yield "  " + ("no closed lot yet", "청산된 로트 없음")[at]
        for book, trades in by_book.items():
            # karb: constant because a week has seven days
            week = [t for t in trades if t.closed_at_ns > now_ns - 7 * _DAY_NS]
            today = [t for t in trades if day_of(t.closed_at_ns) == day_of(now_ns)]
            for (en, ko), mine in zip(names, (today, week, trades), strict=True):
                net = earned(mine, book).net
                count = (f"{len(mine)} lots", f"{len(mine)}건")[at]
                yield f"  {(en, ko)[at]}: {money(net.value, net.asset, at, signed=True)} ({count})"


def why(ledger: Ledger, desks: Sequence[Desked], now_ns: int, lang: str) -> Iterator[str]:  # noqa: ARG001 - asked as the others
    """The last decisions, each with the lines that decided it."""
    at = int(lang == "ko")
    for desk in desks:
        decided = list(reading.decisions(ledger, Whose(desk.account, desk.name)))[-_LAST:]
        for d in decided:
            yield from _decision(d, at)
        if not decided:
            yield ("nothing was decided yet", "아직 결정 없음")[at]


def _lot(strategy: str, lot: Lot, now_ns: int, at: int) -> str:
    minutes = (now_ns - lot.opened_at_ns) // _MINUTES_NS
    # karb: constant because hours and minutes make up what they do
    age = f"{minutes // 60}h {minutes % 60}m" if not at else f"{minutes // 60}시간 {minutes % 60}분"
    return f"{strategy} · {lot.pair} {lot.side} {lot.tier or ''} · {age}".replace("  ", " ")


def _premiums(desk: Desked, near: Top, far: Top, now_ns: int, at: int) -> str:
    oldest_ns = min(near.received_at_ns, far.received_at_ns)
    told = []
    rates = desk.latest.rates or {}
    for seat, rate in sorted(rates.items(), reverse=True):
        value = premium(_mid(near), _mid(far), rate.rate)
        oldest_ns = min(oldest_ns, rate.received_at_ns)
        told.append(f"{percent(value, signed=True)} ({seat} {price_of(rate.rate, rate.quote, at)})")
    if not told:
        told.append(("no rate yet", "아직 환율 없음")[at])
    age = max(0, now_ns - oldest_ns) // _SECOND_NS
    return ", ".join(told) + (f" · {age} s old", f" · {age}초 전")[at]


def _mid(top: Top) -> Decimal:
    return mul(top.bid + top.ask, _HALF)


def _decision(d: Written, at: int) -> Iterator[str]:
    document = d.document()
    kinds = {
        DecisionKind.ENTRY: ("entered", "진입"), DecisionKind.EXIT: ("exited", "청산"),
        DecisionKind.REFUSAL: ("refused", "거부"), DecisionKind.REMINDER: ("reminded", "알림"),
    }  # fmt: skip
    kind = kinds.get(d.kind, (d.kind.value, d.kind.value))[at]
    times = f" x{d.times}" if d.times > 1 else ""
    yield f"{when(d.last_at_ns, at)} · {d.pair} {kind} {d.side} {d.tier or ''}".rstrip() + times
    for cited in document.get("cited", []):
        yield f"  {cited['file']}:{cited['line']} {cited['rule']} = {cited['written']}"
    for denied in document.get("denied", []):
        yield f"  ✋ {denied['rule']}: {denied['observed']} / {denied['limit']}"
