"""What every notifier keeps, kept by the channels that post to an address, at a service on this machine."""

from __future__ import annotations

import asyncio
from typing import Any, ClassVar

import pytest

pytest.importorskip("aiohttp", reason="needs karb[live]")
pytest.importorskip("discord_webhook", reason="needs karb[discord]")

from karb_alerts.discord import Discord
from karb_alerts.slack import Slack
from karb_alerts.webhook import Webhook
from karb_core.ports import Notice
from karb_core.testing.notifier_contract import NotifierContract
from karb_core.wiring.wall_clock import WallClock
from tests.telling.outside import serving
from tests.telling.services_here import Service


class _Posts(NotifierContract):
    params = "{tell: [entry, halt], webhook: secret:hook, language: en}"
    vary: ClassVar[dict[str, str]] = {"tell": "[exit, halt]"}
    unshown: ClassVar[dict[str, str]] = {"language": "the words change, and which of them are told does not"}
    secret = "very-secret-token"
    service: ClassVar[str]

    def told(self, component: Any, notice: Notice) -> str:
        return "\n".join(asyncio.run(self._arrived(component, notice)))

    async def _arrived(self, component: Any, notice: Notice) -> list[str]:
        async with serving(self.service, Service()) as here:
            channel = component.open_channel(lambda _: here.address, WallClock())
            try:
                if channel.tells(notice):
                    await channel.notify(notice)
            finally:
                await channel.close()
            return here.arrived


class TestDiscord(_Posts):
    component = Discord
    service = "discord"


class TestSlack(_Posts):
    component = Slack
    service = "slack"


class TestWebhook(_Posts):
    component = Webhook
    service = "webhook"
