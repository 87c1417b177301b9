"""Binance USD-M futures."""

from karb_core.plugin import hookimpl


@hookimpl
def karb_feeds():  # type: ignore[no-untyped-def]
    from karb_binance.stream import Stream

    return [Stream]


@hookimpl
def karb_executors():  # type: ignore[no-untyped-def]
    from karb_binance.orders import Orders

    return [Orders]
