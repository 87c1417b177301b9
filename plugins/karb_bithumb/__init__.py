"""Bithumb: KRW spot."""

from karb_core.plugin import hookimpl


@hookimpl
def karb_feeds():  # type: ignore[no-untyped-def]
    from karb_bithumb.stream import Stream

    return [Stream]


@hookimpl
def karb_executors():  # type: ignore[no-untyped-def]
    from karb_bithumb.orders import Orders

    return [Orders]
