"""Who tells the owner."""

from karb_core.plugin import hookimpl


@hookimpl
def karb_notifiers():  # type: ignore[no-untyped-def]
    from karb_alerts.channels import Discord
    from karb_alerts.console import Console

    return [Console, Discord]
