"""Alert channels: their parameters are final, so that files that name them can be checked and locked."""

from __future__ import annotations

from typing import ClassVar, Literal

from karb_core.ports import Stage
from karb_core.rules.choices import Distinct
from karb_core.rules.names import Secret
from karb_core.rules.params import Params
from karb_core.rules.roles import wiring
from karb_core.texts.text import Words

Notice = Literal["entry", "exit", "refusal", "halt"]


class ConsoleParams(Params):
    """What is told."""

    tell: Distinct[Notice] = wiring(
        "which notices are told", ko="알려 줄 소식의 종류", example="[entry, exit, refusal, halt]"
    )


class DiscordParams(ConsoleParams):
    """Where, and what is told."""

    webhook: Secret = wiring("the name of the webhook's secret", ko="웹훅 비밀값의 이름", example="secret:discord")


class Discord:
    """Tells through a Discord webhook."""

    name: ClassVar[str] = "discord"
    stage: ClassVar[Stage] = Stage.ANNOUNCED
    extras: ClassVar[tuple[str, ...]] = ("discord",)
    about: ClassVar[Words] = Words("Tells through a Discord webhook.", "디스코드 웹훅으로 알립니다.")
    Params = DiscordParams

    def __init__(self, params: DiscordParams) -> None:
        self._params = params
