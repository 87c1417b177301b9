"""Any venue that ccxt knows, where no adapter of its own is there."""

from karb_core.plugin import hookimpl


@hookimpl
def karb_feeds():  # type: ignore[no-untyped-def]
    from karb_ccxt.books import Books

    return [Books]


@hookimpl
def karb_executors():  # type: ignore[no-untyped-def]
    from karb_ccxt.orders import Orders

    return [Orders]
