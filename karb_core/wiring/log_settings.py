"""How a house keeps its log, in `log.yaml` of KARB_HOME. Nothing here is a trading rule."""

from __future__ import annotations

from karb_core.rules.number import PositiveCount
from karb_core.rules.params import Params
from karb_core.rules.roles import tech


class LogSettings(Params):
    """When a file of the log is full, and for how long it is kept. A file ends with its day, UTC, as well."""

    megabytes: PositiveCount = tech(10, "how large a file grows", ko="로그 파일 하나의 크기(MB)", example="10")
    days: PositiveCount = tech(7, "for how many days a file is kept", ko="로그를 보관하는 날 수", example="7")
