"""A notice as Discord shows it: a line that a phone pushes, and a trade as an embed coloured by its direction."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from discord_webhook import DiscordEmbed

from karb_core.ports import Notice, NoticeKind
from karb_core.ports.notice_words import NoticeWords, leg_came, money, percent, price_of, venue_called, words_of

# karb: constant because Discord takes no longer ones
_CONTENT, _VALUE, _DESCRIPTION = 2000, 1024, 4096
_LONG = 0x2ECC71  # karb: constant because it is a colour
_SHORT = 0xE74C3C  # karb: constant because it is a colour
_STOP = 0x992D22  # karb: constant because it is a colour
_WARNS = 0xF1C40F  # karb: constant because it is a colour
_PLAIN = 0x95A5A6  # karb: constant because it is a colour
_COLOURS = {
    NoticeKind.HALT: _STOP,
    NoticeKind.LEG: _STOP,
    NoticeKind.ERRORS: _WARNS,
    NoticeKind.SILENCE: _WARNS,
    NoticeKind.BALANCE: _WARNS,
    NoticeKind.LIQUIDATION: _WARNS,
    NoticeKind.KEYS: _WARNS,
}
_SIDES = {
    "long_premium": ("long premium: bought near, sold far", "김프 매수: 국내 매수, 해외 매도"),
    "short_premium": ("short premium: sold near, bought far", "김프 매도: 국내 매도, 해외 매수"),
}


def content_of(notice: Notice, lang: str) -> str:
    """The headline and the mark: what is pushed, and what is left where an embed is not taken."""
    words = words_of(notice, lang)
    trade = notice.kind in (NoticeKind.ENTRY, NoticeKind.EXIT)
    told = (words.headline, *(() if trade else words.lines), *((words.mark,) if words.mark else ()))
    return "\n".join(told)[:_CONTENT]


def embed_of(notice: Notice, lang: str) -> dict[str, Any]:
    """Coin, signal, quantity, each venue's outcome, expected and actual profit of a trade; the lines of anything else."""
    words = words_of(notice, lang)
    trade = notice.kind in (NoticeKind.ENTRY, NoticeKind.EXIT)
    # karb: constant because nanoseconds count from 1970
    at = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=notice.at_ns // 1000)
    embed = DiscordEmbed(title=words.headline[:_TITLE], color=_colour(notice), timestamp=at.isoformat())
    if trade:
        for name, value in _fields(notice, int(lang == "ko")):
            embed.add_embed_field(name, value[:_VALUE])
    else:
        embed.set_description("\n".join(words.lines)[:_DESCRIPTION])
    embed.set_footer(_footer(words))
    return dict(embed.__dict__)


_TITLE = 256  # karb: constant because Discord takes no longer ones


def _colour(notice: Notice) -> int:
    side = notice.facts.get("side")
    if notice.kind in _COLOURS:
        return _COLOURS[notice.kind]
    return {"long_premium": _LONG, "short_premium": _SHORT}.get(str(side), _PLAIN)


def _fields(notice: Notice, at: int) -> list[tuple[str, str]]:
    facts = notice.facts
    side = _SIDES.get(str(facts.get("side")), (str(facts.get("side") or "-"),) * 2)[at]
    signal = [str(facts[name]) for name in ("tier",) if facts.get(name)]
    for name, ko in (("premium", "김프"), ("z", "z")):
        value = facts.get(name)
        if isinstance(value, Decimal):
            signal.append(f"{(name, ko)[at]} {percent(value) if name == 'premium' else f'{value:+.2f}'}")
    told = [(("coin", "코인")[at], notice.pair or "-"), (("signal", "신호")[at], " · ".join([side, *signal]))]
    for i in range(count if isinstance(count := facts.get("legs"), int) else 0):
        amount, price = facts.get(f"leg.{i}.amount"), facts.get(f"leg.{i}.price")
        if not isinstance(amount, Decimal) or not isinstance(price, Decimal):
            continue
        if not i:
            told.append((("quantity", "수량")[at], f"{amount.normalize():,f} {facts[f'leg.{i}.base']}"))
        how = {"buy": ("bought", "매수"), "sell": ("sold", "매도")}[str(facts[f"leg.{i}.side"])][at]
        value = f"{how} @ {price_of(price, str(facts[f'leg.{i}.quote']), at)}{leg_came(facts, i, at)}"
        told.append((venue_called(facts, str(facts[f"leg.{i}.venue"]), at), value))
    return [*told, *_profit(notice, at)]


def _profit(notice: Notice, at: int) -> list[tuple[str, str]]:
    judged, target, result = (notice.facts.get(name) for name in ("net", "target", "result"))
    told = []
    expected = judged if isinstance(judged, Decimal) else target
    if isinstance(expected, Decimal):
        told.append((("expected profit", "예상 수익")[at], percent(expected, signed=True)))
    if isinstance(result, Decimal):
        asset, of = str(notice.facts.get("result.asset", "")), notice.facts.get("result.of")
        share = f" ({percent(result / of, signed=True)})" if isinstance(of, Decimal) and of else ""
        told.append((("actual profit", "실제 수익")[at], money(result, asset, at, signed=True) + share))
    return told


def _footer(words: NoticeWords) -> str:
    return " · ".join(each for each in (words.lines[-1] if words.lines else "", words.mark) if each)
