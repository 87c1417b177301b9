"""`karb run`: where the log of a house is kept, as `log.yaml` of KARB_HOME says."""

from __future__ import annotations

import os

from karb_core.ports import App, Clock
from karb_core.wiring.event_log import EventLog, under_systemd
from karb_core.wiring.home import home
from karb_core.wiring.log_settings import LogSettings
from karb_core.wiring.rotated_file import RotatedFile

_MEGABYTE = 1_000_000  # karb: constant because a megabyte has so many bytes


def event_log(clock: Clock, app: App) -> EventLog:
    """In `log/karb.jsonl` and `log/trades.jsonl`. Errors: those of `App.read`, for a `log.yaml` that says something else."""
    path = home() / "log.yaml"
    settings = app.read(str(path), LogSettings) if path.exists() else LogSettings()
    whole, trades = (
        RotatedFile(home() / "log" / f"{name}.jsonl", settings.megabytes * _MEGABYTE, settings.days)
        for name in ("karb", "trades")
    )
    return EventLog(whole, trades, clock, stdout=under_systemd(os.environ))
