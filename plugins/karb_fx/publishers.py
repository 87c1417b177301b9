"""Where each rate is published, and what is asked there. Source of paths and times: the publishers' own pages."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone
from functools import partial
from urllib.parse import quote

from karb_core.domain.market import FxKind
from karb_fx import answers, daily_answers
from karb_fx.told import Publisher, Question

_SECOND = 1_000_000_000  # karb: constant because a second has 10^9 nanoseconds
_BAR_NS = 300 * _SECOND  # karb: constant because a bar of `interval=5m` has 300 seconds
_SEOUL = timezone(timedelta(hours=9))  # karb: constant because Seoul is nine hours ahead of UTC
_DAYS_BACK = 9  # karb: constant because the longest holidays of Korea are shorter
#: Yahoo keeps bars of five minutes for about sixty days, and turns away whoever does not look like a browser.
_BROWSER = (("User-Agent", "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36"),)


def dunamu() -> Publisher:
    question = Question("/v1/forex/recent?codes=FRX.KRWUSD", answers.dunamu)
    return Publisher("dunamu", FxKind.BASE, lambda now_ns: (question,), headers=_BROWSER)  # noqa: ARG005


def yahoo() -> Publisher:
    question = Question("/v8/finance/chart/KRW=X?interval=1m&range=1d", answers.yahoo)
    return Publisher("yahoo", FxKind.MARKET, lambda now_ns: (question,), _bars_of_yahoo, _BROWSER)  # noqa: ARG005


def _bars_of_yahoo(since_ns: int, until_ns: int) -> Iterator[Question]:
    span = f"period1={(since_ns - _BAR_NS) // _SECOND}&period2={until_ns // _SECOND}"
    yield Question(f"/v8/finance/chart/KRW=X?interval=5m&{span}", partial(answers.yahoo_bars, length_ns=_BAR_NS))


def open_er_api() -> Publisher:
    question = Question("/v6/latest/USD", daily_answers.open_er_api)
    return Publisher("open_er_api", FxKind.MID, lambda now_ns: (question,))  # noqa: ARG005


def frankfurter() -> Publisher:
    question = Question("/v1/latest?base=USD&symbols=KRW", daily_answers.frankfurter)
    return Publisher("frankfurter", FxKind.REFERENCE, lambda now_ns: (question,), _days_of_frankfurter)  # noqa: ARG005


def _days_of_frankfurter(since_ns: int, until_ns: int) -> Iterator[Question]:
    first, last = (datetime.fromtimestamp(at_ns // _SECOND, UTC).date() for at_ns in (since_ns, until_ns))
    yield Question(f"/v1/{first}..{last}?base=USD&symbols=KRW", daily_answers.frankfurter_days)


def exchangerate_host(key: str) -> Publisher:
    question = Question(f"/live?access_key={quote(key)}&source=USD&currencies=KRW", daily_answers.exchangerate_host)
    return Publisher("exchangerate_host", FxKind.MID, lambda now_ns: (question,))  # noqa: ARG005


def koreaexim(key: str) -> Publisher:
    """Of today, or of the last day that has a rate: none is given on a holiday, nor before the day's notice."""

    def latest(now_ns: int) -> Iterator[Question]:
        today = datetime.fromtimestamp(now_ns // _SECOND, _SEOUL).date()
        for back in range(_DAYS_BACK):
            day = today - timedelta(days=back)
            target = f"/site/program/financial/exchangeJSON?authkey={quote(key)}&searchdate={day:%Y%m%d}&data=AP01"
            yield Question(target, partial(daily_answers.koreaexim, day=day))

    return Publisher("koreaexim", FxKind.BASE, latest)
