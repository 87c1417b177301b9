"""Recorded and generated data as a feed."""

from karb_core.plugin import hookimpl


@hookimpl
def karb_feeds():  # type: ignore[no-untyped-def]
    from karb_replay.dataset import Dataset

    return [Dataset]
