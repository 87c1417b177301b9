"""`alerts.console`: one story per trade on the terminal."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, ClassVar

from karb_alerts.channels import ConsoleParams, language
from karb_core.ports import Stage
from karb_core.ports.told_review import unbounded
from karb_core.texts.text import Words

if TYPE_CHECKING:
    from collections.abc import Iterable

    from karb_core.ports import Concern, FileView, Notice


class Console:
    """Tells on the terminal: one story per trade."""

    name: ClassVar[str] = "console"
    stage: ClassVar[Stage] = Stage.STABLE
    about: ClassVar[Words] = Words(
        "Tells on the terminal: one story per trade.", "터미널에 알립니다: 거래마다 이야기 하나."
    )
    Params = ConsoleParams

    def __init__(self, params: ConsoleParams) -> None:
        self._tell = frozenset(params.tell)
        self._language = params.language

    @classmethod
    def review(cls, params: ConsoleParams, file: FileView) -> Iterable[Concern]:  # noqa: ARG003 - it looks at itself alone
        return unbounded(params)

    def tells(self, notice: Notice) -> bool:
        return notice.kind.told_by(self._tell)

    async def notify(self, notice: Notice) -> None:
        if self.tells(notice):
            from karb_alerts.story import story

            print(story(notice, language(self._language) == "ko"), file=sys.stdout, flush=True)  # noqa: T201 - the terminal is this channel
