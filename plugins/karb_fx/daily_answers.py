"""What those say who publish a rate once a day. Times are seconds or days of theirs, told in ns of UTC."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, time
from decimal import Decimal

import msgspec

from karb_core.connection.typed_body import Unreadable, read
from karb_core.domain.instant import to_ns
from karb_fx.told import Told

_SECOND = 1_000_000_000  # karb: constant because a second has 10^9 nanoseconds
#: The ECB publishes about 16:00 in Frankfurt: 15:00 UTC in winter, an hour earlier in summer.
_FIXED_AT = time(15, tzinfo=UTC)  # karb: constant because the ECB says when it publishes
#: The bank says its rate about 11:00 in Seoul.
_NOTICED_AT = time(2, tzinfo=UTC)  # karb: constant because Seoul is nine hours ahead of UTC
_COMMAS = re.compile(r"[0-9]{1,3}(,?[0-9]{3})*([.][0-9]{1,10})?")


class _ErApi(msgspec.Struct):
    base_code: str
    time_last_update_unix: int
    rates: dict[str, Decimal]


class _ErApiSaid(msgspec.Struct):
    result: str
    error: str = msgspec.field(name="error-type", default="")


def open_er_api(body: bytes, received_ns: int) -> Iterator[Told]:
    """The day's rate, from its `time_last_update_unix` on. Errors: as `Question.reads`, also for `"result":"error"`."""
    said = read(body, _ErApiSaid)
    if said.result != "success":
        raise Unreadable(f"it says {said.error or said.result}")
    told = read(body, _ErApi)
    yield Told.heard(_krw(told.base_code, told.rates), told.time_last_update_unix * _SECOND, received_ns)


class _Fixing(msgspec.Struct):
    base: str
    date: date
    rates: dict[str, Decimal]


class _Fixings(msgspec.Struct):
    base: str
    rates: dict[date, dict[str, Decimal]]


def frankfurter(body: bytes, received_ns: int) -> Iterator[Told]:
    """The fixing of a day, from when the ECB publishes it on. Errors: as `Question.reads`.

    Edge: in summer it is there an hour before the time that it is told with; then it is told as of now.
    """
    told = read(body, _Fixing)
    yield Told.heard(_krw(told.base, told.rates), min(_fixed_ns(told.date), received_ns), received_ns)


def frankfurter_days(body: bytes, received_ns: int) -> Iterator[Told]:
    """The fixings of several days, as `frankfurter`."""
    told = read(body, _Fixings)
    for day in sorted(told.rates):
        yield Told.heard(_krw(told.base, told.rates[day]), min(_fixed_ns(day), received_ns), received_ns)


class _HostError(msgspec.Struct):
    type: str = ""


class _HostSaid(msgspec.Struct):
    success: bool
    error: _HostError | None = None


class _Host(msgspec.Struct):
    source: str
    timestamp: int
    quotes: dict[str, Decimal]


def exchangerate_host(body: bytes, received_ns: int) -> Iterator[Told]:
    """`USDKRW`, as of its `timestamp`. Errors: as `Question.reads`, also for `"success":false`, which comes with status 200."""
    said = read(body, _HostSaid)
    if not said.success:
        raise Unreadable(f"it says {said.error.type if said.error else 'no'}")
    told = read(body, _Host)
    yield Told.heard(
        _krw(told.source, {name.removeprefix("USD"): rate for name, rate in told.quotes.items()}),
        told.timestamp * _SECOND,
        received_ns,
    )


class _EximRow(msgspec.Struct):
    result: int
    unit: str | None = msgspec.field(name="cur_unit", default=None)
    rate: str | None = msgspec.field(name="deal_bas_r", default=None)


#: Source: the bank's page; 1 is well.
_EXIM_SAYS = {
    "2": "the kind of data is wrong",
    "3": "the key is not accepted, or not from this address",
    "4": "the day's number of questions is used up",
}


def koreaexim(body: bytes, received_ns: int, day: date) -> Iterator[Told]:
    """The base rate of a day, from 11:00 in Seoul on; nothing where the bank has none of it (yet). Numbers have commas.

    Errors: as `Question.reads`, also for a refusal, which comes with status 200.
    """
    for row in read(body, list[_EximRow]):
        if row.result != 1:
            raise Unreadable(f"it says {row.result}: {_EXIM_SAYS.get(str(row.result), 'no')}")
        if row.unit == "USD" and row.rate is not None:
            noticed_ns = to_ns(datetime.combine(day, _NOTICED_AT))
            yield Told.heard(_with_commas(row.rate), min(noticed_ns, received_ns), received_ns)


def _with_commas(written: str) -> Decimal:
    if not _COMMAS.fullmatch(written):
        raise Unreadable("its rate is not written as a number with commas")
    return Decimal(written.replace(",", ""))


def _fixed_ns(day: date) -> int:
    return to_ns(datetime.combine(day, _FIXED_AT))


def _krw(base: str, rates: dict[str, Decimal]) -> Decimal:
    if base != "USD" or "KRW" not in rates:
        raise Unreadable("it tells no KRW for a USD")
    return rates["KRW"]
