"""Binance spot: the same plugin's second name, with what differs from the futures."""

from karb_core.plugin import hookimpl


@hookimpl
def karb_feeds():  # type: ignore[no-untyped-def]
    from karb_binance.spot.stream import SpotStream

    return [SpotStream]


@hookimpl
def karb_executors():  # type: ignore[no-untyped-def]
    from karb_binance.spot.orders import SpotOrders

    return [SpotOrders]
