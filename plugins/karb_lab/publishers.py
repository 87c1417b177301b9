"""Those who publish what a dollar costs in won, each in its own words under a path of its own, by the course of the market.

A made-up dollar costs what a made-up USDT does: at either rate a coin's premium is the one that the course says.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from aiohttp import web

from karb_core.domain.exact import text
from karb_core.domain.instrument import Instrument
from karb_core.ports import Clock
from karb_lab.kimchi import Kimchi

#: What their address is called by, beside the venues'.
RATES = "rates"
_USDT = Instrument("upbit", "USDT", "KRW")
_MS, _SECOND = 1_000_000, 1_000_000_000  # karb: constant because a millisecond and a second have so many nanoseconds
_BAR_S = 300  # karb: constant because a bar of `interval=5m` has 300 seconds
_MOST = 20_000  # karb: constant because it bounds an answer of a local publisher
_FIXED_AT = timedelta(hours=15)  # karb: constant because the ECB says when it publishes


class Publishers:
    """Dunamu, Yahoo, open.er-api and Frankfurter. Each tells the rate of now as of now, and Yahoo and Frankfurter what
    it was before."""

    def __init__(self, course: Kimchi, clock: Clock) -> None:
        self._course = course
        self._clock = clock

    def application(self) -> web.Application:
        served = web.Application()
        served.router.add_get("/dunamu/v1/forex/recent", self._dunamu)
        served.router.add_get("/yahoo/v8/finance/chart/KRW=X", self._yahoo)
        served.router.add_get("/open_er_api/v6/latest/USD", self._open_er_api)
        served.router.add_get("/frankfurter/v1/{days}", self._frankfurter)
        return served

    async def _dunamu(self, request: web.Request) -> web.Response:
        if request.query.get("codes") != "FRX.KRWUSD":
            return _json("[]")
        now_ms = self._clock.now_ns() // _MS
        return _json(f'[{{"code":"FRX.KRWUSD","basePrice":{self._rate(now_ms * _MS)},"timestamp":{now_ms}}}]')

    async def _yahoo(self, request: web.Request) -> web.Response:
        now_s = self._clock.now_ns() // _SECOND
        first, until = (_whole(request.query.get(name, ""), now_s) for name in ("period1", "period2"))
        times = range(first - first % _BAR_S, min(until, now_s), _BAR_S)[-_MOST:]
        closes = ",".join(self._rate((at_s + _BAR_S) * _SECOND) for at_s in times)
        meta = f'"currency":"KRW","symbol":"KRW=X","regularMarketTime":{now_s},"regularMarketPrice":{self._rate(now_s * _SECOND)}'
        chart = f'"timestamp":[{",".join(map(str, times))}],"indicators":{{"quote":[{{"close":[{closes}]}}]}}'
        return _json(f'{{"chart":{{"result":[{{"meta":{{{meta}}},{chart}}}],"error":null}}}}')

    async def _open_er_api(self, request: web.Request) -> web.Response:  # noqa: ARG002 - as aiohttp calls it
        now_s = self._clock.now_ns() // _SECOND
        told = (
            f'"time_last_update_unix":{now_s},"base_code":"USD","rates":{{"USD":1,"KRW":{self._rate(now_s * _SECOND)}}}'
        )
        return _json(f'{{"result":"success",{told}}}')

    async def _frankfurter(self, request: web.Request) -> web.Response:
        """`latest`, or a day, two points and a day."""
        asked = request.match_info["days"]
        today = datetime.fromtimestamp(self._clock.now_ns() // _SECOND, UTC).date()
        last = self._last_fixed(today)
        if asked == "latest":
            return _json(f'{{"amount":1.0,"base":"USD","date":"{last}","rates":{{"KRW":{self._fixed(last)}}}}}')
        try:
            first, until = (date.fromisoformat(day) for day in asked.split(".."))
        except ValueError:
            return web.json_response({"message": "not found"}, status=404)  # karb: constant because HTTP names it
        days = [first + timedelta(days=n) for n in range(min((min(until, last) - first).days + 1, _MOST))]
        rates = ",".join(f'"{day}":{{"KRW":{self._fixed(day)}}}' for day in days if _works(day))
        return _json(f'{{"amount":1.0,"base":"USD","rates":{{{rates}}}}}')

    def _last_fixed(self, today: date) -> date:
        """The last working day of which the fixing is out."""
        day = today if self._clock.now_ns() >= _fixed_ns(today) else today - timedelta(days=1)
        while not _works(day):
            day -= timedelta(days=1)
        return day

    def _fixed(self, day: date) -> str:
        return self._rate(_fixed_ns(day))

    def _rate(self, at_ns: int) -> str:
        return text(self._course.price(_USDT, at_ns))


def _fixed_ns(day: date) -> int:
    """When a day's fixing is published."""
    midnight = datetime(day.year, day.month, day.day, tzinfo=UTC)
    return int((midnight + _FIXED_AT).timestamp()) * _SECOND


def _works(day: date) -> bool:
    return day.weekday() < 5  # karb: constant because a week has five working days


def _whole(written: str, otherwise: int) -> int:
    return int(written) if written.isascii() and written.isdigit() else otherwise


def _json(body: str) -> web.Response:
    return web.Response(text=body, content_type="application/json")
