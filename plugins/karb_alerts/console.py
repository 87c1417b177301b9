"""`alerts.console`: one story per trade on the terminal."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, ClassVar

from karb_alerts.channels import ConsoleParams
from karb_core.ports import Stage
from karb_core.texts.text import Words

if TYPE_CHECKING:
    from karb_core.ports import Notice


class Console:
    """Tells on the terminal: one story per trade."""

    name: ClassVar[str] = "console"
    stage: ClassVar[Stage] = Stage.STABLE
    about: ClassVar[Words] = Words(
        "Tells on the terminal: one story per trade.", "터미널에 알립니다: 거래마다 이야기 하나."
    )
    Params = ConsoleParams

    def __init__(self, params: ConsoleParams) -> None:
        self._tell = set(params.tell)

    async def notify(self, notice: Notice) -> None:
        if notice.kind.told_by(self._tell):
            from karb_alerts.story import story

            print(story(notice, _korean()), file=sys.stdout, flush=True)  # noqa: T201 - the terminal is this channel


def _korean() -> bool:
    told = next((os.environ[n] for n in ("KARB_LANG", "LC_ALL", "LC_MESSAGES", "LANG") if os.environ.get(n)), "")
    return told.lower().startswith("ko")
