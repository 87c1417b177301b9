"""When the markets behind the rates are open, from the clock alone. Times in nanoseconds of UTC."""

from __future__ import annotations

_HOUR = 3_600_000_000_000  # karb: constant because an hour has so many nanoseconds
_DAY = 24 * _HOUR  # karb: constant because a day has 24 hours
_WEEK = 7 * _DAY  # karb: constant because a week has 7 days
#: 1970-01-05 was a Monday.
_MONDAY = 4 * _DAY  # karb: constant because 1970 began on a Thursday
#: The ECB publishes about 16:00 in Frankfurt, 15:00 UTC in winter and 14:00 in summer; the later one is meant.
_PUBLISHED = 15 * _HOUR  # karb: constant because the ECB says when it publishes


def fixing_is_open(at_ns: int) -> bool:
    """For rates fixed once a working day: closed from Friday's publication until Monday's.

    Holidays are not known here: on one, the last fixing grows older than `max_age` allows, and entries are refused.
    """
    into_week = (at_ns - _MONDAY) % _WEEK
    return _PUBLISHED <= into_week < 4 * _DAY + _PUBLISHED  # karb: constant because Friday is four days after Monday


def seoul_is_open(at_ns: int) -> bool:
    """For the onshore won: 09:00 to 02:00 of the next day in Seoul (UTC+9), Monday to Friday.

    Source: the trading hours since 2024-07-01. Holidays are not known here, as above.
    """
    seoul = at_ns + 9 * _HOUR  # karb: constant because Seoul is nine hours ahead of UTC
    into_week = (seoul - _MONDAY) % _WEEK
    day, hour = divmod(into_week, _DAY)
    if hour < 2 * _HOUR:
        return 1 <= day <= 5  # karb: constant because these are the nights after Monday to Friday
    return day <= 4 and hour >= 9 * _HOUR  # karb: constant because these are the trading hours stated above
