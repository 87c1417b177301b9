"""How lines of a venue's stream are kept open, as an owner may write it."""

from __future__ import annotations

from datetime import timedelta

from karb_core.connection.stream_settings import StreamSettings
from karb_core.rules.duration import PositiveDuration
from karb_core.rules.params import Params
from karb_core.rules.roles import tech

_US = timedelta(microseconds=1)


class LineParams(Params):
    """Settings of the machine: they change when something is heard, never what is decided."""

    idle: PositiveDuration = tech(
        "60s", "without any message for so long, the line is opened anew", ko="이 시간 동안 메시지가 없으면 다시 연결"
    )
    stall: PositiveDuration = tech(
        "60s", "when the venue's own time, or one market, stands still for so long, the line is opened anew",
        ko="거래소 시각이나 한 시장이 이 시간 동안 멈춰 있으면 다시 연결",
    )  # fmt: skip
    back_off: PositiveDuration = tech(
        "1s", "the first wait after a line broke; it doubles", ko="끊긴 뒤 첫 대기, 매번 두 배"
    )
    back_off_cap: PositiveDuration = tech("5s", "the longest such wait", ko="재연결 대기의 상한")
    open_within: PositiveDuration = tech(
        "5s", "how long one attempt to connect may take", ko="연결 시도 한 번의 제한 시간"
    )

    def settings_with(self, down_after: int, ping: timedelta, ping_text: str | None) -> StreamSettings:
        """`ping_text`: what is sent every `ping`; None where the venue sends pings itself."""
        return StreamSettings(
            idle=self.idle,
            stall=self.stall,
            back_off=self.back_off,
            back_off_cap=self.back_off_cap,
            down_after=down_after,
            open_within=self.open_within,
            ping=ping,
            ping_text=ping_text,
        )


def nanoseconds(length: timedelta) -> int:
    return length // _US * 1000
