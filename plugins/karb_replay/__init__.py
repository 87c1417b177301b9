"""Recorded and generated data as a feed."""

from karb_core.plugin import hookimpl


@hookimpl
def karb_feeds():  # type: ignore[no-untyped-def]
    from karb_replay.dataset import Dataset
    from karb_replay.generated import Sample

    return [Dataset, Sample]
