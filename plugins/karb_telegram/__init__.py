"""Telegram: told by a bot, and steered through it."""

from karb_core.plugin import hookimpl


@hookimpl
def karb_notifiers():  # type: ignore[no-untyped-def]
    from karb_telegram.bot import Bot

    return [Bot]
