"""`alerts.discord`: through a webhook, each trade as an embed."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from karb_alerts.channels import UrlParams, language
from karb_alerts.web_address import WebAddress
from karb_core.ports import Stage
from karb_core.ports.told_review import unbounded
from karb_core.texts.text import Words

if TYPE_CHECKING:
    from collections.abc import Iterable

    from karb_alerts.discord_channel import DiscordChannel
    from karb_core.ports import Clock, Concern, FileView, Notice, Secrets


class DiscordParams(UrlParams):
    """Where, and what is told."""


class Discord:
    """Tells through a Discord webhook."""

    name: ClassVar[str] = "discord"
    stage: ClassVar[Stage] = Stage.EXPERIMENTAL
    extras: ClassVar[tuple[str, ...]] = ("discord",)
    about: ClassVar[Words] = Words("Tells through a Discord webhook.", "디스코드 웹훅으로 알립니다.")
    Params = DiscordParams

    def __init__(self, params: DiscordParams) -> None:
        self._params = params
        self._tell = frozenset(params.tell)

    @classmethod
    def review(cls, params: DiscordParams, file: FileView) -> Iterable[Concern]:  # noqa: ARG003 - it looks at itself alone
        return unbounded(params)

    def tells(self, notice: Notice) -> bool:
        return notice.kind.told_by(self._tell)

    def open_channel(self, secrets: Secrets, clock: Clock) -> DiscordChannel:  # noqa: ARG002 - it needs no time
        from karb_alerts.discord_channel import DiscordChannel

        address = WebAddress.of_secret(str(self._params.webhook), secrets(self._params.webhook))
        return DiscordChannel(address, language(self._params.language), self.tells)
