"""`telegram.bot`: tells through a bot, and hears its owner."""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING, ClassVar

from karb_core.errors import StrategyInvalid
from karb_core.ports import Stage
from karb_core.ports.told_review import unbounded
from karb_core.rules.choices import Distinct
from karb_core.rules.names import Line, Secret
from karb_core.rules.number import PositiveCount
from karb_core.rules.roles import tech, wiring
from karb_core.rules.told import TellParams
from karb_core.texts.text import Words

if TYPE_CHECKING:
    from collections.abc import Iterable

    from karb_core.ports import Clock, Concern, FileView, Notice, Secrets
    from karb_telegram.chat import Chat

_TOKEN = re.compile(r"[0-9]+:[A-Za-z0-9_-]+")
_ADDRESS = re.compile(r"https://.+|http://(127\.0\.0\.1|localhost)(:[0-9]+)?/?")


class BotParams(TellParams):
    """Which bot, to whom, what is told, and who is heard."""

    token: Secret = wiring("the name of the bot's secret token", ko="봇 토큰 비밀값의 이름", example="secret:telegram")
    owners: Distinct[PositiveCount] = wiring(
        "your own Telegram ids: only they are told and heard",
        ko="본인의 텔레그램 ID. 이 사람에게만 알리고 이 사람 말만 들음",
        example="[123456789]",
    )
    address: Line = tech(
        "https://api.telegram.org",
        "where Telegram's bots are reached",
        ko="텔레그램 봇 API 주소",
        example="https://api.telegram.org",
    )


class Bot:
    """Tells through a Telegram bot, and hears its owner: /stop and the other commands."""

    name: ClassVar[str] = "bot"
    stage: ClassVar[Stage] = Stage.EXPERIMENTAL
    extras: ClassVar[tuple[str, ...]] = ("live",)
    about: ClassVar[Words] = Words(
        "Tells through a Telegram bot, and hears its owner: /stop and the others.",
        "텔레그램 봇으로 알리고, 주인의 명령(/stop 등)을 듣습니다.",
    )
    Params = BotParams

    def __init__(self, params: BotParams) -> None:
        self._params = params
        self._tell = frozenset(params.tell)

    @classmethod
    def review(cls, params: BotParams, file: FileView) -> Iterable[Concern]:  # noqa: ARG003 - it looks at itself alone
        return unbounded(params)

    def tells(self, notice: Notice) -> bool:
        return notice.kind.told_by(self._tell)

    def open_channel(self, secrets: Secrets, clock: Clock) -> Chat:
        from karb_telegram.api import Api
        from karb_telegram.chat import Chat
        from karb_telegram.hearing import Hearing

        name, params = str(self._params.token), self._params
        token = secrets(params.token).strip()
        if not _TOKEN.fullmatch(token):
            raise StrategyInvalid(
                Words(
                    f"the value of {name} is no token of a Telegram bot: set it to 123456:ABC..., as @BotFather shows it",
                    f"{name}의 값이 텔레그램 봇 토큰이 아닙니다. @BotFather가 보여 주는 123456:ABC... 그대로 설정하세요",
                )
            )
        if not _ADDRESS.fullmatch(params.address):
            raise StrategyInvalid(
                Words(
                    "telegram.bot: `address` would send the token in the open: write https://",
                    "telegram.bot: `address`로는 토큰이 그대로 나갑니다. https:// 주소를 쓰세요",
                )
            )
        lang = language(params.language)
        api = Api(params.address, token)
        return Chat(
            api, frozenset(params.owners), lang, self.tells, Hearing(api, frozenset(params.owners), lang, clock), name
        )


def language(written: str | None) -> str:
    """As it is written, else as this machine speaks: `ko` or `en`."""
    if written is not None:
        return written
    told = next((os.environ[n] for n in ("KARB_LANG", "LC_ALL", "LC_MESSAGES", "LANG") if os.environ.get(n)), "")
    return "ko" if told.lower().startswith("ko") else "en"
