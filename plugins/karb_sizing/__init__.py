"""How much is traded."""

from karb_core.plugin import hookimpl


@hookimpl
def karb_sizings():  # type: ignore[no-untyped-def]
    from karb_sizing.by_tier import ByTier
    from karb_sizing.share import Share

    return [Share, ByTier]
