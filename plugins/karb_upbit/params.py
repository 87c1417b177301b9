"""What an owner may write about Upbit's market data, and how its lines are kept."""

from __future__ import annotations

from datetime import timedelta

from karb_core.connection.stream_settings import StreamSettings
from karb_core.rules.duration import Duration, PositiveDuration
from karb_core.rules.names import Line
from karb_core.rules.number import PositiveCount
from karb_core.rules.params import Params
from karb_core.rules.roles import rule, tech

#: Upbit answers it with `{"status":"UP"}`, and closes a line on which nothing moved for two minutes.
_PING = "PING"
_NEVER_TOLD = 10  # karb: constant because a rate tells nobody that its venue is down: it grows old
_US = timedelta(microseconds=1)


class LineParams(Params):
    """Settings of the machine: they change when something is heard, never what is decided."""

    socket: Line = tech(
        "wss://api.upbit.com/websocket/v1",
        "where the stream is",
        ko="스트림 주소",
        example="wss://api.upbit.com/websocket/v1",
    )
    rest: Line = tech(
        "https://api.upbit.com", "where questions are asked", ko="REST 주소", example="https://api.upbit.com"
    )
    idle: PositiveDuration = tech(
        "60s", "without any message for so long, the line is opened anew", ko="이 시간 동안 메시지가 없으면 다시 연결"
    )
    stall: PositiveDuration = tech(
        "60s", "when the venue's own time stands still for so long, the line is opened anew",
        ko="거래소 시각이 이 시간 동안 멈춰 있으면 다시 연결",
    )  # fmt: skip
    back_off: PositiveDuration = tech(
        "1s", "the first wait after a line broke; it doubles", ko="끊긴 뒤 첫 대기, 매번 두 배"
    )
    back_off_cap: PositiveDuration = tech("5s", "the longest such wait", ko="재연결 대기의 상한")
    open_within: PositiveDuration = tech(
        "5s", "how long one attempt to connect may take", ko="연결 시도 한 번의 제한 시간"
    )
    ping: PositiveDuration = tech(
        "30s", "how often the venue is told that we are there", ko="연결 유지 신호를 보내는 간격"
    )

    def settings_with(self, down_after: int) -> StreamSettings:
        return StreamSettings(
            idle=self.idle,
            stall=self.stall,
            back_off=self.back_off,
            back_off_cap=self.back_off_cap,
            down_after=down_after,
            open_within=self.open_within,
            ping=self.ping,
            ping_text=_PING,
        )


class StreamParams(LineParams):
    """Nothing to write: the pairs say which instruments."""

    down_after: PositiveCount = tech(
        10, "failures in a row after which the venue is down", ko="연속 실패 몇 번이면 중단 상태인지"
    )
    late: Duration = tech(
        "1s",
        "how far the venue's time is past a bar's end when the bar is told",
        ko="봉이 끝난 뒤 확정으로 보기까지의 거래소 시간",
    )
    gap: PositiveDuration = tech(
        "2s",
        "when the venue's time goes on by more at once, bars of that time are asked for by REST",
        ko="거래소 시각이 한 번에 이만큼 넘게 건너뛰면 그 시간의 봉을 REST로 확인",
    )

    def settings(self) -> StreamSettings:
        return self.settings_with(self.down_after)


class UsdtKrwParams(LineParams):
    """How old the rate may be. Upbit's market does not close."""

    max_age: PositiveDuration = rule(
        "the oldest rate an entry may rest on", ko="진입에 쓸 수 있는 환율의 최대 나이", example="10s", tighter="lower"
    )

    def settings(self) -> StreamSettings:
        return self.settings_with(_NEVER_TOLD)


def nanoseconds(length: timedelta) -> int:
    return length // _US * 1000
