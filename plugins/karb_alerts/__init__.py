"""Who tells the owner."""

from karb_core.plugin import hookimpl


@hookimpl
def karb_notifiers():  # type: ignore[no-untyped-def]
    from karb_alerts.console import Console
    from karb_alerts.discord import Discord
    from karb_alerts.mail import Email
    from karb_alerts.slack import Slack
    from karb_alerts.webhook import Webhook

    return [Console, Discord, Slack, Email, Webhook]
