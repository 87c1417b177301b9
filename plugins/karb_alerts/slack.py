"""`alerts.slack`: through an incoming webhook."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, ClassVar

from karb_alerts.answered import Unclear, need_told
from karb_alerts.channels import UrlParams, language
from karb_alerts.posting import Posting
from karb_alerts.web_address import WebAddress
from karb_core.ports import Stage
from karb_core.ports.told_review import unbounded
from karb_core.texts.text import Words

if TYPE_CHECKING:
    from collections.abc import Iterable

    from karb_core.ports import Clock, Concern, FileView, Notice, Secrets

_OK = b"ok"
_LONGEST = 4000  # karb: constant because Slack cuts what is longer


class SlackParams(UrlParams):
    """Where, and what is told."""


class Slack:
    """Tells through a Slack incoming webhook."""

    name: ClassVar[str] = "slack"
    stage: ClassVar[Stage] = Stage.EXPERIMENTAL
    extras: ClassVar[tuple[str, ...]] = ("live",)
    about: ClassVar[Words] = Words("Tells through a Slack incoming webhook.", "슬랙 인커밍 웹훅으로 알립니다.")
    Params = SlackParams

    def __init__(self, params: SlackParams) -> None:
        self._params = params
        self._tell = frozenset(params.tell)

    @classmethod
    def review(cls, params: SlackParams, file: FileView) -> Iterable[Concern]:  # noqa: ARG003 - it looks at itself alone
        return unbounded(params)

    def tells(self, notice: Notice) -> bool:
        return notice.kind.told_by(self._tell)

    def open_channel(self, secrets: Secrets, clock: Clock) -> SlackChannel:  # noqa: ARG002 - it needs no time
        address = WebAddress.of_secret(str(self._params.webhook), secrets(self._params.webhook))
        return SlackChannel(self, Posting("Slack", address), language(self._params.language))


class SlackChannel:
    """About one message in a second; Slack says so itself by 429."""

    def __init__(self, slack: Slack, posting: Posting, lang: str) -> None:
        self.tells = slack.tells
        self._posting = posting
        self._lang = lang

    async def notify(self, notice: Notice) -> None:
        from karb_core.ports.notice_words import words_of

        text = escaped(words_of(notice, self._lang).whole)[:_LONGEST]
        answer = await self._posting.post(json.dumps({"text": text}).encode())
        need_told("Slack", answer.status, answer.headers)
        if answer.body.strip() != _OK:
            raise Unclear("Slack's answer is none of Slack's")

    async def close(self) -> None:
        await self._posting.close()


def escaped(text: str) -> str:
    """Slack's three signs that mean something else."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
