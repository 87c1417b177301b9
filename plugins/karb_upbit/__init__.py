"""Upbit: KRW spot."""

from karb_core.plugin import hookimpl


@hookimpl
def karb_feeds():  # type: ignore[no-untyped-def]
    from karb_upbit.stream import Stream

    return [Stream]


@hookimpl
def karb_fx_sources():  # type: ignore[no-untyped-def]
    from karb_upbit.usdt_krw import UsdtKrw

    return [UsdtKrw]


@hookimpl
def karb_executors():  # type: ignore[no-untyped-def]
    from karb_upbit.orders import Orders

    return [Orders]
