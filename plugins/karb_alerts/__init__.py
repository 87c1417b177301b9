"""Who tells the owner."""

from karb_core.plugin import hookimpl


@hookimpl
def karb_notifiers():  # type: ignore[no-untyped-def]
    from karb_alerts.channels import Console, Discord

    return [Console, Discord]
