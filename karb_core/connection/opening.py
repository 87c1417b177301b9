"""A venue's connection as an account opens it. Imported when one is opened, never to look at a file."""

from __future__ import annotations

from datetime import timedelta

from karb_core.connection.http_connection import HttpConnection, ToldLeft
from karb_core.connection.over_http import OverHttp
from karb_core.connection.waiting import Waits

_SECOND, _US = timedelta(seconds=1), timedelta(microseconds=1)


def opened(address: str, timeout: timedelta, clock: Waits, told_left: ToldLeft) -> HttpConnection:
    """`timeout` bounds how long it is connected, answered, and waited for a turn, each by itself."""
    return HttpConnection(OverHttp(address, timeout / _SECOND), clock, told_left, timeout // _US * 1000)
